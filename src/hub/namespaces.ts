// The namespaces of a server: a name in, the namespace out, made on demand where a pattern allows it (Socket.IO v4 server API).
import type { ClientNamespace } from './client.ts';
import { reporting } from './failures.ts';
import type { HubServer } from './hub-server.ts';
import { Namespace } from './namespace.ts';
import {
  findParent,
  matcherOf,
  matches,
  type NamespaceMatcher,
  ParentNamespace,
} from './parent-namespace.ts';
import type { EventsMap } from './typed-events.ts';

export class Namespaces<
  ListenEvents extends EventsMap,
  EmitEvents extends EventsMap,
  ServerSideEvents extends EventsMap,
  SocketData,
> {
  /** Those that clients can be in, by name. */
  readonly byName = new Map<string, Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>();
  readonly #server: HubServer;
  readonly #parents = new Map<
    NamespaceMatcher,
    ParentNamespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
  >();
  readonly #patterns = new Map<
    ParentNamespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
    RegExp
  >();

  constructor(server: HubServer) {
    this.#server = server;
  }

  /** The namespace of that name, with or without its slash. One that a pattern allows is a child of that pattern. */
  named(given: string): Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    const name = given.startsWith('/') ? given : `/${given}`;
    const existing = this.byName.get(name);
    if (existing !== undefined) return existing;
    for (const [parent, pattern] of this.#patterns) {
      if (matches(pattern, name)) return this.#add(parent.createChild(name));
    }
    return this.#add(new Namespace(this.#server, name));
  }

  /** What stands for all namespaces whose names are allowed. */
  matching(
    matcher: RegExp | NamespaceMatcher,
  ): ParentNamespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    const name = `/_${this.#parents.size}`;
    const parent = new ParentNamespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>(
      this.#server,
      name,
    );
    this.#parents.set(typeof matcher === 'function' ? matcher : matcherOf(matcher), parent);
    if (typeof matcher !== 'function') this.#patterns.set(parent, matcher);
    return parent;
  }

  /** The namespace that a client asks for; nothing if there is none and no pattern allows it. */
  find(name: string, auth: unknown, found: (namespace: ClientNamespace | undefined) => void): void {
    const existing = this.byName.get(name);
    if (existing !== undefined) return found(existing);
    findParent(this.#parents, name, auth ?? {}, (parent) => {
      if (parent === undefined) return found(undefined);
      try {
        // A matcher may take its time: another client may have been faster.
        found(this.byName.get(name) ?? this.#add(parent.createChild(name)));
      } catch (error) {
        reporting._fail(error);
        found(undefined);
      }
    });
  }

  #add(
    namespace: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
  ): Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    this.byName.set(namespace.name, namespace);
    if (namespace.name !== '/') this.byName.get('/')?._announce(namespace);
    return namespace;
  }
}
