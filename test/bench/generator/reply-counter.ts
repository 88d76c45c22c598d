// Finds the frames in a stream of compressed replies, cut anywhere, and hands on their payload (RFC 6455 §5.2, RFC 7692 §6).
import type { Message } from '../work.ts';

const FIN_RSV1 = 0xc0;

export class ReplyCounter {
  readonly #firstByte: number;
  readonly #payload: (bytes: Buffer, last: boolean) => void;
  readonly #head: number[] = [];
  #payloadLeft = 0;

  constructor(message: Message, payload: (bytes: Buffer, last: boolean) => void) {
    this.#firstByte = FIN_RSV1 | (message.binary ? 2 : 1);
    this.#payload = payload;
  }

  /** How many replies end in this chunk. */
  count(chunk: Buffer, length: number): number {
    let replies = 0;
    for (let at = 0; at < length; ) {
      if (this.#payloadLeft === 0) {
        this.#head.push(chunk[at++]!);
        this.#payloadLeft = this.#announced();
        continue;
      }
      const end = Math.min(length, at + this.#payloadLeft);
      this.#payloadLeft -= end - at;
      if (this.#payloadLeft === 0) replies++;
      this.#payload(chunk.subarray(at, end), this.#payloadLeft === 0);
      at = end;
    }
    return replies;
  }

  /** The payload length once the header is whole, else 0; no compressed message is empty. */
  #announced(): number {
    const [first = 0, short, high, low] = this.#head;
    if (first !== this.#firstByte)
      throw new Error(`a reply starts with 0x${first.toString(16)}: not one compressed frame per message`);
    if (short === undefined) return 0;
    if (short > 126) throw new Error(`a compressed reply has the length byte ${short}`);
    if (short < 126) {
      this.#head.length = 0;
      return short;
    }
    if (high === undefined || low === undefined) return 0;
    this.#head.length = 0;
    return high * 256 + low;
  }
}
