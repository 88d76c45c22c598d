// Servers and clients, the official ones and ours, each behind one interface; and clients that end with their test.
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo, Socket as NetSocket } from 'node:net';
import type { TestContext } from 'node:test';
import { Server as OfficialServer } from 'socket.io';
import { io as officialClient } from 'socket.io-client';
import WebSocket from 'ws';
import { io, type ManagerOptions, type Socket, type SocketOptions } from '../../src/client/index.ts';
import { Server as OurServer } from '../../src/server.ts';
import { event, within } from '../websocket/inbox.ts';

export { event, within };

type Options = Partial<ManagerOptions & SocketOptions>;

/** What both servers have. The types of one stand for those of both. */
export type AnyServer = OfficialServer;
export type ServerOptions = NonNullable<ConstructorParameters<typeof OfficialServer>[1]>;

export const kinds = {
  'the official server': OfficialServer,
  'our server': OurServer as unknown as typeof OfficialServer,
};
export type Kind = keyof typeof kinds;

export const clients = { 'our client': io, 'the official client': officialClient as unknown as typeof io };
export type ClientKind = keyof typeof clients;

/** Each client with each server. */
export const pairs = (Object.keys(clients) as ClientKind[]).flatMap((client) =>
  (Object.keys(kinds) as Kind[]).map((server) => ({ client, server })),
);

/** A server that can be killed and started again, on one port. */
export class Stage {
  io!: AnyServer;
  http!: HttpServer;
  readonly #kind: Kind;
  readonly #client: ClientKind;
  readonly #options: Partial<ServerOptions>;
  readonly #setUp: (io: AnyServer) => void;
  readonly #clients: Socket[] = [];
  readonly #connections = new Set<NetSocket>();
  #port = 0;

  constructor(
    kind: Kind,
    setUp: (io: AnyServer) => void,
    options: Partial<ServerOptions>,
    client: ClientKind = 'our client',
  ) {
    this.#kind = kind;
    this.#client = client;
    this.#options = options;
    this.#setUp = setUp;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    this.http = createServer();
    this.io = new kinds[this.#kind](this.http, this.#options);
    this.#setUp(this.io);
    this.http.on('connection', (connection) => {
      this.#connections.add(connection);
      connection.on('close', () => this.#connections.delete(connection));
    });
    await event(this.http.listen(this.#port, '127.0.0.1'), 'listening');
    this.#port = (this.http.address() as AddressInfo).port;
  }

  /** Ends all connections at once, without a word. */
  async kill(): Promise<void> {
    if (!this.http.listening) return;
    const closed = new Promise((resolve) => this.http.close(resolve));
    for (const connection of this.#connections) connection.destroy();
    await within(closed, 'end of the server');
    // What is left of sessions has timers.
    await within(Promise.resolve(this.io.close()), 'end of the sessions');
  }

  /** A client that begins to connect, with WebSockets from `ws` where Node has none of its own. */
  client(path = '/', options: Options = {}, url = this.url): Socket {
    const client = clients[this.#client](url + path, {
      forceNew: true,
      reconnectionDelay: 10,
      reconnectionDelayMax: 50,
      WebSocket: WebSocket as never,
      ...options,
    });
    this.#clients.push(client);
    return client;
  }

  /** One that is connected. */
  async connected(path = '/', options: Options = {}): Promise<Socket> {
    const client = this.client(path, options);
    await heard(client, 'connect');
    return client;
  }

  async end(): Promise<void> {
    for (const client of this.#clients) {
      client.io.reconnection(false);
      client.disconnect();
      client.io._close();
    }
    await this.kill();
  }
}

export async function stage(
  t: TestContext,
  kind: Kind,
  setUp: (io: AnyServer) => void = () => {},
  options: Partial<ServerOptions> = {},
  client?: ClientKind,
): Promise<Stage> {
  const made = new Stage(kind, setUp, options, client);
  await made.start();
  t.after(() => made.end());
  return made;
}

interface Emitter {
  once(event: string, listener: (...args: unknown[]) => void): unknown;
}

/** The arguments of the next event of that name. */
export function heard<Args extends unknown[] = unknown[]>(emitter: unknown, name: string): Promise<Args> {
  return within(
    new Promise<Args>((resolve) => (emitter as Emitter).once(name, (...args) => resolve(args as Args))),
    name,
    10_000,
  );
}

/** Once a condition holds, which only changes with events of an emitter. */
export async function until(emitter: unknown, name: string, condition: () => boolean): Promise<void> {
  while (!condition()) await heard(emitter, name);
}
