// Base64 by Node's own means.
import type { Base64 } from '../protocol/engineio/packet.ts';

export const base64: Base64 = {
  encode: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'),
  decode: (text) => Buffer.from(text, 'base64'),
};
