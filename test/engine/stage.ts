// An engine on an HTTP server of its own and the clients that talk to it, for one test: all of them end when it does.
import { once } from 'node:events';
import http, { type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { type ClientOptions, WebSocket as WsClient } from 'ws';
import type { AttachOptions, EngineOptions } from '../../src/engine/options.ts';
import { EngineServer } from '../../src/engine/server.ts';
import type { Session } from '../../src/engine/session.ts';
import type { OpenData } from '../../src/protocol/engineio/handshake.ts';
import { WebSocketServer } from '../../src/websocket/index.ts';
import { event, Inbox, within } from '../websocket/inbox.ts';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
  bytes: Buffer;
}

/** A session that began with long-polling: what the client knows of it, and the server's end. */
export interface Polled {
  sid: string;
  open: OpenData;
  session: Session;
}

export const polling = 'EIO=4&transport=polling';
export const webSocket = 'EIO=4&transport=websocket';

export class Stage {
  readonly engine: EngineServer;
  readonly http: http.Server;
  readonly #path: string;
  readonly #webSockets: WsClient[] = [];
  /** Both ends of TCP connections that `http.closeAllConnections()` does not know. */
  readonly #sockets = new Set<Socket>();

  constructor(engine: EngineServer, server: http.Server, path = '/engine.io/') {
    this.engine = engine;
    this.http = server;
    this.#path = path;
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  get port(): number {
    return (this.http.address() as AddressInfo).port;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Sends a request to the engine's path; `target` is a query, or a path of its own. */
  async request(target: string, options: RequestOptions = {}, body?: string | Buffer): Promise<Answer> {
    const request = this.open(target, options).end(body);
    const [response] = (await within(once(request, 'response'), 'response')) as [http.IncomingMessage];
    const bytes = Buffer.concat(await response.toArray());
    return { status: response.statusCode!, headers: response.headers, body: bytes.toString(), bytes };
  }

  /** A request whose body is still to be sent, and which may break. */
  open(target: string, options: RequestOptions = {}): http.ClientRequest {
    const path = target.startsWith('/') ? target : `${this.#path}?${target}`;
    return http.request({ host: '127.0.0.1', port: this.port, path, agent: false, ...options });
  }

  get(sid: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.request(`${polling}&sid=${sid}`, { headers });
  }

  post(sid: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<Answer> {
    return this.request(`${polling}&sid=${sid}`, { method: 'POST', headers }, body);
  }

  /** Opens a session with long-polling. */
  async poll(query = polling): Promise<Polled> {
    const { body } = await this.request(query);
    const open = JSON.parse(body.split('\x1e')[0]!.slice(1)) as OpenData;
    return { sid: open.sid, open, session: this.engine.clients[open.sid]! };
  }

  /** A GET that has reached its session and waits there. */
  async waitingPoll({
    sid,
    session,
  }: Pick<Polled, 'sid' | 'session'>): Promise<{ waiting: Promise<Answer> }> {
    const waiting = this.get(sid);
    // Whoever asks for it later still sees how it failed.
    waiting.catch(() => {});
    await until(() => session.transport.writable || session.readyState === 'closed', 'poll');
    return { waiting };
  }

  /** A WebSocket whose handshake has only begun. */
  dial(query = webSocket, options: ClientOptions = {}): WsClient {
    const url = `ws://127.0.0.1:${this.port}${this.#path}?${query}`;
    const client = new WsClient(url, { perMessageDeflate: false, ...options });
    client.on('error', () => {});
    this.#webSockets.push(client);
    return client;
  }

  /** Opens a session with a WebSocket; the open packet has been taken out of the inbox. */
  async connect(query = webSocket, options: ClientOptions = {}) {
    const connected = once(this.engine, 'connection');
    const client = this.dial(query, options);
    const inbox = new Inbox(client);
    const [session] = (await within(connected, 'connection')) as [Session];
    const open = JSON.parse((await inbox.text()).slice(1)) as OpenData;
    return { client, inbox, session, open, sid: open.sid };
  }

  /** A WebSocket on trial for a session, whose handshake is done. */
  async candidate(sid: string): Promise<{ client: WsClient; inbox: Inbox }> {
    const client = this.dial(`${webSocket}&sid=${sid}`);
    const inbox = new Inbox(client);
    await event(client, 'open');
    return { client, inbox };
  }

  /** The status, headers and body with which an upgrade is refused. */
  async refusedUpgrade(query: string, options: ClientOptions = {}): Promise<Answer> {
    const [, response] = (await event(this.dial(query, options), 'unexpected-response')) as [
      unknown,
      http.IncomingMessage,
    ];
    const bytes = Buffer.concat(await response.toArray());
    return { status: response.statusCode!, headers: response.headers, body: bytes.toString(), bytes };
  }

  /** A bare TCP connection. */
  async tcp(): Promise<Socket> {
    const socket = connect(this.port, '127.0.0.1');
    socket.on('error', () => {});
    this.#sockets.add(socket);
    await event(socket, 'connect');
    return socket;
  }

  async end(): Promise<void> {
    for (const client of this.#webSockets) client.terminate();
    this.engine.close();
    const closed = this.http.listening ? once(this.http, 'close') : undefined;
    this.http.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

/** Starts an engine on a port of its own; nothing else answers there unless `server` does. */
export async function stage(
  t: TestContext,
  options: EngineOptions & AttachOptions = {},
  server = http.createServer(),
): Promise<Stage> {
  const engine = new EngineServer({ wsEngine: WebSocketServer, ...options });
  engine.attach(server, options);
  const path = `${(options.path ?? '/engine.io').replace(/\/$/, '')}/`;
  const started = new Stage(engine, server, path);
  t.after(() => started.end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return started;
}

/** Sends every message back as it came. */
export function echo(engine: EngineServer): void {
  engine.on('connection', (session) => session.on('message', (data) => session.send(data)));
}

/** Lets the event loop go round once. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Waits until something is so, and fails when it never is. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  let waiting = true;
  const settled = (async () => {
    while (waiting && !condition()) await turn();
  })();
  await within(settled, what).finally(() => {
    waiting = false;
  });
}

/** The reason and description with which a session ends. */
export async function ending(session: Session): Promise<{ reason: string; message: string | undefined }> {
  const [reason, description] = (await event(session, 'close')) as [string, Error | undefined];
  return { reason, message: description?.message };
}
