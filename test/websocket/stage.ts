// A server and the clients that connect to it, for one test: all of them end when it does.
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { type ClientOptions, WebSocket as WsClient } from 'ws';
import * as wirehub from '../../src/websocket/index.ts';
import { RawClient } from '../conformance/raw-client.ts';
import { event, Inbox, within } from './inbox.ts';

// With WIREHUB_TEST_PEER=ws the tests under api/ run against `ws` itself: they say what both do.
const peer = process.env.WIREHUB_TEST_PEER;
const tested = peer === undefined ? wirehub : ((await import(peer)) as unknown as typeof wirehub);
export const { WebSocket, WebSocketServer, createWebSocketStream } = tested;
export type WebSocket = wirehub.WebSocket;
export type WebSocketServer = wirehub.WebSocketServer;

/** Both ends of a connection. */
export interface Pair {
  /** The client's end: a `WebSocket` of the package `ws`. */
  client: WsClient;
  /** What the client has received and not yet been asked for. */
  inbox: Inbox;
  /** The server's end. */
  peer: WebSocket;
  request: IncomingMessage;
}

export class Stage {
  readonly server: WebSocketServer;
  readonly #port: () => number;
  readonly #clients: (WsClient | RawClient)[] = [];

  constructor(server: WebSocketServer, port?: () => number) {
    this.server = server;
    this.#port = port ?? (() => (server.address() as AddressInfo).port);
  }

  get port(): number {
    return this.#port();
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  /** A client whose handshake has only begun. */
  dial(path = '', protocols: string[] = [], options: ClientOptions = {}): WsClient {
    const client = new WsClient(this.url + path, protocols, { perMessageDeflate: false, ...options });
    client.on('error', () => {});
    this.#clients.push(client);
    return client;
  }

  async pair(options: ClientOptions = {}, path = '', protocols: string[] = []): Promise<Pair> {
    const connected = once(this.server, 'connection');
    const client = this.dial(path, protocols, options);
    const inbox = new Inbox(client);
    const [peer, request] = (await within(connected, 'connection')) as [WebSocket, IncomingMessage];
    if (client.readyState === WsClient.CONNECTING) await within(once(client, 'open'), 'open');
    return { client, inbox, peer, request };
  }

  /** A bare TCP client after its handshake, and the server's end of it. */
  async raw(extensions?: string): Promise<{ raw: RawClient; peer: WebSocket }> {
    const connected = once(this.server, 'connection');
    const raw = await RawClient.open(this.port, extensions);
    this.#clients.push(raw);
    const [peer] = (await within(connected, 'connection')) as [WebSocket];
    return { raw, peer };
  }

  /** The status, headers and body with which a handshake is refused. */
  async refusal(path = '', protocols: string[] = [], options: ClientOptions = {}) {
    const client = this.dial(path, protocols, options);
    const answered = once(client, 'unexpected-response');
    const [, response] = (await within(answered, 'refusal')) as [unknown, IncomingMessage];
    const body = Buffer.concat(await response.toArray()).toString();
    return { status: response.statusCode, headers: response.headers, body };
  }

  async end(): Promise<void> {
    for (const client of this.#clients) {
      if (client instanceof RawClient) client.destroy();
      else client.terminate();
    }
    this.server.close();
    const gone = [...(this.server.clients ?? [])].map((peer) => {
      const closed = event(peer, 'close');
      peer.terminate();
      return closed;
    });
    await Promise.all(gone);
  }
}

/** Starts a server on a port of its own. */
export async function stage(t: TestContext, options: wirehub.ServerOptions = {}): Promise<Stage> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', ...options });
  const started = new Stage(server);
  t.after(() => started.end());
  await once(server, 'listening');
  return started;
}

/** Sends every message back as it came. */
export function echo(server: WebSocketServer): void {
  server.on('connection', (peer) => {
    peer.on('error', () => {});
    peer.on('message', (data, isBinary) => peer.send(data as Buffer, { binary: isBinary }));
  });
}
