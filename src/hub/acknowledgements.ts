// Waits for replies: of one client with a deadline, or of all clients of all nodes of a broadcast (Socket.IO protocol v5 and server API).
// biome-ignore-all lint/suspicious/noExplicitAny: replies have any type
import { call, type Failing, reporting } from './failures.ts';

export type Acknowledgement = (...args: any[]) => void;

export function timedOut(): Error {
  return new Error('operation has timed out');
}

/** Keeps `ack` under `id` until its reply comes; with a deadline in milliseconds it is called error-first. */
export function awaitReply(
  failing: Failing,
  acks: Map<number, Acknowledgement>,
  id: number,
  ack: Acknowledgement,
  timeout: number | undefined,
): void {
  if (timeout === undefined) {
    acks.set(id, ack);
    return;
  }
  const timer = setTimeout(() => {
    acks.delete(id);
    call(failing, ack, undefined, [timedOut()]);
  }, timeout);
  acks.set(id, (...args) => {
    clearTimeout(timer);
    ack(null, ...args);
  });
}

/** The error of a deadline that not everybody kept. */
export interface MissingRepliesError extends Error {
  /** The replies that did come. */
  responses?: any[];
  /** Ids of the clients of this node that did not answer. */
  missing?: string[];
}

/** Gathers the replies to one broadcast, and knows when there will be no more. */
export class ReplyCollector {
  readonly #ack: Acknowledgement;
  readonly #single: boolean;
  readonly #replies: any[] = [];
  readonly #timer: NodeJS.Timeout;
  #ended = false;
  #servers: number | undefined;
  #serversHeard = 0;
  #clients = 0;

  /**
   * @param single the acknowledgement gets one reply instead of a list
   * @param timeout milliseconds
   * @param forget is called at the deadline; returns the ids of clients that have not answered
   */
  constructor(ack: Acknowledgement, single: boolean, timeout: number | undefined, forget: () => string[]) {
    this.#ack = ack;
    this.#single = single;
    this.#timer = setTimeout(() => {
      const error: MissingRepliesError = timedOut();
      error.missing = forget();
      this.#end(error);
    }, timeout);
  }

  /** So many nodes will tell how many clients they have. */
  expectServers(count: number): void {
    this.#servers = count;
    this.#check();
  }

  /** One node has so many clients. */
  expectClients(count: number): void {
    this.#serversHeard++;
    this.#clients += count;
    this.#check();
  }

  add(reply: unknown): void {
    this.#replies.push(reply);
    this.#check();
  }

  #check(): void {
    if (this.#servers === this.#serversHeard && this.#replies.length === this.#clients) this.#end(null);
  }

  #end(error: Error | null): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#timer);
    const single = error === null ? this.#replies[0] : null;
    call(reporting, this.#ack, undefined, [error, this.#single ? single : this.#replies]);
  }
}
