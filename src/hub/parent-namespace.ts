// A pattern of namespace names: clients that ask for one get a namespace of their own, made on demand (Socket.IO v4 server API).
import { Adapter } from './adapter.ts';
import type { AdapterContract, BroadcastOptions, BroadcastPacket } from './adapter-contract.ts';
import { ignoreRejection, isPromiseLike, reporting } from './failures.ts';
import type { HubServer } from './hub-server.ts';
import { Namespace } from './namespace.ts';
import type { Socket } from './socket.ts';
import type { DefaultEventsMap, EventsMap } from './typed-events.ts';

/** Whether a client may have a namespace of this name: tells `next(error, allow)`. */
export type NamespaceMatcher = (
  name: string,
  // biome-ignore lint/suspicious/noExplicitAny: clients send what they like
  auth: { [key: string]: any },
  next: (error: Error | null, allow?: boolean) => void,
) => void | Promise<void>;

/** Hands every broadcast on to the adapters of all children. */
class ChildrenAdapter extends Adapter {
  readonly #children: ReadonlySet<{ readonly adapter: AdapterContract }>;

  // biome-ignore lint/suspicious/noExplicitAny: the parent namespace, of which nothing is used
  constructor(parent: any, children: ReadonlySet<{ readonly adapter: AdapterContract }>) {
    super(parent);
    this.#children = children;
  }

  override broadcast(packet: BroadcastPacket, { rooms, except, flags }: BroadcastOptions): void {
    for (const { adapter } of this.#children) {
      // Adapters may change or keep what they are given: each gets its own.
      const options = { rooms: new Set(rooms), except: new Set(except), flags: { ...flags } };
      ignoreRejection(adapter.broadcast({ ...packet, data: [...packet.data] }, options) as unknown);
    }
  }

  override fetchSockets(): Promise<never> {
    throw new Error('fetchSockets() is not supported on parent namespaces');
  }
}

export class ParentNamespace<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // biome-ignore lint/suspicious/noExplicitAny: unless the program says what it keeps there
  SocketData = any,
> extends Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
  /** The namespaces that were made for clients and still exist. */
  readonly children = new Set<Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>();

  override _initAdapter(): void {
    // Called by the constructor it inherits, before there are any children: see `_broadcastAdapter`.
  }

  protected override _broadcastAdapter(): AdapterContract {
    this.adapter ??= new ChildrenAdapter(this, this.children);
    return this.adapter;
  }

  /** A throw, since a rejection would come only after the adapter was asked. */
  override fetchSockets(): never {
    throw new Error('fetchSockets() is not supported on parent namespaces');
  }

  /** Makes a namespace with the middlewares and `connection` listeners that this one has now. */
  createChild(name: string): Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    const child = new ChildNamespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>(
      this.server,
      name,
      (empty) => this.children.delete(empty),
    );
    for (const middleware of this._middlewares) child.use(middleware);
    for (const event of ['connect', 'connection'] as const) {
      for (const listener of this.listeners(event)) child.on(event, listener);
    }
    this.children.add(child);
    return child;
  }
}

class ChildNamespace<
  ListenEvents extends EventsMap,
  EmitEvents extends EventsMap,
  ServerSideEvents extends EventsMap,
  SocketData,
> extends Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
  readonly #onGone: (self: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>) => void;

  constructor(
    server: HubServer,
    name: string,
    onGone: (self: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>) => void,
  ) {
    super(server, name);
    this.#onGone = onGone;
  }

  /** With the last socket goes the namespace. */
  override _remove(socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>): void {
    super._remove(socket);
    if (this.server.opts.cleanupEmptyChildNamespaces !== true || !this._isEmpty) return;
    this.server._forget(this.name);
    this.#onGone(this);
    closeAdapter(this.adapter);
  }
}

function closeAdapter(adapter: AdapterContract): void {
  try {
    ignoreRejection(adapter.close());
  } catch (error) {
    reporting._fail(error);
  }
}

/** Asks one pattern after the other; `found` gets the first that allows the name, or nothing. */
export function findParent<Parent>(
  parents: Iterable<[NamespaceMatcher, Parent]>,
  name: string,
  // biome-ignore lint/suspicious/noExplicitAny: clients send what they like
  auth: any,
  found: (parent: Parent | undefined) => void,
): void {
  const iterator = parents[Symbol.iterator]();
  const tryNext = (): void => {
    const { done, value } = iterator.next();
    if (done === true) return found(undefined);
    const [matcher, parent] = value;
    let answered = false;
    const next = (error: Error | null, allow?: boolean): void => {
      if (answered) return;
      answered = true;
      if (!error && allow === true) found(parent);
      else tryNext();
    };
    const fail = (error: unknown): void => {
      reporting._fail(error);
      next(null, false);
    };
    try {
      const result: unknown = matcher(name, auth, next);
      if (isPromiseLike(result)) result.then(undefined, fail);
    } catch (error) {
      fail(error);
    }
  };
  tryNext();
}

/** A pattern as a matcher. */
export function matcherOf(pattern: RegExp): NamespaceMatcher {
  return (name, _auth, next) => next(null, matches(pattern, name));
}

/** Whatever the flags of the pattern are: those that remember a position must not. */
export function matches(pattern: RegExp, name: string): boolean {
  pattern.lastIndex = 0;
  return pattern.test(name);
}
