// The engine: HTTP requests and upgrades in, sessions out (Engine.IO protocol, revision 4).
import { EventEmitter } from 'node:events';
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { cors, type Middleware } from '../http/cors.ts';
import { newId } from '../ids.ts';
import { EngineErrorCode, type EngineRefusal, errorMessages } from '../protocol/engineio/errors.ts';
import { type OpenData, type Query, readQuery } from '../protocol/engineio/handshake.ts';
import { admit } from './admission.ts';
import { attach } from './attach.ts';
import { sessionCookie } from './cookie.ts';
import { Heartbeat } from './heartbeat.ts';
import {
  type AttachOptions,
  type EngineOptions,
  type ResolvedEngineOptions,
  resolveEngineOptions,
} from './options.ts';
import { type PollingSettings, PollingTransport } from './polling-transport.ts';
import { refuseRequest, refuseUpgrade } from './refuse.ts';
import { compressionFor, type ResponseHeaders } from './respond.ts';
import { Session, type SessionServer } from './session.ts';
import type { OutgoingPacket, Transport } from './transport.ts';
import { UpgradeResponse } from './upgrade-response.ts';
import type { Checked } from './verify.ts';
import { createWebSocketEngine, type WebSocketEngine } from './websocket-engine.ts';
import { WebSocketTransport } from './websocket-transport.ts';

/** A request that was refused. */
export interface ConnectionError {
  readonly req: EngineRequest;
  readonly code: EngineErrorCode;
  readonly message: string;
  readonly context: Readonly<Record<string, unknown>>;
}

export interface EngineEvents {
  connection: [session: Session];
  connection_error: [error: ConnectionError];
  /** Before the first response of a session. */
  initial_headers: [headers: ResponseHeaders, req: EngineRequest];
  /** Before every response. */
  headers: [headers: ResponseHeaders, req: EngineRequest];
  flush: [session: Session, packets: readonly OutgoingPacket[]];
  drain: [session: Session];
  /** As of any emitter: before a listener is added. */
  newListener: [event: string | symbol];
}

/** A request whose query has been read. */
export type EngineRequest = IncomingMessage & { _query?: Query };

export class EngineServer extends EventEmitter<EngineEvents> implements SessionServer {
  readonly opts: ResolvedEngineOptions;
  /** Sessions by id. Without a prototype, so that names from the network find nothing else. */
  readonly clients: Record<string, Session> = Object.create(null);
  clientsCount = 0;
  httpServer: HttpServer | undefined;
  readonly heartbeat: Heartbeat<Session>;
  /** Whether anybody ever listened for what sessions send. */
  isWatched = false;
  /** What sees all requests and upgrades first, in this order. */
  readonly middlewares: Middleware[] = [];
  readonly #polling: PollingSettings;
  #webSockets: WebSocketEngine | undefined;
  /** What middlewares have written to for upgrades under way. */
  readonly #upgradeResponses = new WeakMap<IncomingMessage, UpgradeResponse>();

