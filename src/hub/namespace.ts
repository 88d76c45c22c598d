// A part of the server that clients join by name: connect procedure in, connected sockets out (Socket.IO protocol v5 and server API).
import type { MissingRepliesError } from './acknowledgements.ts';
import type { AdapterContract, AdapterFactory, RestoredSession, SocketId } from './adapter-contract.ts';
import { Broadcaster } from './broadcaster.ts';
import type { Client } from './client.ts';
import { dispatch, ignoreRejection, isPromiseLike, reporting } from './failures.ts';
import type { Handshake } from './handshake.ts';
import type { HubServer } from './hub-server.ts';
import { type ExtendedError, type Middleware, runMiddlewares } from './middleware.ts';
import { Socket } from './socket.ts';
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
} from './typed-events.ts';

/** Events that namespaces raise by themselves, after the client was told that it is accepted. */
export interface NamespaceReservedEvents<OneSocket> {
  connect: (socket: OneSocket) => void;
  connection: (socket: OneSocket) => void;
}

const reserved = new Set<unknown>(['connect', 'connection', 'new_namespace']);

/**
 * A part of the server that clients join by name, with listeners, middlewares and rooms of its own. Made by
 * `io.of(name)`.
 */
export class Namespace<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // biome-ignore lint/suspicious/noExplicitAny: unless the program says what it keeps there
  SocketData = any,
> extends Broadcaster<
  EmitEvents,
  ServerSideEvents,
  SocketData,
  NamespaceReservedEvents<Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>
