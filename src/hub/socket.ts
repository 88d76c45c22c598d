// One client in one namespace: its packets in, events out, and back (Socket.IO protocol v5; Socket.IO v4 server API).
import {
  isReservedEvent,
  isValidPayload,
  PacketType,
  type SocketPacket,
} from '../protocol/socketio/packet.ts';
import { type Acknowledgement, awaitReply } from './acknowledgements.ts';
import type { BroadcastFlags, BroadcastPacket, Room } from './adapter-contract.ts';
import { BroadcastOperator } from './broadcast-operator.ts';
import type { ClientSocket } from './client.ts';
import { call, dispatch, ignoreRejection } from './failures.ts';
import { Later } from './later.ts';
import { Member } from './member.ts';
import { type ExtendedError, type Held, type Middleware, runMiddlewares } from './middleware.ts';
import type { WriteOptions } from './session.ts';
import type {
  AllButLast,
  DecorateAcknowledgements,
  DecorateAcknowledgementsWithMultipleResponses,
  DefaultEventsMap,
  Event,
  EventNames,
  EventNamesWithAck,
  EventParams,
  EventsMap,
  FirstNonErrorArg,
  Last,
} from './typed-events.ts';

type ToMany<EmitEvents extends EventsMap, SocketData> = BroadcastOperator<
  DecorateAcknowledgementsWithMultipleResponses<EmitEvents>,
  SocketData
>;

// biome-ignore lint/suspicious/noExplicitAny: sockets of any events have this in common
export type AnySocket = Socket<any, any, any, any>;

/** An event before its listeners get it: as it came, or as catch-all listeners and middlewares have seen it. */
type Undelivered = SocketPacket | Event;

function deliver(socket: AnySocket, event: Undelivered): void {
  socket._deliver(event);
}

const eventsLater = new Later<AnySocket, Undelivered>(deliver);

