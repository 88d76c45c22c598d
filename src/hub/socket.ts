// One client in one namespace: its packets in, events out, and back (§5, §6 of the protocol; §6 of the server API).
import type { IncomingMessage } from 'node:http';
import {
  isReservedEvent,
  isValidPayload,
  PacketType,
  type SocketPacket,
} from '../protocol/socketio/packet.ts';
import { type Acknowledgement, awaitReply } from './acknowledgements.ts';
import type {
  AdapterContract,
  BroadcastFlags,
  BroadcastPacket,
  PrivateSessionId,
  RestoredSession,
  Room,
  SocketId,
} from './adapter-contract.ts';
import { BroadcastOperator } from './broadcast-operator.ts';
import { CatchAllEmitter } from './catch-all.ts';
import type { Client, ClientSocket } from './client.ts';
import { type DisconnectReason, isRecoverable } from './disconnect-reason.ts';
import { call, dispatch, type Failing, ignoreRejection, reporting, toError } from './failures.ts';
import { type Handshake, readHandshake } from './handshake.ts';
import type { HubServer } from './hub-server.ts';
import { newId } from './ids.ts';
import { type ExtendedError, type Held, type Middleware, runMiddlewares } from './middleware.ts';
import type { Session, WriteOptions } from './session.ts';
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

/** Events that sockets raise by themselves. */
export interface SocketReservedEvents {
  /** Is about to be gone: still connected, its rooms intact. */
  disconnecting: (reason: DisconnectReason, description?: unknown) => void;
  disconnect: (reason: DisconnectReason, description?: unknown) => void;
  /** An invalid packet, an error passed on by a middleware, or what a handler threw or rejected with. */
  error: (error: Error) => void;
}

/** What sockets use of their namespace. */
export interface SocketNamespace<OneSocket> {
  readonly name: string;
  readonly server: HubServer;
  adapter: AdapterContract;
  readonly sockets: Map<SocketId, OneSocket>;
  _ids: number;
  _remove(socket: OneSocket): void;
}

type ToMany<EmitEvents extends EventsMap, SocketData> = BroadcastOperator<
  DecorateAcknowledgementsWithMultipleResponses<EmitEvents>,
  SocketData
>;

// biome-ignore lint/suspicious/noExplicitAny: sockets of any events have this in common
export type AnySocket = Socket<any, any, any, any>;

function deliver(socket: AnySocket, args: Event): void {
  socket._deliver(args);
}

