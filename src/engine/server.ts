// The engine: HTTP requests and upgrades in, sessions out (Engine.IO protocol, revision 4).
import { EventEmitter } from 'node:events';
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { cors, type Middleware } from '../http/cors.ts';
import {
  type EngineErrorCode as Code,
  EngineErrorCode,
  type EngineRefusal,
  errorMessages,
} from '../protocol/engineio/errors.ts';
import { type OpenData, type Query, readQuery } from '../protocol/engineio/handshake.ts';
import { attach } from './attach.ts';
import { sessionCookie } from './cookie.ts';
import { Heartbeat } from './heartbeat.ts';
import { generateId } from './ids.ts';
import { runMiddlewares } from './middlewares.ts';
import {
  type AttachOptions,
  type EngineOptions,
  type ResolvedEngineOptions,
  resolveEngineOptions,
} from './options.ts';
import { type PollingSettings, PollingTransport } from './polling-transport.ts';
import { refuseRequest, refuseUpgrade } from './refuse.ts';
import type { Compression } from './respond.ts';
import { Session, type SessionServer } from './session.ts';
import type { OutgoingPacket } from './transport.ts';
import { UpgradeResponse } from './upgrade-response.ts';
import { type Checked, checkHandshake, checkRequest } from './verify.ts';
import { createWebSocketEngine, type WebSocketEngine } from './websocket-engine.ts';
import { type WebSocketLike, WebSocketTransport } from './websocket-transport.ts';

/** Headers of a response, which listeners may change. */
export type ResponseHeaders = Record<string, string | string[]>;

/** A request that was refused. */
export interface ConnectionError {
  readonly req: EngineRequest;
  readonly code: Code;
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
  close: [];
}

/** A request whose query has been read. */
export type EngineRequest = IncomingMessage & { _query?: Query };

