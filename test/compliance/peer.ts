// A client of the engine over either transport: packets out, packets in, and answers to pings by itself.
import type { TestContext } from 'node:test';
import { event, within } from '../websocket/inbox.ts';
import { type Dialed, openWebSocket, Polling } from './wire.ts';

/** One packet of the engine: its text, or the bytes of a binary message. */
export type Packet = string | Buffer;

export abstract class Peer {
  /** The session's id. */
  abstract readonly sid: string;
  readonly #packets: Packet[] = [];
  #arrived = () => {};
  #end = () => {};
  readonly #ended = new Promise<void>((resolve) => {
    this.#end = resolve;
  });

  abstract send(...packets: Packet[]): Promise<void>;

  protected receive(packet: Packet): void {
    if (packet === '2') void this.send('3');
    else if (packet === '1') this.over();
    else if (packet !== '6') {
      this.#packets.push(packet);
      this.#arrived();
    }
  }

  protected over(): void {
    this.#end();
  }

  /** The next packet that is not of the engine's own. */
  async next(): Promise<Packet> {
    while (this.#packets.length === 0) {
      const arrival = new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
      await within(arrival, 'packet');
    }
    return this.#packets.shift()!;
  }

  async take(count: number): Promise<Packet[]> {
    const taken: Packet[] = [];
    while (taken.length < count) taken.push(await this.next());
    return taken;
  }

  /** What has come and was not taken. */
  get waiting(): readonly Packet[] {
    return this.#packets;
  }

  /** Waits until the server has ended the session. */
  ended(): Promise<void> {
    return within(this.#ended, 'end of the session');
  }
}

class WebSocketPeer extends Peer {
  readonly sid: string;
  readonly #client: Dialed['client'];

  constructor({ client, inbox, sid }: Dialed & { sid: string }) {
    super();
    this.sid = sid;
    this.#client = client;
    const take = (data: Buffer, isBinary: boolean) => this.receive(isBinary ? data : data.toString());
    // What has come before anybody asked.
    for (const { data, isBinary } of inbox.messages) take(data, isBinary);
    client.on('message', take);
    client.on('close', () => this.over());
  }

  async send(...packets: Packet[]): Promise<void> {
    for (const packet of packets) this.#client.send(packet);
  }
}

class PollingPeer extends Peer {
  readonly #session: Polling;
  /** One POST at a time. */
  #posting: Promise<unknown> = Promise.resolve();

  constructor(session: Polling) {
    super();
    this.#session = session;
    void this.#poll();
  }

  get sid(): string {
    return this.#session.sid;
  }

  async #poll(): Promise<void> {
    for (;;) {
      // The server may be gone when the test is over.
      const answer = await this.#session.get().catch(() => undefined);
      if (answer?.status !== 200) return this.over();
      for (const packet of answer.body.split('\x1e')) {
        this.receive(packet.startsWith('b') ? Buffer.from(packet.slice(1), 'base64') : packet);
      }
    }
  }

  send(...packets: Packet[]): Promise<void> {
    const texts = packets.map((one) => (typeof one === 'string' ? one : `b${one.toString('base64')}`));
    const posted = this.#posting.then(() => this.#session.post(texts.join('\x1e')));
    this.#posting = posted.catch(() => {});
    return posted.then(
      () => {},
      () => {},
    );
  }
}

/** Opens a session over each transport. */
export const transports = {
  websocket: async (t: TestContext, address: string): Promise<Peer> =>
    new WebSocketPeer(await openWebSocket(t, address)),
  polling: async (_t: TestContext, address: string): Promise<Peer> =>
    new PollingPeer(await Polling.open(address)),
};

/** The session has ended on the server too, with this reason. */
export async function closeReason(socket: object): Promise<unknown> {
  return (await event(socket, 'disconnect'))[0];
}
