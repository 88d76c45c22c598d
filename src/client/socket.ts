// A namespace as a program sees it: events and acknowledgements both ways, with or without a connection (client API, "Socket").
import { isReservedEvent, type SocketPacket } from '../protocol/socketio/packet.ts';
import { pendingAcks, type Settle } from './acks.ts';
import { type CatchAll, defineCatchAll } from './catch-all.ts';
import { call, Emitter, type Listener, report } from './emitter.ts';
import type { DisconnectDescription, Engine } from './engine-api.ts';
import type { Auth, AuthData, ManagerOptions, SocketOptions } from './options.ts';
import { ACK, CONNECT, DISCONNECT, EVENT } from './packet-type.ts';
import { later } from './platform.ts';
import { type Retries, retryQueue } from './retries.ts';
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
} from './typed-events.ts';

/** A packet that is to be sent, and how. */
export interface OutgoingPacket extends SocketPacket {
  readonly options?: { readonly compress?: boolean; readonly volatile?: boolean } | undefined;
}

/** What a socket needs of its manager. */
export interface SocketHost {
  readonly _readyState: string;
  readonly _reconnecting: boolean;
  readonly engine: Engine;
  open(): unknown;
  _send(packet: OutgoingPacket): void;
  _leave(): void;
}

interface Flags {
  compress?: boolean;
  volatile?: boolean;
  timeout?: number;
}

/** An event on its way. */
interface Emitted extends OutgoingPacket {
  id?: number;
  readonly options: Flags;
  /** Milliseconds for the acknowledgement. */
  readonly ms?: number | undefined;
  /** Whether somebody learns of an error by its callback. */
  readonly told?: boolean;
}

export interface SocketReservedEvents {
  /** Connected, or connected again. */
  connect: () => void;
  connect_error: (error: Error & { data?: unknown; description?: unknown; context?: unknown }) => void;
  disconnect: (reason: string, description?: DisconnectDescription) => void;
}

