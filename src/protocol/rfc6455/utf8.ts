// Checks UTF-8 as it arrives, cut anywhere, and refuses at the first byte that can't be right (RFC 6455 §8.1, RFC 3629 §4).
import { isUtf8 } from 'node:buffer';

/** From this many bytes on the platform's own check, which works on many bytes at once, is worth the call. */
const nativeWorthwhile = 24;

/** State between two pieces of one text: how many bytes of a character are still owed, and the range of the next one. */
export class Utf8Validator {
  #owed = 0;
  #low = 0x80;
  #high = 0xbf;

  /** Whether what came so far ends with a whole character. */
  get complete(): boolean {
    return this.#owed === 0;
  }

  /** Takes the next piece; false if it holds a byte that no continuation can make right. */
  push(bytes: Uint8Array, start: number, end: number): boolean {
    let at = start;
    while (this.#owed > 0 && at < end) {
      if (!this.#step(bytes[at++]!)) return false;
    }
    if (end - at >= nativeWorthwhile) {
      const whole = lastBoundary(bytes, at, end);
      if (!isUtf8(bytes.subarray(at, whole))) return false;
      at = whole;
    }
    while (at < end) {
      if (!this.#step(bytes[at++]!)) return false;
    }
    return true;
  }

  /** RFC 3629 §4: the second byte's range depends on the first, which is what forbids overlong forms and surrogates. */
  #step(byte: number): boolean {
    if (this.#owed > 0) {
      if (byte < this.#low || byte > this.#high) return false;
      this.#owed--;
      this.#low = 0x80;
      this.#high = 0xbf;
      return true;
    }
    if (byte < 0x80) return true;
    if (byte < 0xc2 || byte > 0xf4) return false;
    this.#owed = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    if (byte === 0xe0) this.#low = 0xa0;
    else if (byte === 0xed) this.#high = 0x9f;
    else if (byte === 0xf0) this.#low = 0x90;
    else if (byte === 0xf4) this.#high = 0x8f;
    return true;
  }
}

/** Where the last character begins, if it may be cut short at `end`; otherwise `end`. */
function lastBoundary(bytes: Uint8Array, start: number, end: number): number {
  for (let at = end - 1; at >= start && at >= end - 3; at--) {
    const byte = bytes[at]!;
    if (byte < 0x80) return end;
    if (byte >= 0xc0) return at;
  }
  return end;
}
