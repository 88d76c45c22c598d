// Bytes in, base64 out, and back, by the platform's own means (Engine.IO protocol, "Packet encoding").
import type { Base64 } from '../protocol/engineio/packet.ts';
import { platform } from './platform.ts';

const chunk = 0x8000;

export const base64: Base64 = {
  encode(bytes) {
    const { Buffer } = platform;
    if (Buffer) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
    let text = '';
    // In pieces: each byte becomes an argument, and an engine takes only so many.
    for (let at = 0; at < bytes.length; at += chunk) {
      text += String.fromCharCode(...bytes.subarray(at, at + chunk));
    }
    return btoa(text);
  },
  /** @throws DOMException for what is no base64, in browsers; Node skips it */
  decode(text) {
    return platform.Buffer
      ? platform.Buffer.from(text, 'base64')
      : Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  },
};
