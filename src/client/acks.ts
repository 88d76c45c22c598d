// Acknowledgements that are awaited: numbers out with events, answers or errors in (client API, "Acks").
import { later, type Timer, type TimerOptions } from './platform.ts';

/**
 * Gets the answer, or why there is none, once.
 *
 * @param final trying again would change nothing
 */
export type Settle = (error: Error | null, answer: readonly unknown[], final?: boolean) => void;

export class Acks {
  readonly #waiting = new Map<number, Settle>();
  #next = 0;

  /** @param ms after which there is an error, and `expired` is called; undefined for never */
  add(settle: Settle, ms: number | undefined, options: TimerOptions, expired: () => void): number {
    const id = this.#next++;
    const timer: Timer | undefined =
      ms === undefined
        ? undefined
        : later(
            options,
            () => {
              expired();
              this.settle(id, new Error('operation has timed out'));
            },
            ms,
          );
    this.#waiting.set(id, (...outcome) => {
      clearTimeout(timer);
      settle(...outcome);
    });
    return id;
  }

  /** Numbers that nobody waits for are passed over. */
  settle(id: number, error: Error | null, answer: readonly unknown[] = [], final = false): void {
    const settle = this.#waiting.get(id);
    this.#waiting.delete(id);
    settle?.(error, answer, final);
  }

  /** The connection has gone: whoever waits is told, except for the numbers in `kept`. */
  disconnected(kept: ReadonlySet<number | undefined>): void {
    for (const id of [...this.#waiting.keys()]) {
      if (!kept.has(id)) this.settle(id, new Error('socket has been disconnected'));
    }
  }
}
