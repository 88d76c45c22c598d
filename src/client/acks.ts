// Acknowledgements that are awaited: numbers out with events, answers or errors in (client API, "Acks").
import { later, type TimerOptions } from './platform.ts';

/**
 * Gets the answer, or why there is none, once.
 *
 * @param final trying again would change nothing
 */
export type Settle = (error: Error | null, answer: readonly unknown[], final?: boolean) => void;

export interface Acks {
  /** @param ms after which there is an error, and `expired` is called; undefined for never */
  add(settle: Settle, ms: number | undefined, options: TimerOptions, expired: () => void): number;
  /** Numbers that nobody waits for are passed over. */
  settle(id: number | undefined, error: Error | null, answer?: readonly unknown[], final?: boolean): void;
  /** The connection has gone: whoever waits is told, except for the numbers in `kept`. */
  disconnected(kept: readonly (number | undefined)[]): void;
}

export function pendingAcks(): Acks {
  const waiting = new Map<number | undefined, Settle>();
  let next = 0;
  const settle: Acks['settle'] = (id, error, answer = [], final) => {
    const settle = waiting.get(id);
    waiting.delete(id);
    settle?.(error, answer, final);
  };
  return {
    add(settled, ms, options, expired) {
      const id = next++;
      const expire = () => {
        expired();
        settle(id, new Error('operation has timed out'));
      };
      const timer = ms === undefined ? 0 : later(options, expire, ms);
      waiting.set(id, (...outcome) => {
        clearTimeout(timer);
        settled(...outcome);
      });
      return id;
    },
    settle,
    disconnected(kept) {
      for (const id of [...waiting.keys()]) {
        if (!kept.includes(id)) settle(id, new Error('socket has been disconnected'));
      }
    },
  };
}
