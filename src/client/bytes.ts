// The binaries of programs in, bytes out; bytes in, what programs expect out; and how large messages are on the wire.
import type { Binary } from '../protocol/socketio/packet.ts';
import { platform } from './platform.ts';

/** The bytes of anything binary. Those of a Blob have to be waited for. */
export async function asBytes(data: Binary): Promise<Uint8Array> {
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return new Uint8Array('size' in data ? await data.arrayBuffer() : data);
}

/** Bytes as programs expect them: a Buffer in Node, an ArrayBuffer in browsers. */
export function received(data: ArrayBuffer | Uint8Array): ArrayBufferLike | Uint8Array {
  const bytes = data instanceof ArrayBuffer;
  if (platform.Buffer) return bytes ? platform.Buffer.from(data) : data;
  return bytes ? data : data.buffer;
}

/**
 * Bytes of a message, with its type: text in UTF-8, binaries as they are or as base64.
 *
 * @param enough above it, an estimate that is too large will do
 */
export function sizeOf(data: string | Binary | undefined, asText: boolean, enough = 0): number {
  if (!data) return 1;
  if (typeof data === 'object') {
    const size = 'size' in data ? data.size : data.byteLength;
    return asText ? Math.ceil(size / 3) * 4 + 1 : size;
  }
  // No UTF-16 unit takes more than three bytes, so that most texts need no count.
  const most = data.length * 3 + 1;
  return most <= enough ? most : new TextEncoder().encode(data).length + 1;
}
