// Handshakes: connects, upgrades, sends a Close frame and waits until the server has closed, over and over.
import { CLOSE_REPLY, CLOSE_REQUEST } from '../frames.ts';
import type { Count, Work } from '../work.ts';
import { Connection, localAddress } from './connection.ts';
import type { Load } from './load.ts';
import { TimedRound } from './timed-round.ts';

export class HandshakesLoad implements Load {
  readonly #parallel: number;
  #port = 0;
  #opened = 0;

  constructor(work: Extract<Work, { kind: 'handshakes' }>) {
    this.#parallel = work.parallel;
  }

  async open(port: number): Promise<void> {
    this.#port = port;
  }

  run(milliseconds: number): Promise<Count> {
    const round = new TimedRound(milliseconds);
    const lane = async (): Promise<void> => {
      while (!round.stopping) {
        await this.#openAndClose();
        round.messages++;
      }
    };
    Promise.all(Array.from({ length: this.#parallel }, lane)).then(
      () => round.finish(),
      (error: Error) => round.fail(error),
    );
    return round.done;
  }

  close(): void {}

  async #openAndClose(): Promise<void> {
    const connection = await Connection.open({
      port: this.#port,
      localAddress: localAddress(this.#opened++),
    });
    await new Promise<void>((resolve, reject) => {
      let received = Buffer.alloc(0);
      connection.onBytes = (chunk, length) => {
        received = Buffer.concat([received, chunk.subarray(0, length)]);
      };
      connection.onClose = (error) => {
        if (error !== undefined) reject(error);
        else if (!received.equals(CLOSE_REPLY)) reject(new Error('the server did not echo the Close frame'));
        else resolve();
      };
      connection.write(CLOSE_REQUEST);
    });
  }
}
