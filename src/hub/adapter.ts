// Rooms and broadcasts of one namespace on one node: the adapter unless another is given (contract of `socket.io-adapter`).
import { QuietEmitter } from '../quiet-emitter.ts';
import type {
  AdapterContract,
  AdapterNamespace,
  AdapterSocket,
  BroadcastOptions,
  BroadcastPacket,
  RestoredSession,
  Room,
  SessionToPersist,
  SocketId,
} from './adapter-contract.ts';
import { type Audience, audienceOf, forgetAudience, sendShared } from './audience.ts';
import type { WriteOptions } from './session.ts';

/**
 * Keeps who is in which room, in memory. Raises `create-room` and `delete-room` with the room, `join-room` and
 * `leave-room` with the room and the id of a socket.
 */
export class Adapter extends QuietEmitter implements AdapterContract {
  readonly nsp: AdapterNamespace;
  readonly rooms = new Map<Room, Set<SocketId>>();
  readonly sids = new Map<SocketId, Set<Room>>();

  constructor(nsp: AdapterNamespace) {
    super();
    this.nsp = nsp;
  }

  init(): Promise<void> | void {}

  close(): Promise<void> | void {}

  serverCount(): Promise<number> {
    return Promise.resolve(1);
  }

  addAll(id: SocketId, rooms: Set<Room>): Promise<void> | void {
    let joined = this.sids.get(id);
    if (joined === undefined) {
      joined = new Set();
      this.sids.set(id, joined);
      forgetAudience(this.sids);
    }
    for (const room of rooms) {
      joined.add(room);
      let members = this.rooms.get(room);
      if (members === undefined) {
        members = new Set();
        this.rooms.set(room, members);
        this.emit('create-room', room);
      }
      if (members.has(id)) continue;
      members.add(id);
      forgetAudience(members);
      this.emit('join-room', room, id);
    }
  }

  del(id: SocketId, room: Room): Promise<void> | void {
    this.sids.get(id)?.delete(room);
    this.#leave(id, room);
  }

  delAll(id: SocketId): void {
    const joined = this.sids.get(id);
    if (joined === undefined) return;
    for (const room of joined) this.#leave(id, room);
    this.sids.delete(id);
    forgetAudience(this.sids);
  }

  #leave(id: SocketId, room: Room): void {
    const members = this.rooms.get(room);
    if (members === undefined) return;
    if (members.delete(id)) {
      forgetAudience(members);
      this.emit('leave-room', room, id);
    }
    if (members.size === 0 && this.rooms.delete(room)) this.emit('delete-room', room);
  }

  socketRooms(id: SocketId): Set<Room> | undefined {
    return this.sids.get(id);
  }

  broadcast(packet: BroadcastPacket, opts: BroadcastOptions): void {
    packet.nsp = this.nsp.name;
    const messages = this.nsp.server.encoder.encode(packet);
    const shared = { packet, messages, options: this.#writeOptions(messages, opts) };
    const excluded = this.#members(opts.except);
    const audience = this.#audienceOf(opts, excluded);
    if (audience === undefined) {
      this.#each(opts, (socket) => sendShared(socket, shared));
    } else {
      const [except = ''] = excluded ?? [];
      audience.send(shared, this.nsp.sockets.get(except));
    }
  }

  /** For one room, or everyone, with at most one exception: the sender, mostly; and where nobody has to be asked first. */
  #audienceOf({ rooms, flags }: BroadcastOptions, excluded: Set<SocketId> | undefined): Audience | undefined {
    if (rooms.size > 1 || (excluded !== undefined && excluded.size > 1)) return undefined;
    if (flags?.volatile === true || this.nsp._hearsOutgoing === true) return undefined;
    const [room] = rooms;
    const members = room === undefined ? this.sids : this.rooms.get(room);
    return members && audienceOf(members, this.nsp.sockets);
  }

  broadcastWithAck(
    packet: BroadcastPacket,
    opts: BroadcastOptions,
    clientCountCallback: (clientCount: number) => void,
    ack: (...args: unknown[]) => void,
  ): void {
    packet.nsp = this.nsp.name;
    packet.id = this.nsp._ids++;
    const { id } = packet;
    const encoded = this.nsp.server.encoder.encode(packet);
    const how = this.#writeOptions(encoded, opts);
    let clients = 0;
    this.#each(opts, (socket) => {
      clients++;
      socket.acks.set(id, ack);
      socket.notifyOutgoingListeners?.(packet);
      socket.client.writeToEngine(encoded, how);
    });
    clientCountCallback(clients);
  }

  /** One object for all recipients, which says what they share. */
  #writeOptions(shared: object, opts: BroadcastOptions): WriteOptions {
    return {
      preEncoded: true,
      shared,
      volatile: opts.flags?.volatile,
      compress: opts.flags?.compress !== false,
    };
  }

  sockets(rooms: Set<Room>): Promise<Set<SocketId>> {
    const ids = new Set<SocketId>();
    this.#each({ rooms }, (socket) => ids.add(socket.id));
    return Promise.resolve(ids);
  }

  fetchSockets(opts: BroadcastOptions): Promise<AdapterSocket[]> {
    const sockets: AdapterSocket[] = [];
    this.#each(opts, (socket) => sockets.push(socket));
    return Promise.resolve(sockets);
  }

  addSockets(opts: BroadcastOptions, rooms: Room[]): void {
    this.#each(opts, (socket) => socket.join(rooms));
  }

  delSockets(opts: BroadcastOptions, rooms: Room[]): void {
    this.#each(opts, (socket) => {
      for (const room of rooms) socket.leave(room);
    });
  }

  disconnectSockets(opts: BroadcastOptions, close: boolean): void {
    this.#each(opts, (socket) => socket.disconnect(close));
  }

  serverSideEmit(_packet: unknown[]): void {
    console.warn('this adapter does not support the serverSideEmit() functionality');
  }

  persistSession(_session: SessionToPersist): void {}

  restoreSession(_pid: string, _offset: string): Promise<RestoredSession | null> | RestoredSession | null {
    return null;
  }

  /** Calls `use` once for each connected socket that is meant. */
  #each(opts: BroadcastOptions, use: (socket: AdapterSocket) => void): void {
    const excluded = this.#members(opts.except);
    for (const id of this.#candidates(opts.rooms)) {
      if (excluded?.has(id)) continue;
      const socket = this.nsp.sockets.get(id);
      if (socket !== undefined) use(socket);
    }
  }

  #candidates(rooms: Set<Room>): Iterable<SocketId> {
    return rooms.size === 0 ? this.sids.keys() : (this.#members(rooms) ?? []);
  }

  /** Who is in any of the rooms: a set of this adapter itself if it is one room, to be read only. */
  #members(rooms: Set<Room> | undefined): Set<SocketId> | undefined {
    if (rooms === undefined || rooms.size === 0) return undefined;
    let union: Set<SocketId> | undefined;
    let shared = true;
    for (const room of rooms) {
      const members = this.rooms.get(room);
      if (members === undefined) continue;
      if (union === undefined) {
        union = members;
        continue;
      }
      if (shared) union = new Set(union);
      shared = false;
      for (const id of members) union.add(id);
    }
    return union;
  }
}
