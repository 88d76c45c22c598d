// Tells the values that travel as binary messages from those that travel as JSON (Socket.IO protocol v5, "Packet encoding").
import type { Binary } from './packet.ts';

/** Pages have these only where they are isolated from other sites. */
const { SharedArrayBuffer: Shared = ArrayBuffer } = globalThis;

/** ArrayBuffers, whatever views one (a Buffer, a typed array, a DataView), and Blobs. */
export function isBinary(value: unknown): value is Binary {
  return (
    ArrayBuffer.isView(value) ||
    value instanceof ArrayBuffer ||
    value instanceof Blob ||
    value instanceof Shared
  );
}
