// Listeners in, calls out: the one emitter of the client (Socket.IO client API, "Emitter").
import type {
  DefaultEventsMap,
  EventsMap,
  ReservedOrUserEventNames,
  ReservedOrUserListener,
} from '../protocol/socketio/typed-events.ts';

// biome-ignore lint/suspicious/noExplicitAny: listeners take what their event carries
export type Listener = ((...args: any[]) => unknown) & { fn?: Listener };

/**
 * Calls listeners. One that throws keeps neither the others nor the connection from going on: its error surfaces where
 * uncaught errors do.
 */
export function call(listeners: readonly Listener[], self: unknown, args: readonly unknown[]): void {
  for (const listener of listeners) {
    try {
      listener.apply(self, args as unknown[]);
    } catch (error) {
      report(error);
    }
  }
}

/** Lets an error surface as an uncaught one, behind what is under way. */
export function report(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

/** `_raise` calls the listeners: on sockets, `emit` sends. */
export class Emitter<
  Listen extends EventsMap = DefaultEventsMap,
  // biome-ignore lint/complexity/noBannedTypes: no events of its own is what an empty interface says
  Reserved extends EventsMap = {},
> {
  /** Lists are replaced, never changed, so that a listener may add and remove others. */
  #listeners = new Map<unknown, Listener[]>();

  /** Another name for `on`. */
  declare addEventListener: this['on'];
  /** Another name for `off`. */
  declare removeListener: this['off'];
  /** Another name for `off`. */
  declare removeEventListener: this['off'];
  /** Another name for `off`: without a listener it removes all. */
  declare removeAllListeners: this['off'];

  /** Adds a listener. Returns this emitter. */
  on<Ev extends ReservedOrUserEventNames<Reserved, Listen>>(
    event: Ev,
    listener: ReservedOrUserListener<Reserved, Listen, Ev>,
  ): this {
    this.#listeners.set(event, [...this.listeners(event), listener]);
    return this;
  }

  /** Adds a listener that is called before those there are. Returns this emitter. */
  prepend<Ev extends ReservedOrUserEventNames<Reserved, Listen>>(
    event: Ev,
    listener: ReservedOrUserListener<Reserved, Listen, Ev>,
  ): this {
    this.#listeners.set(event, [listener, ...this.listeners(event)]);
    return this;
  }

  /** Adds a listener for one time. Returns this emitter. */
  once<Ev extends ReservedOrUserEventNames<Reserved, Listen>>(
    event: Ev,
    listener: ReservedOrUserListener<Reserved, Listen, Ev>,
  ): this {
    const once: Listener = (...args) => {
      this.off(event, once as typeof listener);
      (listener as Listener).apply(this, args);
    };
    once.fn = listener;
    return this.on(event, once as typeof listener);
  }

  /** Removes a listener, all of an event, or all. Returns this emitter. */
  off<Ev extends ReservedOrUserEventNames<Reserved, Listen>>(
    event?: Ev,
    listener?: ReservedOrUserListener<Reserved, Listen, Ev>,
  ): this {
    if (event === undefined) this.#listeners.clear();
    else {
      const list = this.listeners(event) as Listener[];
      const at = list.findIndex((one) => one === listener || one.fn === listener);
      const rest = listener ? list.filter((_, index) => index !== at) : [];
      this.#listeners.set(event, rest);
    }
    return this;
  }

  /** The listeners of an event, in the order of their calls. */
  listeners<Ev extends ReservedOrUserEventNames<Reserved, Listen>>(
    event: Ev,
  ): ReservedOrUserListener<Reserved, Listen, Ev>[] {
    return (this.#listeners.get(event) ?? []) as ReservedOrUserListener<Reserved, Listen, Ev>[];
  }

  /** Whether anybody listens for an event. */
  hasListeners<Ev extends ReservedOrUserEventNames<Reserved, Listen>>(event: Ev): boolean {
    return !!this.listeners(event)[0];
  }

  /** Calls the listeners of an event. For the library itself. */
  _raise(event: string, ...args: unknown[]): void {
    call(this.#listeners.get(event) ?? [], this, args);
  }
}

const emitter = Emitter.prototype;
emitter.addEventListener = emitter.on;
emitter.removeListener = emitter.removeEventListener = emitter.removeAllListeners = emitter.off;
