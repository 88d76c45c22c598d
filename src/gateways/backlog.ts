// Remembers what was last sent to one client: messages in, those after a given one out, as long as none is forgotten.

interface Sent {
  readonly number: number;
  readonly lines: string;
}

/** What a remembered message costs beside its text, which may be shared with other clients. */
const overhead = 100;

export class Backlog {
  readonly #limit: number;
  #sent: Sent[] = [];
  #size = 0;
  #last = 0;

  /** @param limit in characters, of which each message counts 100 more than it has */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The number of the message, counted from 1. */
  add(lines: string): number {
    this.#last++;
    this.#sent.push({ number: this.#last, lines });
    this.#size += lines.length + overhead;
    let forgotten = 0;
    while (this.#size > this.#limit) this.#size -= this.#sent[forgotten++]!.lines.length + overhead;
    if (forgotten > 0) this.#sent.splice(0, forgotten);
    return this.#last;
  }

  /** What was sent after a message; undefined if that is not known any more, or if there was no such message. */
  after(number: number): readonly Sent[] | undefined {
    if (!Number.isInteger(number) || number < 0 || number > this.#last) return undefined;
    const missed = this.#last - number;
    return missed > this.#sent.length ? undefined : this.#sent.slice(this.#sent.length - missed);
  }
}