> {
  /** Begins with a slash. */
  readonly name: string;
  /** The server it belongs to. */
  readonly server: HubServer;
  /** The connected sockets of this node, by id. */
  readonly sockets = new Map<SocketId, Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>();
  /** Knows who is in which room, on this node and others. */
  adapter!: AdapterContract;
  /** The next id of a packet that wants a reply; adapters count it up. */
  _ids = 0;
  /** Whether any socket ever listened for what is sent to it. */
  _hearsOutgoing = false;
  readonly #middlewares: Middleware<Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>[] = [];
  /** Sockets whose connect procedure is under way. */
  #joining = 0;

  /** For the server: programs call `io.of(name)`. */
  constructor(server: HubServer, name: string) {
    super();
    this.server = server;
    this.name = name;
    this._initAdapter();
  }

  /** Gives the namespace a new adapter, of the kind that the server has now. */
  _initAdapter(): void {
    this.adapter = newAdapter(this.server.adapter(), this);
    ignoreRejection(this.adapter.init());
  }

  protected override _broadcastAdapter(): AdapterContract {
    return this.adapter;
  }

  /** Adds a middleware, which decides about sockets that want to connect: `next(error)` refuses one. */
  use(middleware: Middleware<Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>): this {
    this.#middlewares.push(middleware);
    return this;
  }

  get _middlewares(): readonly Middleware<Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>[] {
    return this.#middlewares;
  }

  /** Whether somebody is here, or about to be. */
  get _isEmpty(): boolean {
    return this.sockets.size === 0 && this.#joining === 0;
  }

  /** The connect procedure. `done` gets the socket at once when it is accepted; nothing when it is not. */
  _add(client: Client, payload: unknown, done: (socket: Socket | undefined) => void): void {
    this.#joining++;
    const auth = isObject(payload) ? payload : undefined;
    const restored = this.#restore(auth);
    if (isPromiseLike(restored)) {
      restored.then(
        (session) => this.#admit(client, auth, session, done),
        () => this.#admit(client, auth, undefined, done),
      );
    } else {
      this.#admit(client, auth, restored, done);
    }
  }

  #restore(auth: Handshake['auth'] | undefined): PromiseLike<Restored> | Restored {
    const { pid, offset } = auth ?? {};
    const enabled = this.server.opts.connectionStateRecovery !== undefined;
    if (!enabled || typeof pid !== 'string' || typeof offset !== 'string') return undefined;
    try {
      return this.adapter.restoreSession(pid, offset) as PromiseLike<Restored> | Restored;
    } catch {
      return undefined;
    }
  }

  #admit(
    client: Client,
    auth: Handshake['auth'] | undefined,
    session: Restored,
    done: (socket: Socket | undefined) => void,
  ): void {
    const socket = new Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>(
      this,
      client,
      auth,
      session ?? undefined,
    );
    const conclude = (accepted: boolean) => {
      this.#joining--;
      if (accepted) this.#connect(socket, done);
      else this.#drop(socket, done);
    };
    const skip = socket.recovered && this.server.opts.connectionStateRecovery?.skipMiddlewares === true;
    if (skip && client.conn.readyState === 'open') return conclude(true);
    runMiddlewares(this.#middlewares, socket, (error, failed) => {
      process.nextTick(() => {
        if (client.conn.readyState !== 'open') return conclude(false);
        if (failed) reporting._fail(error);
        if (error !== undefined || failed) refuse(socket, error, failed);
        conclude(error === undefined && !failed);
      });
    });
  }

  #connect(
    socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
    done: (socket: Socket | undefined) => void,
  ): void {
    this.sockets.set(socket.id, socket);
    socket._onConnect();
    done(socket as unknown as Socket);
    dispatch(socket, this, 'connect', [socket]);
    dispatch(socket, this, 'connection', [socket]);
  }

  #drop(
    socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
    done: (socket: Socket | undefined) => void,
  ): void {
    socket._cleanUp();
    done(undefined);
  }

  _remove(socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>): void {
    if (this.sockets.get(socket.id) === socket) this.sockets.delete(socket.id);
  }

  /**
   * Sends an event to the other nodes, where it is raised on the namespace of this name. A function as last argument is
   * called with `(error, responses)`, one of each node.
   *
   * @throws Error for a reserved name
   */
  serverSideEmit<Ev extends EventNames<ServerSideEvents>>(
    event: Ev,
    ...args: EventParams<DecorateAcknowledgementsWithTimeoutAndMultipleResponses<ServerSideEvents>, Ev>
  ): boolean {
    if (reserved.has(event)) throw new Error(`"${String(event)}" is a reserved event name`);
    ignoreRejection(this.adapter.serverSideEmit([event, ...args]) as unknown);
    return true;
  }

  /** The same; resolves with the responses of the other nodes. A rejection has those that came as `responses`. */
  serverSideEmitWithAck<Ev extends EventNamesWithAck<ServerSideEvents>>(
    event: Ev,
    ...args: AllButLast<EventParams<ServerSideEvents, Ev>>
  ): Promise<FirstNonErrorArg<Last<EventParams<ServerSideEvents, Ev>>>[]> {
    return new Promise((resolve, reject) => {
      const ack = (
        error: MissingRepliesError | null,
        responses: FirstNonErrorArg<Last<EventParams<ServerSideEvents, Ev>>>[],
      ) => {
        if (!error) return resolve(responses);
        error.responses = responses;
        reject(error);
      };
      this.serverSideEmit(event, ...([...args, ack] as never));
    });
  }

  /** Of the main namespace, whose listeners are the server's: tells them of another one. */
  _announce(namespace: unknown): void {
    dispatch(reporting, this, 'new_namespace', [namespace]);
  }

  /** Another node emitted this. */
  _onServerSideEmit(args: unknown[]): void {
    dispatch(reporting, this, args[0] as string, args.slice(1));
  }
}

type Restored = RestoredSession | null | undefined;

function isObject(value: unknown): value is Handshake['auth'] {
  return typeof value === 'object' && value !== null;
}

/** What a middleware refuses with is for the client; what it fails with is not. */
function refuse(
  socket: { _onRefused(message: string, data: unknown): void },
  error: ExtendedError | undefined,
  failed: boolean,
): void {
  if (failed) socket._onRefused('Internal server error', undefined);
  else socket._onRefused(error!.message, error!.data);
}

/** Functions that cannot be called with `new`, as arrow functions, are called without. */
function newAdapter(factory: AdapterFactory, namespace: object): AdapterContract {
  return isConstructor(factory) ? new factory(namespace) : factory(namespace);
}

function isConstructor(factory: AdapterFactory): factory is new (nsp: object) => AdapterContract {
  try {
    // Makes an Object, with the factory for its class, without running the factory.
    Reflect.construct(Object, [], factory);
    return true;
  } catch {
    return false;
  }
}
