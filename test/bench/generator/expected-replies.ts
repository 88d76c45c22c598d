// Compares a stream of reply bytes, cut anywhere, with the exact bytes that must come, round and round.
import { LARGEST_CHUNK } from './connection.ts';

const ALL = 1;
const SAMPLE = 8;

export class ExpectedReplies {
  readonly bytes: number;
  /** Long enough that whatever arrives in one chunk is one slice of it. */
  readonly #pattern: Buffer;
  #compareEvery = ALL;
  #chunks = 0;

  constructor(replies: readonly Buffer[]) {
    const cycle = Buffer.concat(replies);
    this.bytes = cycle.length;
    this.#pattern = Buffer.alloc(cycle.length + LARGEST_CHUNK);
    for (let at = 0; at < this.#pattern.length; at += cycle.length) cycle.copy(this.#pattern, at);
  }

  /** From the second round on a sample is enough: the generator should not be the one that is measured. */
  sample(): void {
    this.#compareEvery = SAMPLE;
  }

  /** Takes a chunk that starts at `position` of the cycle and gives the position after it. */
  check(position: number, chunk: Buffer, length: number): number {
    if (++this.#chunks % this.#compareEvery === 0) {
      if (this.#pattern.compare(chunk, 0, length, position, position + length) !== 0)
        throw new Error('a reply differs from what was sent');
    }
    return (position + length) % this.bytes;
  }
}