/** This client in one namespace: sends events, hears those of the server. Made by `io()` or `manager.socket()`. */
export class Socket<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
> extends Emitter<ListenEvents, SocketReservedEvents> {
  /** Given by the server; undefined unless connected. */
  id: string | undefined;
  /** Whether the server has accepted it, and the connection stands. */
  connected = false;
  /** Whether the last reply continued the session before: nothing that was sent to it in between is missing. */
  recovered = false;
  /** Sent with the request to join. */
  auth: Auth | undefined;
  /** Events that wait for a connection. */
  sendBuffer: OutgoingPacket[] = [];
  /** The arguments of events that have come before the reply to the request to join. */
  receiveBuffer: (readonly unknown[])[] = [];
  /** Whether it connects, and connects again, by itself. */
  active = false;
  /** The name of the namespace: begins with a slash. */
  readonly nsp: string;

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

  readonly #host: SocketHost;
  readonly #options: SocketOptions & ManagerOptions;
  readonly #acks = pendingAcks();
  readonly #retries: Retries | undefined;
  #flags: Flags = {};
  /** The connection on which it has asked to join. */
  #joining: Engine | undefined;
  #pid: string | undefined;
  #offset: string | undefined;

  /** For the manager: programs call `io()` or `manager.socket()`. */
  constructor(host: SocketHost, nsp: string, options: SocketOptions = {}) {
    super();
    this.#host = host;
    Object.assign(this, { io: host });
    this.nsp = nsp;
    this.#options = options;
    this.auth = options.auth;
    if (options.retries) this.#retries = retryQueue(options.retries, () => this.connected);
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
    if (!this.#host._reconnecting) this.#host.open();
    if (this.#host._readyState === 'open') this._onOpen();
    return this;
  }

  /** Leaves the namespace, and closes the connection if no other socket needs it. */
  disconnect(): this {
    this.active = false;
    const { connected } = this;
    if (connected) {
      this.#host._send({ type: DISCONNECT, nsp: this.nsp });
      this.#joining = undefined;
    }
    this.#host._leave();
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
    const list = args as unknown[];
    const callback = list.at(-1);
    if (typeof callback !== 'function') return this.#emit(event, list);
    const errorFirst = this.#deadline() !== undefined;
    const settle: Settle = (error, answer) => {
      if (error && !errorFirst) return;
      call([callback as Listener], this, error ? [error] : errorFirst ? [null, ...answer] : answer);
    };
    return this.#emit(event, list.slice(0, -1), settle, errorFirst);
  }

  /** Like `emit`; a promise of the answer, which rejects after the timeout, or without the connection. */
  emitWithAck<Ev extends EventNamesWithAck<EmitEvents>>(
    event: Ev,
    ...args: AllButLast<EventParams<EmitEvents, Ev>>
  ): Promise<FirstNonErrorArg<Last<EventParams<EmitEvents, Ev>>>> {
    return new Promise((resolve, reject) => {
      this.#emit(
        event,
        args,
        (error, answer) => {
          if (error) reject(error);
          else resolve(answer[0] as FirstNonErrorArg<Last<EventParams<EmitEvents, Ev>>>);
        },
        true,
      );
    });
  }

  /** Emits `message`. */
  send(...args: EventParams<EmitEvents, 'message'>): this {
    return this.emit('message' as EventNames<EmitEvents>, ...(args as never));
  }

  /** There is a connection: asks to join. */
  _onOpen(): void {
    const { engine } = this.#host;
    // Asked already: a second request would break the protocol.
    if (this.#joining === engine) return;
    this.#joining = engine;
    const join = (auth?: AuthData) => {
      if (this.#joining !== engine || engine.readyState !== 'open') return;
      this.#host._send({
        type: CONNECT,
        nsp: this.nsp,
        data: this.#pid ? { pid: this.#pid, offset: this.#offset, ...auth } : auth,
      });
    };
    if (typeof this.auth === 'function') this.auth(join);
    else join(this.auth);
  }

  _onError(error: Error): void {
    if (!this.connected) this._raise('connect_error', error);
  }

  /** @param unsent packets that have not left, and can't have been received */
  _onClose(reason: string, description?: DisconnectDescription, unsent?: ReadonlySet<OutgoingPacket>): void {
    this.connected = false;
    this.#joining = undefined;
    this.id = undefined;
    const waiting = this.sendBuffer as Emitted[];
    for (const packet of unsent ?? []) {
      if (packet?.nsp === this.nsp && packet.type === EVENT) waiting.push(packet as Emitted);
    }
    this._raise('disconnect', reason, description);
    this.#acks.disconnected(waiting.map(({ id }) => id));
  }

  _onPacket(packet: SocketPacket): void {
    const { type, data, id } = packet;
    if (type === CONNECT) this.#onConnect(data);
    else if (type === EVENT) this.#onEvent(data, id);
    else if (type === ACK) this.#acks.settle(id, null, data);
    else {
      this.active = false;
      this.#joining = undefined;
      this.#host._leave();
      if (type === DISCONNECT) this._onClose('io server disconnect');
      else
        this._raise('connect_error', Object.assign(new Error(data?.message ?? data), { data: data?.data }));
    }
  }

  #onConnect(data: { sid?: string; pid?: string } | undefined): void {
    if (!data?.sid) {
      this._raise('connect_error', new Error('no sid: is the server v2?'));
      return;
    }
    if (!this.active) {
      // It was disconnected while it was joining.
      this.#joining = undefined;
      this.#host._send({ type: DISCONNECT, nsp: this.nsp });
      return;
    }
    this.id = data.sid;
    this.recovered = !!data.pid && this.#pid === data.pid;
    this.#pid = data.pid;
    this.connected = true;
    for (const args of this.receiveBuffer.splice(0)) this.#deliver(args);
    for (const packet of this.sendBuffer.splice(0) as Emitted[]) {
      const refused = this.#write(packet);
      // Too late to throw it at who has emitted it.
      if (refused && !packet.told) report(refused);
    }
    this.#retries?.next();
    this._raise('connect');
  }

  #onEvent(data: unknown[] | undefined, id: number | undefined): void {
    const args = data ?? [];
    if (id !== undefined) args.push(this.#answer(id));
    if (this.connected) this.#deliver(args);
    else this.receiveBuffer.push(args);
  }

  /** Answers an event, once. */
  #answer(id: number): Listener {
    let sent = false;
    return (...data) => {
      if (sent) return;
      sent = true;
      if (this.connected) this.#host._send({ type: ACK, nsp: this.nsp, id, data });
    };
  }

  #deliver(args: readonly unknown[]): void {
    call(this.listenersAny(), this, args);
    this._raise(...(args as [string]));
    const last = args.at(-1);
    if (this.#pid && typeof last === 'string') this.#offset = last;
  }

  #deadline(): number | undefined {
    return this.#flags.timeout ?? this.#options.ackTimeout;
  }

  #emit(event: string | symbol, args: readonly unknown[], settle?: Settle, told = false): this {
    if (isReservedEvent(event)) throw new Error(`"${String(event)}" is a reserved event name`);
    const ms = this.#deadline();
    const options = this.#flags;
    this.#flags = {};
    const packet: Emitted = { type: EVENT, nsp: this.nsp, data: [event, ...args], options, ms, told };
    if (this.#retries && !options.volatile) {
      this.#retries.add(
        (tried) => this.#transmit({ ...packet, told: true }, tried),
        (error, answer, final) => {
          settle?.(error, answer, final);
          if (final && !told) report(error);
        },
      );
    } else {
      const refused = this.#transmit(packet, settle);
      if (refused && !told) throw refused;
    }
    return this;
  }

  /** Sends an event, or keeps it. Returns why it can't; `settle` has been told. */
  #transmit(packet: Emitted, settle?: Settle): Error | undefined {
    const { engine } = this.#host;
    const { ms, options } = packet;
    const ready = this.connected && (!options.volatile || engine._writable());
    if (options.volatile && !ready) return undefined;
    if (settle) packet.id = this.#acks.add(settle, ms, this.#options, () => this.#forget(packet));
    return ready && !engine._overdue() ? this.#write(packet) : this.#keep(packet);
  }

  #write(packet: OutgoingPacket): Error | undefined {
    try {
      this.#host._send(packet);
      call(this.listenersAnyOutgoing(), this, packet.data as unknown[]);
      return undefined;
    } catch (error) {
      return this.#refuse(packet, error as Error);
    }
  }

  #keep(packet: Emitted): Error | undefined {
    const { bufferLimit, bufferLifetime } = this.#options;
    if (this.sendBuffer.length >= bufferLimit!) {
      return this.#refuse(packet, new Error(`bufferLimit (${bufferLimit}) exceeded`));
    }
    this.sendBuffer.push(packet);
    if (bufferLifetime) {
      const expire = () => {
        if (this.#forget(packet)) this.#refuse(packet, new Error('bufferLifetime exceeded'));
      };
      later(this.#options, expire, bufferLifetime);
    }
    return undefined;
  }

  #forget(packet: OutgoingPacket): boolean {
    const at = this.sendBuffer.indexOf(packet);
    if (at >= 0) this.sendBuffer.splice(at, 1);
    return at >= 0;
  }

  #refuse(packet: OutgoingPacket, error: Error): Error {
    this.#acks.settle(packet.id, error, [], true);
    return error;
  }
}

const socket = Socket.prototype;
socket.open = socket.connect;
socket.close = socket.disconnect;
defineCatchAll(socket, 'Any');
defineCatchAll(socket, 'AnyOutgoing');
