// A server on a port of its own and official clients that connect to it, for one test: all of them end when it does.
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import {
  type Socket as ClientSocket,
  connect,
  type ManagerOptions,
  type SocketOptions,
} from 'socket.io-client';
import WebSocket from 'ws';
import type { Socket } from '../../src/hub/socket.ts';
import { Server } from '../../src/server.ts';
import type { ServerOptions } from '../../src/server-options.ts';
import { event, Inbox, within } from '../websocket/inbox.ts';

export type { ClientSocket };
export { event, within };

export interface Pair {
  /** The client's end: a socket of `socket.io-client`. */
  client: ClientSocket;
  /** The server's end. */
  socket: Socket;
}

export class Stage {
  readonly http: HttpServer;
  readonly io: Server;
  readonly #clients: { close(): unknown }[] = [];

  constructor(http: HttpServer, io: Server) {
    this.http = http;
    this.io = io;
  }

  get port(): number {
    return (this.http.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** A client that begins to connect. */
  client(path = '/', options: Partial<ManagerOptions & SocketOptions> = {}): ClientSocket {
    const client = connect(this.url + path, {
      forceNew: true,
      reconnection: false,
      transports: ['websocket'],
      ...options,
    });
    this.#clients.push(client);
    return client;
  }

  /** A further namespace on the connection of a client. */
  also(client: ClientSocket, path: string): ClientSocket {
    return client.io.socket(path);
  }

  /** Both ends of a connection; the server's is that of the next `connection` event of the namespace. */
  async pair(path = '/', options: Partial<ManagerOptions & SocketOptions> = {}): Promise<Pair> {
    const client = this.client(path, options);
    const accepted = event(client, 'connect');
    await accepted;
    const socket = this.io._nsps.get(path)?.sockets.get(client.id!);
    if (socket === undefined) throw new Error(`no socket ${client.id} in ${path}`);
    return { client, socket };
  }

  async pairs(count: number, path = '/'): Promise<Pair[]> {
    return Promise.all(Array.from({ length: count }, () => this.pair(path)));
  }

  /** A WebSocket that speaks Engine.IO by hand, after the open packet. */
  async raw(): Promise<{ webSocket: WebSocket; inbox: Inbox }> {
    const dialled = this.#dial('');
    await dialled.inbox.next();
    return dialled;
  }

  /** The same for a session that began with long-polling, before the probe. */
  async upgrade(sid: string): Promise<{ webSocket: WebSocket; inbox: Inbox }> {
    const dialled = this.#dial(`&sid=${sid}`);
    await event(dialled.webSocket, 'open');
    return dialled;
  }

  #dial(query: string): { webSocket: WebSocket; inbox: Inbox } {
    const webSocket = new WebSocket(
      `ws://127.0.0.1:${this.port}${this.io.path()}/?EIO=4&transport=websocket${query}`,
    );
    this.#clients.push(webSocket);
    return { webSocket, inbox: new Inbox(webSocket) };
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
    // A test may have ended the server already.
    if (this.http.listening) await within(this.io.close(), 'end of the server');
  }
}

/** A server that listens; it ends with the test. */
export async function stage(t: TestContext, options: ServerOptions = {}): Promise<Stage> {
  const http = createServer();
  const io = new Server(http, options);
  http.listen(0, '127.0.0.1');
  await event(http, 'listening');
  const made = new Stage(http, io);
  t.after(() => made.close());
  return made;
}

/** What a client receives, as `[name, ...args]`. */
export class Events {
  readonly #seen: unknown[][] = [];
  #arrived = () => {};

  constructor(client: { onAny(listener: (...args: unknown[]) => void): unknown }) {
    client.onAny((...args) => {
      this.#seen.push(args);
      this.#arrived();
    });
  }

  /** The next event; waits for it if it has not come yet. */
  async next(): Promise<unknown[]> {
    while (this.#seen.length === 0) {
      const arrival = new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
      await within(arrival, 'event');
    }
    return this.#seen.shift()!;
  }

  /** All that came up to the event of that name, which comes last: by it the others can be known not to have come. */
  async until(name: string): Promise<unknown[][]> {
    const all: unknown[][] = [];
    for (;;) {
      const one = await this.next();
      if (one[0] === name) return all;
      all.push(one);
    }
  }
}
