// Events that are sent until they are acknowledged, one at a time and in order (client API, "Retries").
import type { Settle } from './acks.ts';

interface Queued {
  readonly send: (settle: Settle) => void;
  readonly settle: Settle;
  tries: number;
  underWay: boolean;
}

export interface Retries {
  /** Sends behind those before; `settle` learns how it went in the end. */
  add(send: (settle: Settle) => void, settle: Settle): void;
  /** Sends the next, if none is under way. */
  next(): void;
}

/**
 * @param retries how many times after the first
 * @param connected nothing is sent otherwise
 */
export function retryQueue(retries: number, connected: () => boolean): Retries {
  const queue: Queued[] = [];
  const next = () => {
    const head = queue[0];
    if (!head || head.underWay || !connected()) return;
    head.underWay = true;
    head.tries++;
    head.send((error, answer, final) => {
      head.underWay = false;
      if (!error || final || head.tries > retries) {
        queue.shift();
        head.settle(error, answer, final);
      }
      next();
    });
  };
  return {
    add(send, settle) {
      queue.push({ send, settle, tries: 0, underWay: false });
      next();
    },
    next,
  };
}
