// The place that wires the strata together: an HTTP server and options in, namespaces with connected sockets out (Socket.IO v4 server API).
import { createServer, type Server as HttpServer } from 'node:http';
import { attachClientFiles } from './client-files.ts';
import { EngineServer } from './engine/server.ts';
import type { Gateway } from './gateways/gateway.ts';
import { Adapter } from './hub/adapter.ts';
import type { AdapterContract, AdapterFactory } from './hub/adapter-contract.ts';
import { Broadcaster } from './hub/broadcaster.ts';
import { Client, type ClientNamespace } from './hub/client.ts';
import { Decoders } from './hub/decoders.ts';
import type { HubServer } from './hub/hub-server.ts';
import type { HubLimits } from './hub/limits.ts';
import type { Middleware } from './hub/middleware.ts';
import type { Namespace } from './hub/namespace.ts';
import { Namespaces } from './hub/namespaces.ts';
import type { NamespaceMatcher } from './hub/parent-namespace.ts';
import type { PacketDecoder, PacketEncoder } from './hub/parser.ts';
import type { Session } from './hub/session.ts';
import { SessionAwareAdapter } from './hub/session-aware-adapter.ts';
import type { Socket } from './hub/socket.ts';
import type {
  AllButLast,
  DecorateAcknowledgementsWithTimeoutAndMultipleResponses,
  DefaultEventsMap,
  EventNames,
  EventNamesWithAck,
  EventParams,
  EventsMap,
  FirstNonErrorArg,
  Last,
} from './hub/typed-events.ts';
import { Decoder } from './protocol/socketio/decoder.ts';
import { Encoder } from './protocol/socketio/encoder.ts';
import { attachGateways, gatewayHost } from './server-gateways.ts';
import {
  connectTimeoutDefault,
  type ResolvedServerOptions,
  resolveLimits,
  resolveServerOptions,
  type ServerOptions,
} from './server-options.ts';
import { WebSocketServer } from './websocket/index.ts';

/** Events that servers raise by themselves: those of their main namespace, and news of the others. */
export interface ServerReservedEvents<OneSocket, OneNamespace> {
  connect: (socket: OneSocket) => void;
  connection: (socket: OneSocket) => void;
  new_namespace: (namespace: OneNamespace) => void;
}

const defaultPath = '/socket.io';

/** The one seam between the hub and its engine. */
function createEngine(options: ServerOptions): EngineServer {
  return new EngineServer({ wsEngine: WebSocketServer, ...options });
}

type AnyServer = HttpServer | { listen: unknown; on: unknown };

