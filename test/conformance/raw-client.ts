// A client on a bare TCP socket: sends any bytes in any cuts, records what the server does in answer, and waits for it with a time limit.
import assert from 'node:assert/strict';
import net from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { DeflatePeer } from './deflate-peer.ts';
import { type OpeningRequest, OpeningResponse, openingRequest } from './opening-request.ts';
import { Random } from './random.ts';
import { line } from './replies.ts';
import { type Received, ServerFrames } from './server-frames.ts';

/** How bytes reach the server: in one write, one by one, cut at seeded random places, or in pieces of a size. */
export type Delivery = 'whole' | 'byte by byte' | 'cut at random' | number;

/** How long a server may stay silent while something is owed. */
const timeLimit = 3000;
const seed = 6455;

export class RawClient {
  readonly received: Received[] = [];
  readonly socket: net.Socket;
  response: OpeningResponse | undefined;
  /** What follows the head of an answer that is not a 101. */
  body: Buffer = Buffer.alloc(0);
  deflate: DeflatePeer | undefined;
  #head: Buffer = Buffer.alloc(0);
  #taken = 0;
  #frames = new ServerFrames();
  #violation: unknown;
  #changed = () => {};

  private constructor(port: number) {
    this.socket = net.connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    this.socket.on('data', (chunk) => this.#read(chunk));
    this.socket.on('end', () => this.#ended('fin'));
    this.socket.on('error', () => this.#ended('reset'));
    this.socket.on('close', () => this.#ended('reset'));
  }

  /** A TCP connection on which nothing has been said. */
  static async connect(port: number): Promise<RawClient> {
    const client = new RawClient(port);
    await client.#until(() => client.socket.readyState === 'open' || undefined, 'TCP connection');
    return client;
  }

  /** A WebSocket connection: one that has been answered by 101. */
  static async open(port: number, extensions?: string, request: OpeningRequest = {}): Promise<RawClient> {
    const client = await RawClient.connect(port);
    const headers = { ...request.headers, 'Sec-WebSocket-Extensions': extensions };
    client.socket.write(openingRequest({ ...request, headers }));
    const response = await client.answer();
    assert.equal(response.status, 101, `the handshake was refused: ${response.statusLine}`);
    return client;
  }

  get ended(): boolean {
    return this.received.at(-1)?.kind === 'fin' || this.received.at(-1)?.kind === 'reset';
  }

  /** Writes until done or until the server has ended; each piece reaches a server of this process in a read of its own. */
  async deliver(bytes: Buffer, delivery: Delivery = 'whole'): Promise<void> {
    if (delivery === 'whole') {
      this.socket.write(bytes);
      return;
    }
    const random = new Random(seed + bytes.length);
    const largest = Math.max(2, bytes.length >> 2);
    for (let at = 0; at < bytes.length && !this.ended; ) {
      const size =
        typeof delivery === 'number' ? delivery : delivery === 'byte by byte' ? 1 : 1 + random.below(largest);
      this.socket.write(bytes.subarray(at, at + size));
      at += size;
      await turn();
    }
  }

  /** The head of the answer to the opening handshake. */
  answer(): Promise<OpeningResponse> {
    return this.#until(() => this.response, 'answer to the opening handshake');
  }

  /** The next thing received. */
  next(): Promise<Received> {
    return this.#until(() => {
      const next = this.received[this.#taken];
      if (next) this.#taken++;
      return next;
    }, 'next frame');
  }

  /** Everything received up to the end of the TCP connection, one line each. */
  async untilEnd(): Promise<string[]> {
    await this.#until(() => this.ended || undefined, 'end of the TCP connection');
    return this.received.map(line);
  }

  /** Leaves without a word. */
  destroy(): void {
    this.#changed = () => {};
    this.socket.destroy();
  }

  #read(chunk: Buffer): void {
    try {
      if (this.response?.status === 101) this.#readFrames(chunk);
      else if (this.response) this.body = Buffer.concat([this.body, chunk]);
      else this.#readHead(chunk);
    } catch (violation) {
      this.#violation ??= violation;
    }
    this.#changed();
  }

  #readHead(chunk: Buffer): void {
    this.#head = Buffer.concat([this.#head, chunk]);
    const end = this.#head.indexOf('\r\n\r\n');
    if (end < 0) return;
    this.response = new OpeningResponse(this.#head.toString('latin1', 0, end));
    const parameters = this.response.deflateParameters();
    if (parameters) this.deflate = this.#frames.inflater = new DeflatePeer(parameters);
    if (this.#head.length > end + 4) this.#read(this.#head.subarray(end + 4));
  }

  #readFrames(chunk: Buffer): void {
    for (const item of this.#frames.push(chunk)) this.received.push(item);
  }

  #ended(how: 'fin' | 'reset'): void {
    if (this.ended) return;
    this.received.push({ kind: how });
    // §7.1.1: the server closes the TCP connection first, and the client follows.
    this.socket.end();
    this.#changed();
  }

  #until<T>(ready: () => T | undefined, what: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        clearTimeout(timer);
        this.socket.off('connect', check).off('data', progress);
        this.#changed = () => {};
        act();
      };
      const check = () => {
        const value = ready();
        if (this.#violation) settle(() => reject(this.#violation));
        else if (value !== undefined) settle(() => resolve(value));
        else if (this.ended) settle(() => reject(this.#failure(`the connection ended before the ${what}`)));
      };
      const timer = setTimeout(() => {
        settle(() => reject(this.#failure(`no ${what}, nothing for ${timeLimit} ms`)));
      }, timeLimit);
      const progress = () => timer.refresh();
      this.#changed = check;
      this.socket.on('connect', check).on('data', progress);
      check();
    });
  }

  #failure(what: string): Error {
    const last = this.received.slice(-5).map(line).join(', ') || 'nothing';
    return new Error(`${what}; received ${this.received.length} items, the last of them: ${last}`);
  }
}
