// Listeners that hear every event of a socket, in either direction (Socket.IO v4 server API).
import { TypedEmitter } from './typed-emitter.ts';
import type { EventsMap } from './typed-events.ts';

// biome-ignore lint/suspicious/noExplicitAny: any event with any arguments
export type CatchAllListener = (event: string, ...args: any[]) => void;

export abstract class CatchAllEmitter<
  Listen extends EventsMap,
  Reserved extends EventsMap,
> extends TypedEmitter<Listen, Reserved> {
  #incoming: CatchAllListener[] | undefined;
  #outgoing: CatchAllListener[] | undefined;

  /** Calls `listener` for every event that arrives, before middlewares and the event's own listeners. */
  onAny(listener: CatchAllListener): this {
    this.listenersAny().push(listener);
    return this;
  }

  /** The same, ahead of the other catch-all listeners. */
  prependAny(listener: CatchAllListener): this {
    this.listenersAny().unshift(listener);
    return this;
  }

  /** Removes a catch-all listener, or all. */
  offAny(listener?: CatchAllListener): this {
    remove(this.#incoming, listener);
    return this;
  }

  /** The list itself: changing it changes who listens. */
  listenersAny(): CatchAllListener[] {
    this.#incoming ??= [];
    return this.#incoming;
  }

  /** Calls `listener` for every event that is sent to this client, also by broadcasts; not for acknowledgements. */
  onAnyOutgoing(listener: CatchAllListener): this {
    this.listenersAnyOutgoing().push(listener);
    return this;
  }

  /** The same, ahead of the other catch-all listeners. */
  prependAnyOutgoing(listener: CatchAllListener): this {
    this.listenersAnyOutgoing().unshift(listener);
    return this;
  }

  /** Removes a catch-all listener for what is sent, or all. */
  offAnyOutgoing(listener?: CatchAllListener): this {
    remove(this.#outgoing, listener);
    return this;
  }

  /** The list itself: changing it changes who listens. */
  listenersAnyOutgoing(): CatchAllListener[] {
    this.#outgoing ??= this._hearOutgoing();
    return this.#outgoing;
  }

  /** Somebody may listen for what is sent from now on. */
  protected abstract _hearOutgoing(): CatchAllListener[];

  /** Copies to iterate over; undefined while there are none. */
  protected get incomingListeners(): CatchAllListener[] | undefined {
    return this.#incoming?.slice();
  }

  protected get outgoingListeners(): CatchAllListener[] | undefined {
    return this.#outgoing?.slice();
  }
}

function remove(list: CatchAllListener[] | undefined, listener: CatchAllListener | undefined): void {
  if (list === undefined) return;
  if (listener === undefined) {
    list.length = 0;
    return;
  }
  const index = list.indexOf(listener);
  if (index !== -1) list.splice(index, 1);
}