/** The hub: namespaces with connected sockets, on an HTTP server, a port, or nothing until `attach`. */
export class Server<
    ListenEvents extends EventsMap = DefaultEventsMap,
    EmitEvents extends EventsMap = ListenEvents,
    ServerSideEvents extends EventsMap = DefaultEventsMap,
    // biome-ignore lint/suspicious/noExplicitAny: unless the program says what it keeps there
    SocketData = any,
  >
  extends Broadcaster<
    EmitEvents,
    ServerSideEvents,
    SocketData,
    ServerReservedEvents<
      Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
      Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
    >
  >
  implements HubServer
{
  /** The options, with their defaults filled in. */
  readonly opts: ResolvedServerOptions;
  /** What one client may use of the hub, from the options. */
  readonly limits: HubLimits;
  /** Turns packets into messages, for all clients. */
  readonly encoder: PacketEncoder;
  /** Turn messages into packets, each for one client at a time. */
  readonly _decoders: Decoders;
  /** The main namespace, `/`. */
  readonly sockets: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  /** All namespaces that clients can be in, by name. */
  readonly _nsps: ReadonlyMap<string, Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>;
  /** Undefined until there is one, by `attach` or `bind`. */
  engine!: EngineServer;
  /** Undefined until `attach`. */
  httpServer!: HttpServer;

  readonly #namespaces: Namespaces<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  #path: string | undefined;
  #serveClient: boolean;
  #connectTimeout: number;
  #adapter: AdapterFactory;
  readonly #gateways: Gateway[] = [];

  /**
   * @param server an HTTP server, which may listen already, or a port, on which a new one listens at once
   * @param options see `ServerOptions`
   */
  constructor(options?: ServerOptions);
  constructor(server: AnyServer | number | undefined, options?: ServerOptions);
  constructor(first?: AnyServer | number | ServerOptions, second: ServerOptions = {}) {
    super();
    const server = isOptions(first) ? undefined : first;
    const options = isOptions(first) ? first : second;
    this.opts = resolveServerOptions(options);
    this.limits = resolveLimits(options);
    if (options.path !== undefined) this.path(options.path);
    this.#connectTimeout = options.connectTimeout || connectTimeoutDefault;
    this.#serveClient = options.serveClient ?? true;
    this.encoder = new (options.parser?.Encoder ?? Encoder)();
    this._decoders = new Decoders(() => newDecoder(this.opts));
    this.#adapter =
      options.adapter ?? (this.opts.connectionStateRecovery === undefined ? Adapter : SessionAwareAdapter);
    this.#namespaces = new Namespaces(this);
    this._nsps = this.#namespaces.byName;
    this.sockets = this.#namespaces.named('/');
    if (server !== undefined) this.attach(server as HttpServer);
  }

  protected override _broadcastAdapter(): AdapterContract {
    return this.sockets.adapter;
  }

  /** The path at which it is found, without trailing slash; a change counts from the next `attach`. */
  path(): string;
  path(path: string): this;
  path(path?: string): this | string {
    if (path === undefined) return this.#path ?? defaultPath;
    this.#path = path.replace(/\/$/, '');
    return this;
  }

  /** Whether the bundles of the client are served; a change counts from the next `attach`. */
  serveClient(): boolean;
  serveClient(serve: boolean): this;
  serveClient(serve?: boolean): this | boolean {
    if (serve === undefined) return this.#serveClient;
    this.#serveClient = serve;
    return this;
  }

  /** Milliseconds until a connection that has joined no namespace is closed. */
  connectTimeout(): number;
  connectTimeout(milliseconds: number): this;
  connectTimeout(milliseconds?: number): this | number {
    if (milliseconds === undefined) return this.#connectTimeout;
    this.#connectTimeout = milliseconds;
    return this;
  }

  /** The kind of the adapters; setting it gives a new one to every namespace. */
  adapter(): AdapterFactory;
  adapter(adapter: AdapterFactory): this;
  adapter(adapter?: AdapterFactory): this | AdapterFactory {
    if (adapter === undefined) return this.#adapter;
    this.#adapter = adapter;
    for (const namespace of this._nsps.values()) namespace._initAdapter();
    return this;
  }

  /** The same as `attach`. */
  listen(server: AnyServer | number | string, options?: ServerOptions): this {
    return this.attach(server, options);
  }

  /**
   * Serves the path on an HTTP server, or on a new one that listens on a port. Requests for other paths are left to
   * those who answered them before; options of the constructor win over `options`.
   *
   * @throws Error for a function, which is no server
   */
  attach(server: AnyServer | number | string, options: ServerOptions = {}): this {
    if (typeof server === 'function') {
      throw new Error(
        'You are trying to attach socket.io to an express request handler function. Please pass a http.Server instance.',
      );
    }
    const path = this.#path ?? options.path ?? defaultPath;
    const given = { ...options, ...this.opts, path };
    if (typeof server === 'object') {
      this.#attachTo(server as HttpServer, given);
    } else {
      const http = createServer((_request, response) => response.writeHead(404).end());
      this.#attachTo(http, given);
      http.listen(Number(server));
    }
    return this;
  }

  #attachTo(server: HttpServer, options: ServerOptions): void {
    const engine = createEngine(options);
    engine.attach(server, options);
    // After the engine, to be asked before it: it would find no session in such a request.
    if (this.#serveClient) {
      const path = (options.path ?? defaultPath).replace(/\/$/, '');
      attachClientFiles(server, path, options.clientFolder, options.cors);
    }
    this.#gateways.push(...attachGateways(server, gatewayHost(this), engine, options.gateways));
    this.httpServer = server;
    this.bind(engine);
  }

  /** Takes the sessions of an engine. */
  bind(engine: EngineServer): this {
    this.engine = engine;
    engine.on('connection', (session: Session) => this.onconnection(session));
    return this;
  }

  /** Makes a session a client. */
  onconnection(session: Session): this {
    new Client(this, session);
    return this;
  }

  /**
   * Gets a namespace, or makes it if it does not exist. A pattern or function stands for all namespaces whose names it
   * allows: they are made when clients ask for them.
   *
   * @param listener is added for `connect`
   */
  of(
    name: string | RegExp | NamespaceMatcher,
    listener?: (socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>) => void,
  ): Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    const namespace =
      typeof name === 'string' ? this.#namespaces.named(name) : this.#namespaces.matching(name);
    if (listener !== undefined) namespace.on('connect', listener);
    return namespace;
  }

  _findNamespace(name: string, auth: unknown, found: (namespace: ClientNamespace | undefined) => void): void {
    this.#namespaces.find(name, auth, found);
  }

  _forget(name: string): void {
    this.#namespaces.byName.delete(name);
  }

  /** Adds a middleware to the main namespace. */
  use(middleware: Middleware<Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>): this {
    this.sockets.use(middleware);
    return this;
  }

  /** Sends an event to the other nodes; see `Namespace.serverSideEmit`. */
  serverSideEmit<Ev extends EventNames<ServerSideEvents>>(
    event: Ev,
    ...args: EventParams<DecorateAcknowledgementsWithTimeoutAndMultipleResponses<ServerSideEvents>, Ev>
  ): boolean {
    return this.sockets.serverSideEmit(event, ...args);
  }

  /**
   * The same, and the replies of the other nodes; rejects if one is missing. See `Namespace.serverSideEmitWithAck`.
   */
  serverSideEmitWithAck<Ev extends EventNamesWithAck<ServerSideEvents>>(
    event: Ev,
    ...args: AllButLast<EventParams<ServerSideEvents, Ev>>
  ): Promise<FirstNonErrorArg<Last<EventParams<ServerSideEvents, Ev>>>[]> {
    // The same type, but the compiler does not compare generic event names.
    return this.sockets.serverSideEmitWithAck(event as never, ...(args as never));
  }

  /**
   * Ends everything: sockets, adapters, the engine, the HTTP server.
   *
   * @param callback gets an error if the HTTP server was not listening; the promise resolves nevertheless
   */
  async close(callback?: (error?: Error) => void): Promise<void> {
    await Promise.allSettled([...this._nsps.values()].map(closeNamespace));
    for (const gateway of this.#gateways) gateway.close();
    this.engine?.close();
    const error = await closeHttp(this.httpServer);
    callback?.(error);
  }
}

