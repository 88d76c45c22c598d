// Pseudo-random numbers and bytes that are the same in every run, so that a failing cut can be cut again.
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to `below` - 1 (a linear congruential generator; its high bits are good enough). */
  below(below: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * below);
  }

  bytes(length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    for (let i = 0; i < length; i++) bytes[i] = this.below(256);
    return bytes;
  }

  /** Text of at least `length` bytes that compresses about as well as prose. */
  prose(length: number): string {
    const words = [
      'wire',
      'frame',
      'masking key',
      'opcode',
      'über',
      'payload',
      'and',
      'the',
      '☃',
      'fin',
      '\n',
    ];
    const parts: string[] = [];
    for (let size = 0; size < length; size += Buffer.byteLength(parts.at(-1)!)) {
      parts.push(`${words[this.below(words.length)]} ${this.below(50)} `);
    }
    return parts.join('');
  }
}