  constructor(options: EngineOptions = {}) {
    super();
    this.opts = resolveEngineOptions(options);
    this.heartbeat = new Heartbeat(this.opts.pingInterval, this.opts.pingTimeout);
    this.#polling = {
      maxHttpBufferSize: this.opts.maxHttpBufferSize,
      compression: compressionFor(this.opts.httpCompression),
      decorate: (req, headers, newId) => this.#decorate(req, headers, newId),
    };
    this.on('newListener', (event) => {
      if (event === 'flush' || event === 'drain') this.#watch();
    });
    if (this.opts.cors) this.use(cors(this.opts.cors));
    this.#openWebSockets();
  }

  #watch(): void {
    this.isWatched = true;
    for (const session of Object.values(this.clients)) session.stopSharing();
  }

  get upgradeTimeout(): number {
    return this.opts.upgradeTimeout;
  }

  get maxBufferedAmount(): number {
    return this.opts.maxBufferedAmount;
  }

  /** Adds a middleware, which sees all requests and upgrades before anything is checked. */
  use(middleware: Middleware): this {
    this.middlewares.push(middleware);
    return this;
  }

  /** Makes the id of a new session. May be replaced; may be asynchronous. */
  generateId(_req: IncomingMessage): string | Promise<string> {
    return newId();
  }

  /** What a session can be upgraded to. */
  upgrades(transport: string): string[] {
    const possible =
      transport === 'polling' && this.opts.allowUpgrades && this.opts.transports.includes('websocket');
    return possible ? ['websocket'] : [];
  }

  /** The session with that id, unless it is closed or should have been by now. */
  find(sid: string | undefined): Session | undefined {
    const session = sid ? this.clients[sid] : undefined;
    if (session !== undefined) this.heartbeat.check(session);
    return session?.readyState === 'closed' ? undefined : session;
  }

  /** Answers the requests of a path on an HTTP server, and leaves all others to whoever answered them before. */
  attach(httpServer: HttpServer, options: AttachOptions = {}): this {
    this.httpServer = httpServer;
    attach(this, httpServer, options, this.opts.transports.includes('websocket'));
    httpServer.on('close', () => this.close());
    httpServer.on('listening', () => this.#openWebSockets());
    return this;
  }

  /** Ends all sessions at once. */
  close(): this {
    for (const session of Object.values(this.clients)) session.close(true);
    this.#webSockets?.close();
    this.#webSockets = undefined;
    return this;
  }

  #openWebSockets(): void {
    const { wsEngine, transports } = this.opts;
    if (this.#webSockets !== undefined || wsEngine === undefined || !transports.includes('websocket')) return;
    this.#webSockets = createWebSocketEngine(wsEngine, this.opts, (lines, req) => {
      const headers: ResponseHeaders = {};
      this.#decorate(req, headers);
      const collected = this.#upgradeResponses.get(req)?.collect();
      for (const [name, value] of [...Object.entries(headers), ...Object.entries(collected ?? {})]) {
        for (const one of Array.isArray(value) ? value : [value]) lines.push(`${name}: ${one}`);
      }
    });
  }

  /** Handles a request whose path is the engine's. */
  handleRequest(req: EngineRequest, res: ServerResponse): void {
    const checked = prepare(req, false);
    admit(this, checked, res, {
      refuse: (refusal) => {
        this.#report(checked, refusal);
        if (!res.headersSent) refuseRequest(res, refusal);
      },
      toSession: ({ transport }) => (transport as PollingTransport).onRequest(req, res),
      toNewSession: (id) => {
        const transport = new PollingTransport(id, this.#polling);
        const session = new Session(id, this, transport, req);
        transport.onRequest(req, res);
        this.#open(session);
      },
    });
  }

  /** Handles an upgrade request whose path is the engine's. */
  handleUpgrade(req: EngineRequest, socket: Duplex, head: Buffer): void {
    const checked = prepare(req, true);
    const response = new UpgradeResponse(req, socket);
    this.#upgradeResponses.set(req, response);
    // The client may leave at any time, while nobody but us has the socket.
    const onError = () => socket.destroy();
    socket.on('error', onError);
    const refuse = (refusal: EngineRefusal) => {
      this.#report(checked, refusal);
      refuseUpgrade(socket, refusal);
    };
    const accept = (id: string, use: (transport: WebSocketTransport) => void) => {
      if (this.#webSockets === undefined)
        return refuse({ code: EngineErrorCode.BAD_REQUEST, context: { name: 'TRANSPORT_HANDSHAKE_ERROR' } });
      this.#webSockets.handleUpgrade(req, socket, head, (webSocket) => {
        socket.off('error', onError);
        // The session keeps the request, and a key in a weak map keeps its value.
        this.#upgradeResponses.delete(req);
        use(new WebSocketTransport(id, webSocket, Boolean(checked.query.b64)));
      });
    };
    admit(this, checked, response, {
      refuse,
      toSession: (session) => accept(session.id, (transport) => tryUpgrade(session, transport)),
      toNewSession: (id) => accept(id, (transport) => this.#open(new Session(id, this, transport, req))),
    });
  }

  #open(session: Session): void {
    const { pingInterval, pingTimeout, maxHttpBufferSize: maxPayload, initialPacket } = this.opts;
    const upgrades = this.upgrades(session.transport.name);
    const data: OpenData = { sid: session.id, upgrades, pingInterval, pingTimeout, maxPayload };
    this.clients[session.id] = session;
    this.clientsCount++;
    session.open(JSON.stringify(data), initialPacket);
    this.emit('connection', session);
    if (!this.#showsRequests) session.foldRequest();
  }

  /** Whether programs are given requests, which they may know again. */
  get #showsRequests(): boolean {
    const ours = this.opts.cors ? 1 : 0;
    if (this.middlewares.length > ours || this.opts.allowRequest !== undefined) return true;
    return this.listenerCount('initial_headers') > 0 || this.listenerCount('headers') > 0;
  }

  #report({ req }: Checked, { code, context }: EngineRefusal): void {
    this.emit('connection_error', { req, code, message: errorMessages[code], context });
  }

  /** Adds what programs want in a response, and the cookie of a session that begins with long-polling. */
  #decorate(req: EngineRequest, headers: ResponseHeaders, newId?: string): void {
    const { cookie } = this.opts;
    if (newId !== undefined && cookie) headers['Set-Cookie'] = sessionCookie(newId, cookie);
    if (!req._query?.sid) this.emit('initial_headers', headers, req);
    this.emit('headers', headers, req);
  }

  onFlush(session: Session, packets: readonly OutgoingPacket[]): void {
    this.emit('flush', session, packets);
  }

  onDrain(session: Session): void {
    this.emit('drain', session);
  }

  onClosed(session: Session): void {
    delete this.clients[session.id];
    this.clientsCount--;
  }
}

/** Reads the query, unless a program has put one there, and leaves it where programs look for it. */
function prepare(req: EngineRequest, isUpgrade: boolean): Checked {
  req._query ??= readQuery(req.url ?? '');
  return { req, query: req._query, isUpgrade };
}

/** A session has one WebSocket, on trial or for good; another that knows its id does not disturb it. */
function tryUpgrade(session: Session, transport: Transport): void {
  if (session.readyState === 'closed' || session.upgrading || session.transport.name === 'websocket')
    transport.close();
  else session.tryUpgrade(transport);
}
