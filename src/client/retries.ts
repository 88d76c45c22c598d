// Events that are sent until they are acknowledged, one at a time and in order (client API, "Retries").

/**
 * Gets the answer, or why there is none, once.
 *
 * @param final trying again would change nothing
 */
export type Settle = (error: Error | null, answer: readonly unknown[], final?: boolean) => void;

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
  const queue: Parameters<Retries['add']>[] = [];
  /** How many times the first of the queue was sent. */
  let tries = 0;
  let underWay = false;
  const next = () => {
    const [first] = queue;
    if (!first || underWay || !connected()) return;
    const [send, settle] = first;
    underWay = true;
    tries++;
    send((error, answer, final) => {
      underWay = false;
      if (!error || final || tries > retries) {
        queue.shift();
        tries = 0;
        settle(error, answer, final);
      }
      next();
    });
  };
  return {
    add(...queued) {
      queue.push(queued);
      next();
    },
    next,
  };
}