/** One client in one namespace: hears its events, sends it some, joins rooms. Comes with the event `connection`. */
export class Socket<
    ListenEvents extends EventsMap = DefaultEventsMap,
    EmitEvents extends EventsMap = ListenEvents,
    ServerSideEvents extends EventsMap = DefaultEventsMap,
    // biome-ignore lint/suspicious/noExplicitAny: unless the program says what it keeps there
    SocketData = any,
  >
  extends Member<ListenEvents, SocketData, Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>
  implements ClientSocket
{
  #flags: BroadcastFlags | undefined;
  #middlewares: Middleware<Event>[] | undefined;
  #held: Held | undefined;

  /**
   * Sends an event. With a function as last argument it asks for an acknowledgement, and calls it with the reply.
   *
   * @throws Error for a reserved name, and for arguments that cannot be encoded
   */
  override emit<Ev extends EventNames<EmitEvents>>(event: Ev, ...args: EventParams<EmitEvents, Ev>): boolean {
    if (isReservedEvent(event)) throw new Error(`"${String(event)}" is a reserved event name`);
    const data: unknown[] = [event, ...args];
    const packet: BroadcastPacket = { type: PacketType.EVENT, data };
    const flags = this.#takeFlags();
    if (typeof data[data.length - 1] !== 'function') {
      this.#send(packet, flags);
      return true;
    }
    const ack = data.pop() as Acknowledgement;
    packet.id = this.nsp._ids++;
    this.#send(packet, flags);
    if (this.acks.size >= this.server.limits.maxPendingAcks) {
      this._onError(new Error('too many acknowledgements are pending'));
      this.client.close();
    } else {
      awaitReply(this, this.acks, packet.id, ack, flags.timeout);
    }
    return true;
  }

  /** With recovery, adapters have to see what may have to be sent again. */
  #send(packet: BroadcastPacket, flags: BroadcastFlags): void {
    if (this.server.opts.connectionStateRecovery !== undefined) {
      const sent: unknown = this.adapter.broadcast(packet, {
        rooms: new Set([this.id]),
        except: new Set(),
        flags,
      });
      ignoreRejection(sent);
    } else {
      this.notifyOutgoingListeners(packet);
      const { volatile, compress } = flags;
      const usual = volatile !== true && compress !== false;
      this.client.packet(
        { type: packet.type, nsp: this.nsp.name, id: packet.id, data: packet.data },
        usual ? undefined : { volatile, compress: compress !== false },
      );
    }
  }

  /** Sends an event and resolves with the first argument of the reply; rejects after `timeout()` only. */
  emitWithAck<Ev extends EventNamesWithAck<EmitEvents>>(
    event: Ev,
    ...args: AllButLast<EventParams<EmitEvents, Ev>>
  ): Promise<FirstNonErrorArg<Last<EventParams<EmitEvents, Ev>>>> {
    const errorFirst = this.#flags?.timeout !== undefined;
    return new Promise((resolve, reject) => {
      // biome-ignore lint/suspicious/noExplicitAny: a reply
      const ack = (first: any, second: any) => {
        if (!errorFirst) resolve(first);
        else if (first === null) resolve(second);
        else reject(first);
      };
      this.emit(event, ...([...args, ack] as EventParams<EmitEvents, Ev>));
    });
  }

  /** Sends a `message` event. */
  send(...args: EventParams<EmitEvents, 'message'>): this {
    this.emit('message', ...args);
    return this;
  }

  /** The same as `send`. */
  write(...args: EventParams<EmitEvents, 'message'>): this {
    return this.send(...args);
  }

  /** Whether to compress what is sent next. Default true. */
  compress(compress: boolean): this {
    return this.#flag({ compress });
  }

  /** What is sent next may be dropped if the connection is busy. */
  get volatile(): this {
    return this.#flag({ volatile: true });
  }

  /** Milliseconds in which what is sent next is to be acknowledged; the acknowledgement is called error-first. */
  timeout(
    timeout: number,
  ): Socket<ListenEvents, DecorateAcknowledgements<EmitEvents>, ServerSideEvents, SocketData> {
    return this.#flag({ timeout }) as unknown as Socket<
      ListenEvents,
      DecorateAcknowledgements<EmitEvents>,
      ServerSideEvents,
      SocketData
    >;
  }

  #flag(flag: BroadcastFlags): this {
    this.#flags = { ...this.#flags, ...flag };
    return this;
  }

  #takeFlags(): BroadcastFlags {
    const flags = this.#flags ?? {};
    this.#flags = undefined;
    return flags;
  }

  /** Members of a room, or of any of several, but not this socket. */
  to(room: Room | Room[]): ToMany<EmitEvents, SocketData> {
    return this.broadcast.to(room);
  }

  /** The same as `to`. */
  in(room: Room | Room[]): ToMany<EmitEvents, SocketData> {
    return this.broadcast.to(room);
  }

  /** Everyone but this socket and the members of these rooms. */
  except(room: Room | Room[]): ToMany<EmitEvents, SocketData> {
    return this.broadcast.except(room);
  }

  /** Everyone but this socket. */
  get broadcast(): ToMany<EmitEvents, SocketData> {
    return new BroadcastOperator(this.adapter, new Set(), new Set([this.id]), this.#takeFlags());
  }

  /** Everyone on this node but this socket. */
  get local(): ToMany<EmitEvents, SocketData> {
    return this.broadcast.local;
  }

  /** Leaves the namespace, telling the client; with `close` all its namespaces, and closes the connection. */
  disconnect(close = false): this {
    if (!this.connected) return this;
    if (close) {
      this.client._disconnect();
    } else {
      this.client.packet({ type: PacketType.DISCONNECT, nsp: this.nsp.name });
      this._onClose('server namespace disconnect');
    }
    return this;
  }

  /** Adds a middleware for events that arrive: it may change their arguments, refuse them or let them wait. */
  use(middleware: Middleware<Event>): this {
    this.#middlewares ??= [];
    this.#middlewares.push(middleware);
    return this;
  }

  /** Sends a packet, or with `preEncoded` the messages of one: older adapters use this. */
  packet(packet: BroadcastPacket | string[], opts: WriteOptions = {}): void {
    if (Array.isArray(packet)) this.client.writeToEngine(packet, opts);
    else this.client.packet({ ...packet, nsp: this.nsp.name }, opts);
  }

  /** Tells catch-all listeners about a packet that is being sent. */
  notifyOutgoingListeners(packet: { data?: unknown[] }): void {
    const listeners = this.outgoingListeners;
    if (listeners === undefined) return;
    for (const listener of listeners) call(this, listener, this, packet.data ?? []);
  }

  _onPacket(packet: SocketPacket): void {
    if (!this.connected) return;
    switch (packet.type) {
      case PacketType.EVENT:
      case PacketType.BINARY_EVENT:
        return this.#onEvent(packet);
      case PacketType.ACK:
      case PacketType.BINARY_ACK:
        return this.#onAck(packet);
      case PacketType.DISCONNECT:
        return this._onClose('client namespace disconnect');
    }
  }

  #onEvent(packet: SocketPacket): void {
    const { data, id } = packet;
    // Parsers of others may let pass what ours refuses.
    if (!isValidPayload(PacketType.EVENT, data)) return this.client._refuse(new Error('invalid payload'));
    const catchAll = this.incomingListeners;
    if (catchAll === undefined && this.#middlewares === undefined) return eventsLater.add(this, packet);
    const args: Event = id === undefined || id === null ? data : [...data, this.#replyTo(id)];
    if (catchAll !== undefined) for (const listener of catchAll) call(this, listener, this, args);
    if (this.#middlewares === undefined) eventsLater.add(this, args);
    else this.#runMiddlewares(this.#middlewares, args);
  }

  #runMiddlewares(middlewares: readonly Middleware<Event>[], args: Event): void {
    this.#held ??= { count: 0 };
    if (this.#held.count >= this.server.limits.maxPendingEvents) {
      return this.client._refuse(new Error('too many events are pending'));
    }
    const done = (error: ExtendedError | undefined, failed: boolean) => {
      if (failed) this._fail(error);
      else if (error !== undefined) process.nextTick(() => this._onError(error));
      else process.nextTick(deliver, this, args);
    };
    runMiddlewares(middlewares, args, done, this.#held);
  }

  _deliver(event: Undelivered): void {
    if (!this.connected) return;
    if (Array.isArray(event)) {
      dispatch(this, this, event[0], event.slice(1));
      return;
    }
    const { data, id } = event;
    const args = id === undefined || id === null ? data.slice(1) : withLast(data, this.#replyTo(id));
    dispatch(this, this, data[0], args);
  }

  /** The function with which a listener answers: the first call counts. */
  #replyTo(id: number): Acknowledgement {
    let sent = false;
    return (...data) => {
      if (sent) return;
      sent = true;
      this.client.packet({ type: PacketType.ACK, nsp: this.nsp.name, id, data });
    };
  }

  #onAck({ id, data }: SocketPacket): void {
    const ack = id === undefined ? undefined : this._takeAck(id);
    if (ack === undefined) return;
    call(this, ack, this, Array.isArray(data) ? data : []);
  }
}

/** Its arguments, and one more: in one piece, as a list that grows costs more. */
function withLast(event: readonly unknown[], last: unknown): unknown[] {
  const args = new Array(event.length);
  for (let at = 1; at < event.length; at++) args[at - 1] = event[at];
  args[event.length - 1] = last;
  return args;
}
