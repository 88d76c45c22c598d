// One round on the clock: counts messages, says when to stop sending, and ends when the last reply is in.
import { performance } from 'node:perf_hooks';
import type { Count } from '../work.ts';

const LAST_REPLIES_WITHIN_MS = 20_000;

export class TimedRound {
  messages = 0;
  stopping = false;
  readonly done: Promise<Count>;
  readonly #started: number = performance.now();
  readonly #timers: NodeJS.Timeout[];
  #resolve!: (count: Count) => void;
  #reject!: (error: Error) => void;

  constructor(milliseconds: number) {
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#timers = [
      setTimeout(() => {
        this.stopping = true;
      }, milliseconds),
      setTimeout(
        () => this.fail(new Error(`after ${this.messages} messages the server stopped replying`)),
        milliseconds + LAST_REPLIES_WITHIN_MS,
      ),
    ];
  }

  /** The replies after the bell count as well, and so does the time they took. */
  finish(): void {
    this.#clear();
    this.#resolve({ messages: this.messages, seconds: (performance.now() - this.#started) / 1000 });
  }

  fail(error: Error): void {
    this.#clear();
    this.#reject(error);
  }

  #clear(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}