export class EngineServer extends EventEmitter<EngineEvents> implements SessionServer {
  readonly opts: ResolvedEngineOptions;
  /** Sessions by id. */
  readonly clients = new Map<string, Session>();
  httpServer: HttpServer | undefined;
  readonly heartbeat: Heartbeat<Session>;
  readonly #middlewares: Middleware[] = [];
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
      compression: compressionOf(this.opts.httpCompression),
      decorate: (req, headers, newId) => this.#decorate(req, headers, newId),
    };
    if (this.opts.cors) this.use(cors(this.opts.cors));
    this.#openWebSockets();
  }

  get clientsCount(): number {
    return this.clients.size;
  }

  get upgradeTimeout(): number {
    return this.opts.upgradeTimeout;
  }

  /** Adds a middleware, which sees all requests and upgrades before anything is checked. */
  use(middleware: Middleware): this {
    this.#middlewares.push(middleware);
    return this;
  }

  /** Makes the id of a new session. May be replaced; may be asynchronous. */
  generateId(_req: IncomingMessage): string | Promise<string> {
    return generateId();
  }

  /** What a session can be upgraded to. */
  upgrades(transport: string): string[] {
    const possible =
      transport === 'polling' && this.opts.allowUpgrades && this.opts.transports.includes('websocket');
    return possible ? ['websocket'] : [];
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
    for (const session of [...this.clients.values()]) session.close(true);
    this.#webSockets?.close();
    this.#webSockets = undefined;
    this.emit('close');
    return this;
  }

  #openWebSockets(): void {
    const { wsEngine, transports, perMessageDeflate, maxHttpBufferSize } = this.opts;
    if (this.#webSockets !== undefined || wsEngine === undefined || !transports.includes('websocket')) return;
    this.#webSockets = createWebSocketEngine(wsEngine, { perMessageDeflate, maxHttpBufferSize });
    this.#webSockets.on?.('headers', (lines, req) => {
      const headers: ResponseHeaders = {};
      this.#decorate(req, headers);
      for (const [name, value] of Object.entries(headers)) {
        for (const one of Array.isArray(value) ? value : [value]) lines.push(`${name}: ${one}`);
      }
      this.#upgradeResponses.get(req)?.addTo(lines);
    });
  }

  /** Handles a request whose path is the engine's. */
  handleRequest(req: EngineRequest, res: ServerResponse): void {
    const checked = prepare(req, false);
    const refuse = this.#refusal(checked, (refusal) => refuseRequest(res, refusal));
    this.#admit(checked, res, refuse, (session) => {
      if (session !== undefined) return (session.transport as PollingTransport).onRequest(req, res);
      this.#newId(checked, refuse, (id) => {
        const transport = new PollingTransport(this.#polling);
        const created = new Session(id, this, transport, req);
        transport.onRequest(req, res);
        this.#open(created);
      });
    });
  }

  /** Handles an upgrade request whose path is the engine's. */
  handleUpgrade(req: EngineRequest, socket: Duplex, head: Buffer): void {
    const checked = prepare(req, true);
    const refuse = this.#refusal(checked, (refusal) => refuseUpgrade(socket, refusal));
    const response = new UpgradeResponse(req, socket);
    this.#upgradeResponses.set(req, response);
    this.#admit(checked, response, refuse, (session) => {
      const webSockets = this.#webSockets;
      if (checked.query.transport !== 'websocket' || webSockets === undefined) {
        return refuse({ code: EngineErrorCode.BAD_REQUEST, context: { name: 'TRANSPORT_HANDSHAKE_ERROR' } });
      }
      const accept = (use: (transport: WebSocketTransport, webSocket: WebSocketLike) => void) =>
        webSockets.handleUpgrade(req, socket, head, (webSocket) =>
          use(new WebSocketTransport(webSocket, Boolean(checked.query.b64)), webSocket),
        );
      if (session !== undefined) return accept((transport) => tryUpgrade(session, transport));
      this.#newId(checked, refuse, (id) =>
        accept((transport) => this.#open(new Session(id, this, transport, req))),
      );
    });
  }

  /** Runs the middlewares and the checks; then `admitted` gets the session there is, if the request names one. */
  #admit(
    checked: Checked,
    res: ServerResponse,
    refuse: (refusal: EngineRefusal) => void,
    admitted: (session: Session | undefined) => void,
  ): void {
    runMiddlewares(this.#middlewares, checked.req, res, (error) => {
      if (error !== undefined) {
        return refuse({ code: EngineErrorCode.BAD_REQUEST, context: { name: 'MIDDLEWARE_FAILURE', error } });
      }
      const session = this.#find(checked.query.sid);
      const refusal = checkRequest(checked, this.opts, session);
      if (refusal !== undefined) return refuse(refusal);
      admitted(session);
    });
  }

  /** Checks what concerns new sessions only, and makes an id for one. */
  #newId(checked: Checked, refuse: (refusal: EngineRefusal) => void, use: (id: string) => void): void {
    const failed = (error: unknown) =>
      refuse({ code: EngineErrorCode.BAD_REQUEST, context: { name: 'ID_GENERATION_ERROR', error } });
    checkHandshake(checked, this.opts, (refusal) => {
      if (refusal !== undefined) return refuse(refusal);
      let made: string | Promise<string>;
      try {
        made = this.generateId(checked.req);
      } catch (error) {
        return failed(error);
      }
      if (typeof made === 'string') use(made);
      else made.then(use, failed);
    });
  }

  #find(sid: string | undefined): Session | undefined {
    const session = sid ? this.clients.get(sid) : undefined;
    if (session !== undefined) this.heartbeat.check(session);
    return session?.readyState === 'closed' ? undefined : session;
  }

  #open(session: Session): void {
    const { pingInterval, pingTimeout, maxHttpBufferSize, initialPacket } = this.opts;
    const upgrades = this.upgrades(session.transport.name);
    const data: OpenData = {
      sid: session.id,
      upgrades,
      pingInterval,
      pingTimeout,
      maxPayload: maxHttpBufferSize,
    };
    this.clients.set(session.id, session);
    session.open(JSON.stringify(data), initialPacket);
    this.emit('connection', session);
  }

  #refusal(checked: Checked, answer: (refusal: EngineRefusal) => void): (refusal: EngineRefusal) => void {
    return (refusal) => {
      const { code, context } = refusal;
      this.emit('connection_error', { req: checked.req, code, message: errorMessages[code], context });
      answer(refusal);
    };
  }

  /** Adds what programs want in a response, and the cookie of a session that begins with long-polling. */
  #decorate(req: EngineRequest, headers: ResponseHeaders, newId?: string): void {
    if (newId !== undefined && this.opts.cookie)
      headers['Set-Cookie'] = sessionCookie(newId, this.opts.cookie);
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
    this.clients.delete(session.id);
  }
}

/** Reads the query, unless a program has put one there, and leaves it where programs look for it. */
function prepare(req: EngineRequest, isUpgrade: boolean): Checked {
  req._query ??= readQuery(req.url ?? '');
  return { req, query: req._query, isUpgrade };
}

/** A session has one WebSocket, on trial or for good; another that knows its id does not disturb it. */
function tryUpgrade(session: Session, transport: WebSocketTransport): void {
  if (session.readyState === 'closed' || session.upgrading || session.transport.name === 'websocket')
    transport.close();
  else session.tryUpgrade(transport);
}

function compressionOf(option: ResolvedEngineOptions['httpCompression']): Compression {
  if (option === false) return false;
  return option === true ? { threshold: 0 } : { threshold: 1024, ...definedOnly(option) };
}

function definedOnly<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}
