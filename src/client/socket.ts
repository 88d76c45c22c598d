// A namespace as a program sees it: events and acknowledgements both ways, with or without a connection (client API, "Socket").
import type { PacketType, SocketPacket } from '../protocol/socketio/packet.ts';
import type {
  AllButLast,
  DecorateAcknowledgements,
  DefaultEventsMap,
  EventNames,
  EventNamesWithAck,
  EventParams,
  EventsMap,
  FirstNonErrorArg,
  Last,
} from '../protocol/socketio/typed-events.ts';
import { type CatchAll, defineCatchAll } from './catch-all.ts';
import { call, Emitter, type Listener } from './emitter.ts';
import type { DisconnectDescription, Engine } from './engine-api.ts';
import type { Auth, ManagerOptions, SocketOptions } from './options.ts';
import { type Flags, type Outbox, type OutgoingPacket, outboxOf } from './outbox.ts';
import { ACK, CONNECT, DISCONNECT, EVENT } from './packet-type.ts';
import type { Settle } from './retries.ts';
import type { SocketHost, SocketReservedEvents } from './socket-api.ts';

/** This client in one namespace: sends events, hears those of the server. Made by `io()` or `manager.socket()`. */
export class Socket<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
> extends Emitter<ListenEvents, SocketReservedEvents> {
  /** Given by the server; undefined unless connected. */
  declare id: string | undefined;
  /** Whether the server has accepted it, and the connection stands. */
  connected = false;
  /** Whether the last reply continued the session before: nothing that was sent to it in between is missing. */
  recovered = false;
  /** Sent with the request to join. */
  declare auth: Auth | undefined;
  /** Events that wait for a connection. */
  sendBuffer: OutgoingPacket[] = [];
  /** The arguments of events that have come before the reply to the request to join. */
  receiveBuffer: (readonly unknown[])[] = [];
  /** Whether it connects, and connects again, by itself. */
  active = false;
  /** The name of the namespace: begins with a slash. */
  declare readonly nsp: string;

  /** Adds a listener for all events of the server: their names come first. */
  declare onAny: CatchAll<this>['on'];
  /** Adds such a listener ahead of the others. */
  declare prependAny: CatchAll<this>['on'];
  /** Removes one such listener, or all. */
  declare offAny: CatchAll<this>['off'];
  /** The listeners for all events of the server. */
  declare listenersAny: CatchAll<this>['listeners'];
  /** Adds a listener for all events to the server, called when they are sent. */
  declare onAnyOutgoing: CatchAll<this>['on'];
  /** Adds such a listener ahead of the others. */
  declare prependAnyOutgoing: CatchAll<this>['on'];
  /** Removes one such listener, or all. */
  declare offAnyOutgoing: CatchAll<this>['off'];
  /** The listeners for all events to the server. */
  declare listenersAnyOutgoing: CatchAll<this>['listeners'];
  /** Another name for `connect`. */
  declare open: this['connect'];
  /** Another name for `disconnect`. */
  declare close: this['disconnect'];

  /** The listeners for all events. */
  readonly _any = new Emitter();
  readonly #outbox: Outbox;
  #flags: Flags = {};
  /** The connection on which it has asked to join. */
  #joining: Engine | undefined;
  #pid: string | undefined;
  #offset: string | undefined;

  /** For the manager: programs call `io()` or `manager.socket()`. */
  constructor(io: SocketHost, nsp: string, options: SocketOptions & ManagerOptions = {}) {
    super();
    Object.assign(this, { io, nsp, auth: options.auth });
    this.#outbox = outboxOf(this, options);
  }

  /** The opposite of `connected`. */
  get disconnected(): boolean {
    return !this.connected;
  }

  /** The next event is dropped unless it can be sent at once. */
  get volatile(): this {
    this.#flags.volatile = true;
    return this;
  }

  /** Whether the next event is compressed, if the connection compresses. */
  compress(compress: boolean): this {
    this.#flags.compress = compress;
    return this;
  }

  /** The callback of the next event takes an error first, and gets one after so many milliseconds. */
  timeout(ms: number): Socket<ListenEvents, DecorateAcknowledgements<EmitEvents>> {
    this.#flags.timeout = ms;
    return this as unknown as Socket<ListenEvents, DecorateAcknowledgements<EmitEvents>>;
  }

  /** Connects, and goes on doing so. */
  connect(): this {
    if (this.connected) return this;
    this.active = true;
    if (!this.io._reconnecting) this.io.open();
    this._onOpen();
    return this;
  }

  /** Leaves the namespace, and closes the connection if no other socket needs it. */
  disconnect(): this {
    const { connected } = this;
    if (connected) this.#send(DISCONNECT);
    this.#leave();
    if (connected) this._onClose('io client disconnect');
    return this;
  }

  /**
   * Sends an event. Without a connection it waits for one. A function as the last argument gets the answer.
   *
   * @throws Error for a name that only the library raises, and for what can't be sent, or kept, unless there is a callback
   * that takes an error
   */
  emit<Ev extends EventNames<EmitEvents>>(event: Ev, ...args: EventParams<EmitEvents, Ev>): this {
    const data: unknown[] = [event, ...args];
    return this.#emit(data, typeof data.at(-1) === 'function' && (data.pop() as Listener));
  }

  /** Like `emit`; a promise of the answer, which rejects after the timeout, or without the connection. */
  emitWithAck<Ev extends EventNamesWithAck<EmitEvents>>(
    event: Ev,
    ...args: AllButLast<EventParams<EmitEvents, Ev>>
  ): Promise<FirstNonErrorArg<Last<EventParams<EmitEvents, Ev>>>> {
    return new Promise((resolve, reject) => {
      this.#emit([event, ...args], false, (error, [answer]) =>
        error ? reject(error) : resolve(answer as never),
      );
    });
  }

  /** Emits `message`. */
  send(...args: EventParams<EmitEvents, 'message'>): this {
    return this.emit('message' as EventNames<EmitEvents>, ...(args as never));
  }

  #emit(data: unknown[], callback: Listener | false, promise?: Settle): this {
    const flags = this.#flags;
    this.#flags = {};
    this.#outbox._emit(data, flags, callback, promise);
    return this;
  }

  #send(type: PacketType, more?: Partial<SocketPacket>): void {
    this.io._send({ type, nsp: this.nsp, ...more });
  }

  /** It does not connect again by itself. */
  #leave(): void {
    this.active = false;
    this.io._leave();
  }

  /** Asks to join, if there is a connection. */
  _onOpen(): void {
    const { engine } = this.io;
    // Asked already: a second request would break the protocol.
    if (engine.readyState !== 'open' || this.#joining === engine) return;
    this.#joining = engine;
    const join = (auth?: object) => {
      if (this.#joining !== engine) return;
      this.#send(CONNECT, { data: this.#pid ? { pid: this.#pid, offset: this.#offset, ...auth } : auth });
    };
    if (typeof this.auth === 'function') this.auth(join);
    else join(this.auth);
  }

  _onError(error: Error): void {
    if (!this.connected) this._raise('connect_error', error);
  }

  /** @param unsent packets that have not left, and can't have been received */
  _onClose(
    reason: string,
    description?: DisconnectDescription,
    unsent: readonly (OutgoingPacket | undefined)[] = [],
  ): void {
    this.connected = false;
    this.id = this.#joining = undefined;
    this.sendBuffer.unshift(
      ...(unsent.filter((packet) => packet?.nsp === this.nsp && packet.type === EVENT) as OutgoingPacket[]),
    );
    this._raise('disconnect', reason, description);
    this.#outbox._disconnected();
  }

  _onPacket({ type, data, id }: SocketPacket): void {
    if (type === CONNECT) this.#onConnect(data);
    else if (type === EVENT) this.#onEvent(data, id);
    else if (type === ACK) this.#outbox._acknowledged(id, data);
    else {
      this.#joining = undefined;
      this.#leave();
      if (type === DISCONNECT) this._onClose('io server disconnect');
      else this._onError(Object.assign(new Error(data?.message ?? data), { data: data?.data }));
    }
  }

  #onConnect(data: { sid?: string; pid?: string } | undefined): void {
    if (!data?.sid) return this._onError(new Error('no sid'));
    if (!this.active) {
      // It was disconnected while it was joining.
      this.#joining = undefined;
      return this.#send(DISCONNECT);
    }
    this.id = data.sid;
    this.recovered = !!data.pid && this.#pid === data.pid;
    this.#pid = data.pid;
    this.connected = true;
    for (const args of this.receiveBuffer.splice(0)) this.#deliver(args);
    this.#outbox._flush();
    this._raise('connect');
  }

  #onEvent(args: unknown[], id: number | undefined): void {
    let answered = id === undefined;
    if (!answered) {
      args.push((...data: unknown[]) => {
        if (!answered && this.connected) this.#send(ACK, { id, data });
        answered = true;
      });
    }
    if (this.connected) this.#deliver(args);
    else this.receiveBuffer.push(args);
  }

  #deliver(args: readonly unknown[]): void {
    call(this.listenersAny(), this, args);
    this._raise(...(args as [string]));
    const last = args.at(-1);
    if (this.#pid && typeof last === 'string') this.#offset = last;
  }
}

const socket = Socket.prototype;
socket.open = socket.connect;
socket.close = socket.disconnect;
defineCatchAll(socket);
