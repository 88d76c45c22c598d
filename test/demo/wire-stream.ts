// A watcher of the wire inspector's stream for tests: a demo's port and a token in; records, as they are told, out.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import WebSocket from 'ws';
import type { LabRecord, WireRecord } from '../../src/demo/wire/records.ts';
import { within } from '../websocket/inbox.ts';

export type Told = WireRecord & { readonly at: number };

export const newToken = () => randomBytes(16).toString('hex');

export class WireStream {
  readonly records: Told[] = [];
  readonly socket: WebSocket;
  readonly token: string;
  #changed = () => {};
  #run = 0;

  private constructor(port: number, token: string) {
    this.token = token;
    this.socket = new WebSocket(`ws://127.0.0.1:${port}/inspector/stream?wire=${token}`);
    this.socket.on('message', (data) => {
      this.records.push(...(JSON.parse(String(data)) as Told[]));
      this.#changed();
    });
  }

  static async open(t: TestContext, port: number, token = newToken()): Promise<WireStream> {
    const stream = new WireStream(port, token);
    t.after(() => stream.socket.terminate());
    await within(once(stream.socket, 'open'), 'open');
    return stream;
  }

  /** Resolves with what `find` finds among the records, now or later. */
  until<T>(find: (records: readonly Told[]) => T | undefined, what: string): Promise<T> {
    return within(
      new Promise((resolve) => {
        const check = () => {
          const found = find(this.records);
          if (found !== undefined) resolve(found);
          else this.#changed = check;
        };
        check();
      }),
      what,
      10_000,
    );
  }

  /** Does an experiment and returns its steps. */
  async experiment(what: object): Promise<LabRecord[]> {
    const run = this.#run++;
    this.socket.send(JSON.stringify({ run, ...what }));
    const steps = (records: readonly Told[]) =>
      records.filter(
        (record) => record.kind === 'lab' && (record.run === run || record.run === -1),
      ) as LabRecord[];
    return this.until((records) => {
      const own = steps(records);
      return own.some(({ step }) => step === 'ended' || step === 'failed') ? own : undefined;
    }, `end of experiment ${run}`);
  }
}
