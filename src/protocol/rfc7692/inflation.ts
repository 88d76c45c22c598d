// The progress of one message through zlib, which stops at each block that calls itself the last (RFC 7692 §7.2.1, §7.2.3.4).
import { messageTooBig, tooManyParts } from '../rfc6455/frame-rules.ts';

/** §7.2.1: what a flush ends with, removed by the sender and put back by the receiver. */
export const tail = Buffer.from([0x00, 0x00, 0xff, 0xff]);

/** For reading, a final empty block as well: zlib then complains of a message that ends in the middle of a block. */
export const readingTail = Buffer.from([...tail, 0x03, 0x00]);

/** What zlib gives with the option `info`. */
export interface Inflated {
  readonly buffer: Buffer;
  /** `bytesWritten` is how much of the input was used. */
  readonly engine: { readonly bytesWritten: number };
}

/** Each block marked as the last costs a new start of zlib; nobody needs many. */
const mostStarts = 256;

/** How far back a block can refer. */
const furthest = 32 * 1024;

export class Inflation {
  readonly #parts: Buffer[] = [];
  #used = 0;
  size = 0;

  /** The input that is still to be inflated. */
  rest(input: Buffer): Buffer {
    return this.#used === 0 ? input : input.subarray(this.#used);
  }

  /** What blocks may refer back to: the window, and what the message has held so far. */
  dictionary(window: Buffer | undefined): Buffer | undefined {
    if (this.#parts.length === 0) return window;
    const all = Buffer.concat(window === undefined ? this.#parts : [window, ...this.#parts]);
    return all.length === 0 ? undefined : all.subarray(-furthest);
  }

  /** @throws ProtocolError over the limit of bytes, or of starts */
  add({ buffer, engine }: Inflated, limit: number): void {
    this.#parts.push(buffer);
    this.#used += engine.bytesWritten;
    this.size += buffer.length;
    if (this.size > limit) throw messageTooBig();
    if (this.#parts.length > mostStarts) throw tooManyParts('Too many final blocks in a compressed message');
  }

  /** Whether all of the message was used; what we put behind it need not be. */
  isComplete(input: Buffer): boolean {
    return this.#used >= input.length - readingTail.length;
  }

  get message(): Buffer {
    return this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts, this.size);
  }
}
