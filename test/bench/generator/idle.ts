// Idle connections: each echoes one message, so that nothing is left to be allocated later, and then keeps still.
import { setTimeout as wait } from 'node:timers/promises';
import { replyFrames, requestFrames } from '../frames.ts';
import type { Count, Work } from '../work.ts';
import { Connection, localAddress } from './connection.ts';
import type { Load } from './load.ts';

const ECHOES_WITHIN_MS = 60_000;

export class IdleLoad implements Load {
  readonly #request: Buffer;
  readonly #reply: Buffer;
  readonly #count: number;
  #port = 0;
  #connections: Connection[] = [];

  constructor(work: Extract<Work, { kind: 'idle' }>) {
    this.#request = requestFrames(work.message)[0]!;
    this.#reply = replyFrames(work.message)[0]!;
    this.#count = work.connections;
  }

  async open(port: number): Promise<void> {
    this.#port = port;
  }

  /** The connections stay; the time given to the round does not matter. */
  async run(): Promise<Count> {
    const echoes: Promise<void>[] = [];
    this.#connections = await Connection.openMany(
      this.#count,
      (index) => ({ port: this.#port, localAddress: localAddress(index) }),
      (connection) => echoes.push(this.#echo(connection)),
    );
    const timeout = wait(ECHOES_WITHIN_MS, undefined, { ref: false }).then(() => {
      throw new Error('the server did not echo on every connection');
    });
    await Promise.race([Promise.all(echoes), timeout]);
    return { messages: this.#count, seconds: 0 };
  }

  close(): void {
    for (const connection of this.#connections) connection.drop();
  }

  #echo(connection: Connection): Promise<void> {
    return new Promise((resolve, reject) => {
      connection.onClose = () => reject(new Error('the server closed an idle connection'));
      connection.onBytes = (chunk, length) => {
        connection.onBytes = () => {};
        if (this.#reply.compare(chunk, 0, length) === 0) resolve();
        else reject(new Error('a reply differs from what was sent'));
      };
      connection.write(this.#request);
    });
  }
}