async function closeNamespace(namespace: Namespace): Promise<void> {
  for (const socket of [...namespace.sockets.values()]) socket._onClose('server shutting down');
  await namespace.adapter.close();
}

function closeHttp(server: HttpServer | undefined): Promise<Error | undefined> {
  return new Promise((resolve) => {
    if (server === undefined) resolve(undefined);
    else server.close(resolve);
  });
}

function isOptions(value: unknown): value is ServerOptions {
  return typeof value === 'object' && value !== null && !('listen' in value);
}

/** Of an EventEmitter's methods all but `emit`: on a server they are those of its main namespace. */
const forwarded = [
  'on',
  'once',
  'off',
  'addListener',
  'removeListener',
  'removeAllListeners',
  'prependListener',
  'prependOnceListener',
  'listeners',
  'rawListeners',
  'listenerCount',
  'eventNames',
  'setMaxListeners',
  'getMaxListeners',
] as const;

for (const name of forwarded) {
  Object.defineProperty(Server.prototype, name, {
    value(this: Server, ...args: unknown[]) {
      return Reflect.apply(this.sockets[name], this.sockets, args);
    },
    configurable: true,
    writable: true,
  });
}

function newDecoder({ parser, maxAttachments, maxNesting }: ResolvedServerOptions): PacketDecoder {
  return parser === undefined ? new Decoder({ maxAttachments, maxNesting }) : new parser.Decoder();
}
