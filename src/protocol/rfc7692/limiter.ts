// Bounds how much work is under way at once; what is over the bound waits in order.

/** Work that calls `done` when it is over. */
export type Work = (done: () => void) => void;

export class Limiter {
  static #shared: Limiter | undefined;

  /** The process-wide one: each running zlib job holds memory, whichever connection it is for. The first caller's bound stays. */
  static shared(concurrency: number): Limiter {
    Limiter.#shared ??= new Limiter(concurrency);
    return Limiter.#shared;
  }

  readonly #concurrency: number;
  readonly #waiting: Work[] = [];
  #running = 0;

  constructor(concurrency: number) {
    this.#concurrency = Math.max(1, concurrency);
  }

  run(work: Work): void {
    if (this.#running >= this.#concurrency) {
      this.#waiting.push(work);
      return;
    }
    this.#running++;
    work(() => this.#finished());
  }

  #finished(): void {
    this.#running--;
    const next = this.#waiting.shift();
    if (next !== undefined) this.run(next);
  }
}
