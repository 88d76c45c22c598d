// A socket of another node, as far as it can be known and reached from here (Socket.IO v4 server API).
import type { Room, SocketDetails, SocketId } from './adapter-contract.ts';
import type { Handshake } from './handshake.ts';
import type {
  AllButLast,
  DecorateAcknowledgements,
  EventNames,
  EventNamesWithError,
  EventParams,
  EventsMap,
  FirstNonErrorArg,
  Last,
} from './typed-events.ts';

/** What can be done with one socket from afar. */
export interface RemoteOperator<EmitEvents extends EventsMap> {
  emit<Ev extends EventNames<EmitEvents>>(event: Ev, ...args: EventParams<EmitEvents, Ev>): boolean;
  emitWithAck<Ev extends EventNamesWithError<EmitEvents>>(
    event: Ev,
    ...args: AllButLast<EventParams<EmitEvents, Ev>>
  ): Promise<FirstNonErrorArg<Last<EventParams<EmitEvents, Ev>>>>;
  timeout(timeout: number): RemoteOperator<DecorateAcknowledgements<EmitEvents>>;
  socketsJoin(room: Room | Room[]): void;
  socketsLeave(room: Room | Room[]): void;
  disconnectSockets(close?: boolean): void;
}

/**
 * A socket as `fetchSockets` finds it, on this node or another: what it was, and what can be done with it from afar.
 */
export class RemoteSocket<EmitEvents extends EventsMap, SocketData> {
  /** The id of the socket. */
  readonly id: SocketId;
  /** As it was when asked for; so are `rooms` and `data`. */
  readonly handshake: Handshake;
  /** The rooms it was in. */
  readonly rooms: Set<Room>;
  /** A copy, if it is on another node: changes do not reach the socket. */
  readonly data: SocketData;
  readonly #operator: RemoteOperator<EmitEvents>;

  constructor(details: SocketDetails, operator: RemoteOperator<EmitEvents>) {
    this.id = details.id;
    this.handshake = details.handshake;
    this.rooms = new Set(details.rooms);
    this.data = details.data;
    this.#operator = operator;
  }

  /** Milliseconds that the acknowledgement has to come in. */
  timeout(timeout: number): RemoteOperator<DecorateAcknowledgements<EmitEvents>> {
    return this.#operator.timeout(timeout);
  }

  /** Sends it an event. Always true. */
  emit<Ev extends EventNames<EmitEvents>>(event: Ev, ...args: EventParams<EmitEvents, Ev>): boolean {
    return this.#operator.emit(event, ...args);
  }

  /** Lets it join rooms. */
  join(room: Room | Room[]): void {
    this.#operator.socketsJoin(room);
  }

  /** Lets it leave a room. */
  leave(room: Room): void {
    this.#operator.socketsLeave(room);
  }

  /** Disconnects it; with `close` its connection too. */
  disconnect(close = false): this {
    this.#operator.disconnectSockets(close);
    return this;
  }
}