export class Socket<
    ListenEvents extends EventsMap = DefaultEventsMap,
    EmitEvents extends EventsMap = ListenEvents,
    ServerSideEvents extends EventsMap = DefaultEventsMap,
    // biome-ignore lint/suspicious/noExplicitAny: unless the program says what it keeps there
    SocketData = any,
  >
  extends CatchAllEmitter<ListenEvents, SocketReservedEvents>
  implements ClientSocket, Failing
{
  /** Secret of nobody but not to be guessed; also the name of a room that only this socket is in. */
  readonly id: SocketId;
  readonly nsp: SocketNamespace<Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>;
  readonly client: Client;
  /** Whether it continues a connection that was cut: with the same id, rooms and data. */
  readonly recovered: boolean;
  /** False before the connection is accepted and after it has ended. */
  connected = false;

  readonly #pid: PrivateSessionId | undefined;
  readonly #auth: Handshake['auth'];
  readonly #issued = Date.now();
  #handshake: Handshake | undefined;
  #data: SocketData | undefined;
  #acks: Map<number, Acknowledgement> | undefined;
  #flags: BroadcastFlags | undefined;
  #middlewares: Middleware<Event>[] | undefined;
  #held: Held | undefined;
  #gone = false;
  #restored: RestoredSession | undefined;

  constructor(
    nsp: SocketNamespace<Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>,
    client: Client,
    auth: Handshake['auth'],
    session?: RestoredSession,
  ) {
    super();
    this.nsp = nsp;
    this.client = client;
    this.#auth = auth;
    this.recovered = session !== undefined;
    if (session !== undefined) {
      this.id = session.sid;
      this.#pid = session.pid;
      this.#data = session.data;
      this.#restored = session;
    } else {
      this.id = newId();
      if (nsp.server.opts.connectionStateRecovery !== undefined) this.#pid = newId();
    }
  }

  get server(): HubServer {
    return this.nsp.server;
  }

  get adapter(): AdapterContract {
    return this.nsp.adapter;
  }

  /** The session underneath. */
  get conn(): Session {
    return this.client.conn;
  }

  /** The HTTP request that began the session. */
  get request(): IncomingMessage {
    return this.client.request;
  }

  get disconnected(): boolean {
    return !this.connected;
  }

  get handshake(): Handshake {
    this.#handshake ??= readHandshake(this.client.conn, this.#issued, this.#auth);
    return this.#handshake;
  }

  /** The program's own; travels to other nodes and is there again after a recovery. */
  get data(): SocketData {
    this.#data ??= {} as SocketData;
    return this.#data;
  }
  set data(data: SocketData) {
    this.#data = data;
  }

  /** The rooms it is in: the adapter's own set while it is connected. */
  get rooms(): Set<Room> {
    return this.adapter.socketRooms(this.id) ?? new Set();
  }

  /** Acknowledgements that this client owes, by packet id; adapters add theirs. */
  get acks(): Map<number, Acknowledgement> {
    this.#acks ??= new Map();
    return this.#acks;
  }

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
      this.client.packet(
        { type: packet.type, nsp: this.nsp.name, id: packet.id, data: packet.data },
        { volatile: flags.volatile, compress: flags.compress },
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

  /** Joins rooms. Returns what the adapter returns: with adapters of several nodes, a promise. */
  join(rooms: Room | Room[]): Promise<void> | void {
    if (this.#gone) return;
    return ignoreRejection(this.adapter.addAll(this.id, new Set(Array.isArray(rooms) ? rooms : [rooms])));
  }

  leave(room: Room): Promise<void> | void {
    return ignoreRejection(this.adapter.del(this.id, room));
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

  /** The connection is accepted: what was missed comes first, then the reply (§8). */
  _onConnect(): void {
    this.connected = true;
    const session = this.#restored;
    this.#restored = undefined;
    this.join([this.id, ...(session?.rooms ?? [])]);
    const nsp = this.nsp.name;
    for (const data of session?.missedPackets ?? [])
      this.client.packet({ type: PacketType.EVENT, nsp, data });
    const data = this.#pid === undefined ? { sid: this.id } : { sid: this.id, pid: this.#pid };
    this.client.packet({ type: PacketType.CONNECT, nsp, data });
  }

  /** The connection is refused. */
  _onRefused(message: string, data: unknown): void {
    this.client.packet({ type: PacketType.CONNECT_ERROR, nsp: this.nsp.name, data: { message, data } });
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

  #onEvent({ data, id }: SocketPacket): void {
    // Parsers of others may let pass what ours refuses.
    if (!isValidPayload(PacketType.EVENT, data)) return this.client._refuse(new Error('invalid payload'));
    const args = data as Event;
    if (id !== undefined && id !== null) args.push(this.#replyTo(id));
    const catchAll = this.incomingListeners;
    if (catchAll !== undefined) for (const listener of catchAll) call(this, listener, this, args);
    if (this.#middlewares === undefined) process.nextTick(deliver, this, args);
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

  _deliver(args: Event): void {
    if (this.connected) dispatch(this, this, args[0], args.slice(1));
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
    const ack = this.#acks?.get(id!);
    if (ack === undefined) return;
    this.#acks!.delete(id!);
    call(this, ack, this, Array.isArray(data) ? data : []);
  }

  /** The end, in the order of §6.6 of the server API. */
  _onClose(reason: DisconnectReason, description?: unknown): void {
    if (!this.connected) return;
    dispatch(this, this, 'disconnecting', [reason, description]);
    if (isRecoverable(reason)) this.#persist();
    this._cleanUp();
    this.client._remove(this);
    this.connected = false;
    dispatch(this, this, 'disconnect', [reason, description]);
  }

  #persist(): void {
    if (this.#pid === undefined) return;
    const session = { sid: this.id, pid: this.#pid, rooms: [...this.rooms], data: this.data };
    ignoreRejection(this.adapter.persistSession(session) as unknown);
  }

  /** Leaves all rooms and the namespace, for good. A session that was restored in vain is put back. */
  _cleanUp(): void {
    if (this.#restored !== undefined) ignoreRejection(this.adapter.persistSession(this.#restored) as unknown);
    this.#restored = undefined;
    ignoreRejection(this.adapter.delAll(this.id) as unknown);
    this.nsp._remove(this);
    this.#gone = true;
  }

  _onError(error: Error): void {
    dispatch(reporting, this, 'error', [error]);
  }

  /** A handler failed. Whoever listens to no errors will find it in the log. */
  _fail(error: unknown): void {
    if (this.listenerCount('error') > 0) this._onError(toError(error));
    else reporting._fail(error);
  }
}
