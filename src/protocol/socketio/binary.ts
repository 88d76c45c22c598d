// Tells the values that travel as binary messages from those that travel as JSON (Socket.IO protocol v5, "Packet encoding").
import type { Binary } from './packet.ts';

const blob: typeof Blob | undefined = globalThis.Blob;

/** ArrayBuffers, whatever views one (a Buffer, a typed array, a DataView), and Blobs where the platform has them. */
export function isBinary(value: unknown): value is Binary {
  return (
    ArrayBuffer.isView(value) ||
    value instanceof ArrayBuffer ||
    (blob !== undefined && value instanceof blob) ||
    (typeof SharedArrayBuffer !== 'undefined' && value instanceof SharedArrayBuffer)
  );
}
