// One client's membership of one namespace: who it is, the rooms it is in, its beginning and its end (Socket.IO v4 server API).
import type { IncomingMessage } from 'node:http';
import { newId } from '../ids.ts';
import { PacketType } from '../protocol/socketio/packet.ts';
import type { Acknowledgement } from './acknowledgements.ts';
import type {
  AdapterContract,
  PrivateSessionId,
  RestoredSession,
  Room,
  SocketId,
} from './adapter-contract.ts';
import { CatchAllEmitter, type CatchAllListener } from './catch-all.ts';
import type { Client, ClientSocket } from './client.ts';
import { type DisconnectReason, isRecoverable } from './disconnect-reason.ts';
import { dispatch, type Failing, ignoreRejection, reporting, toError } from './failures.ts';
import { type Handshake, readHandshake } from './handshake.ts';
import type { HubServer } from './hub-server.ts';
import type { Session } from './session.ts';
import type { EventsMap } from './typed-events.ts';

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
  _hearsOutgoing: boolean;
  _remove(socket: OneSocket): void;
}

/** @typeParam Self the class of the sockets of the namespace */
export abstract class Member<ListenEvents extends EventsMap, SocketData, Self>
  extends CatchAllEmitter<ListenEvents, SocketReservedEvents>
  implements Failing
{
  /** Secret of nobody but not to be guessed; also the name of a room that only this socket is in. */
  readonly id: SocketId;
  /** The namespace it is in. */
  readonly nsp: SocketNamespace<Self>;
  /** The connection, which it shares with the sockets of the same client in other namespaces. */
  readonly client: Client;
  /** Whether it continues a connection that was cut: with the same id, rooms and data. */
  readonly recovered: boolean;
  /** False before the connection is accepted and after it has ended. */
  connected = false;

  readonly #pid: PrivateSessionId | undefined;
  readonly #auth: Handshake['auth'] | undefined;
  readonly #issued = Date.now();
  #handshake: Handshake | undefined;
  #data: SocketData | undefined;
  #acks: Map<number, Acknowledgement> | undefined;
  #gone = false;
  #restored: RestoredSession | undefined;

  /** For the namespace: programs get sockets with the event `connection`. */
  constructor(
    nsp: SocketNamespace<Self>,
    client: Client,
    auth: Handshake['auth'] | undefined,
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

  /** The server that it is connected to. */
  get server(): HubServer {
    return this.nsp.server;
  }

  /** The adapter of its namespace. */
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

  /** The opposite of `connected`. */
  get disconnected(): boolean {
    return !this.connected;
  }

  /** What the client said when it connected; kept when the request itself is gone. */
  get handshake(): Handshake {
    this.#handshake ??= readHandshake(
      this.client._opening,
      this.conn.remoteAddress,
      this.#issued,
      this.#auth ?? {},
    );
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

  protected override _hearOutgoing(): CatchAllListener[] {
    this.nsp._hearsOutgoing = true;
    return [];
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

  /** Who waits for this reply, if anybody does: nobody will any more. */
  _takeAck(id: number): Acknowledgement | undefined {
    const ack = this.#acks?.get(id);
    this.#acks?.delete(id);
    return ack;
  }

  /** Joins rooms. Returns what the adapter returns: with adapters of several nodes, a promise. */
  join(rooms: Room | Room[]): Promise<void> | void {
    if (this.#gone) return;
    return ignoreRejection(this.adapter.addAll(this.id, new Set(Array.isArray(rooms) ? rooms : [rooms])));
  }

  /** Leaves a room. Returns what the adapter returns, as `join` does. */
  leave(room: Room): Promise<void> | void {
    return ignoreRejection(this.adapter.del(this.id, room));
  }

  /** The connection is accepted: what was missed comes first, then the reply. */
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

  /** The end, in the order that programs rely on. */
  _onClose(reason: DisconnectReason, description?: unknown): void {
    if (!this.connected) return;
    dispatch(this, this, 'disconnecting', [reason, description]);
    if (isRecoverable(reason)) this.#persist();
    this._cleanUp();
    this.client._remove(this as unknown as ClientSocket);
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
    this.nsp._remove(this as unknown as Self);
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
