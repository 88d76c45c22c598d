// Idle connections: each echoes one message, so that nothing is left to be allocated later, and then keeps still.
import { replyFrames, requestFrames } from '../frames.ts';
import type { Count, Work } from '../work.ts';
import { Connection, localAddress } from './connection.ts';
import type { Load } from './load.ts';

const ECHOES_WITHIN_MS = 60_000;

export class IdleLoad implements Load {
  readonly #request: Buffer;
  readonly #reply: Buffer;
  readonly #count: number;
  readonly #socketIo: boolean;
  #port = 0;
  readonly #connections: Connection[] = [];

  constructor(work: Extract<Work, { kind: 'idle' }>) {
    this.#request = requestFrames(work.message)[0]!;
    this.#reply = replyFrames(work.message)[0]!;
    this.#count = work.connections;
    this.#socketIo = work.message.event !== undefined;
  }

  async open(port: number): Promise<void> {
    this.#port = port;
  }

  /** The connections stay; the time given to the round does not matter. */
  async run(): Promise<Count> {
    let echoed = 0;
    const echoes = new Promise<void>((resolve, reject) => {
      setTimeout(
        () => reject(new Error(`the server echoed on ${echoed} of ${this.#count} connections`)),
        ECHOES_WITHIN_MS,
      ).unref();
      const opening = Connection.openMany(
        this.#count,
        (index) => ({ port: this.#port, localAddress: localAddress(index), socketIo: this.#socketIo }),
        (connection) => {
          this.#connections.push(connection);
          connection.attach((chunk, length) => {
            if (this.#reply.compare(chunk, 0, length) !== 0)
              throw new Error('a reply differs from what was sent');
            if (++echoed === this.#count) resolve();
          }, reject);
          connection.write(this.#request);
        },
      );
      opening.catch(reject);
    });
    await echoes;
    return { messages: this.#count, seconds: 0 };
  }

  close(): void {
    for (const connection of this.#connections) connection.drop();
  }
}
