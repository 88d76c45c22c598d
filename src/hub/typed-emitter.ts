// An EventEmitter that knows the events a peer may send, besides those the library raises (Socket.IO v4 server API).
import { EventEmitter } from 'node:events';
import type { EventsMap, ReservedOrUserEventNames, ReservedOrUserListener } from './typed-events.ts';

/** `emit` is left to the classes: on them it sends, and does not call listeners. */
export abstract class TypedEmitter<
  Listen extends EventsMap,
  // biome-ignore lint/complexity/noBannedTypes: no events of its own is what an empty interface says
  Reserved extends EventsMap = {},
> extends EventEmitter {
  /** Adds a listener. Returns this emitter. */
  override on<Ev extends ReservedOrUserEventNames<Reserved, Listen>>(
    event: Ev,
    listener: ReservedOrUserListener<Reserved, Listen, Ev>,
  ): this {
    return super.on(event, listener);
  }

  /** Adds a listener for one time. Returns this emitter. */
  override once<Ev extends ReservedOrUserEventNames<Reserved, Listen>>(
    event: Ev,
    listener: ReservedOrUserListener<Reserved, Listen, Ev>,
  ): this {
    return super.once(event, listener);
  }

  override listeners<Ev extends ReservedOrUserEventNames<Reserved, Listen>>(
    event: Ev,
  ): ReservedOrUserListener<Reserved, Listen, Ev>[] {
    return super.listeners(event) as ReservedOrUserListener<Reserved, Listen, Ev>[];
  }
}
