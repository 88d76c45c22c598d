// What programs may send, and the bytes that stand for it.

/** Strings and numbers are sent as text, all else as binary. Arrays are taken as bytes, nothing as no bytes. */
export type Sendable =
  | string
  | number
  | Buffer
  | ArrayBuffer
  | SharedArrayBuffer
  | ArrayBufferView
  | Blob
  | readonly number[]
  | readonly Buffer[]
  | null
  | undefined;

const nothing = Buffer.alloc(0);

/** Text as a string, bytes as a view of the caller's memory. Throws TypeError for what is neither. */
export function toPayload(data: Sendable): string | Uint8Array | Blob {
  if (typeof data === 'string' || data instanceof Uint8Array) return data;
  if (typeof data === 'number') return String(data);
  if (data === null || data === undefined) return nothing;
  if (data instanceof ArrayBuffer || data instanceof SharedArrayBuffer) return new Uint8Array(data);
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (data instanceof Blob) return data;
  if (Array.isArray(data) && data.length > 0 && data.every(Buffer.isBuffer)) return Buffer.concat(data);
  return Buffer.from(data as readonly number[]);
}

export function sizeOf(payload: string | Uint8Array | Blob): number {
  if (typeof payload === 'string') return Buffer.byteLength(payload);
  return payload instanceof Blob ? payload.size : payload.length;
}

/** The payload of a ping or pong. Throws RangeError for over 125 bytes (RFC 6455 §5.5). */
export function toControlPayload(data: Sendable): Uint8Array {
  const payload = toPayload(data);
  if (payload instanceof Blob) throw new TypeError('A Blob cannot be the payload of a ping or pong');
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
  if (bytes.length > 125) throw new RangeError('The data size must not be greater than 125 bytes');
  return bytes;
}
