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
import { type Audience, audienceOf, sendShared } from './audience.ts';
import { type MembershipMaps, Memberships } from './memberships.ts';
import type { WriteOptions } from './session.ts';

/**
 * Keeps who is in which room, in memory. Raises `create-room` and `delete-room` with the room, `join-room` and
 * `leave-room` with the room and the id of a socket.
 */
export class Adapter extends QuietEmitter implements AdapterContract {
  readonly nsp: AdapterNamespace;
  #known: Memberships | undefined;

  constructor(nsp: AdapterNamespace) {
    super();
    this.nsp = nsp;
  }

  get #memberships(): Memberships {
    // A subclass may have maps of its own, as a field or set in its constructor.
    this.#known ??= new Memberships(this, ownMaps(this));
    return this.#known;
  }

  /** Who is in each room. Whoever never asks for this or `sids` saves 400 bytes for each socket in no room but its own. */
  get rooms(): Map<Room, Set<SocketId>> {
    return this.#memberships.membersByRoom;
  }
  set rooms(members: Map<Room, Set<SocketId>>) {
    this.#known = new Memberships(this, { members, joined: this.sids });
  }

  /** Which rooms each socket is in. */
  get sids(): Map<SocketId, Set<Room>> {
    return this.#memberships.roomsBySocket;
  }
  set sids(joined: Map<SocketId, Set<Room>>) {
    this.#known = new Memberships(this, { members: this.rooms, joined });
  }

  init(): Promise<void> | void {}

  close(): Promise<void> | void {}

  serverCount(): Promise<number> {
    return Promise.resolve(1);
  }

  addAll(id: SocketId, rooms: Set<Room>): Promise<void> | void {
    this.#memberships.join(id, rooms);
  }

  del(id: SocketId, room: Room): Promise<void> | void {
    this.#memberships.leave(id, room);
  }

  delAll(id: SocketId): void {
    this.#memberships.leaveAll(id);
  }

  socketRooms(id: SocketId): Set<Room> | undefined {
    return this.#memberships.roomsOf(id);
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
  #audienceOf(
    { rooms, flags }: BroadcastOptions,
    excluded: ReadonlySet<SocketId> | undefined,
  ): Audience | undefined {
    if (rooms.size > 1 || (excluded !== undefined && excluded.size > 1)) return undefined;
    if (flags?.volatile === true || this.nsp._hearsOutgoing === true) return undefined;
    const [room] = rooms;
    const members = room === undefined ? this.#memberships : this.#memberships.membersOf(room);
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
    return rooms.size === 0 ? this.#memberships.keys() : (this.#members(rooms) ?? []);
  }

  /** Who is in any of the rooms: a set of this adapter itself if it is one room, to be read only. */
  #members(rooms: Set<Room> | undefined): ReadonlySet<SocketId> | undefined {
    if (rooms === undefined || rooms.size === 0) return undefined;
    let first: ReadonlySet<SocketId> | undefined;
    let union: Set<SocketId> | undefined;
    for (const room of rooms) {
      const members = this.#memberships.membersOf(room);
      if (members === undefined) continue;
      if (first === undefined) {
        first = members;
        continue;
      }
      union ??= new Set(first);
      for (const id of members) union.add(id);
    }
    return union ?? first;
  }
}

function ownMaps(adapter: Adapter): MembershipMaps | undefined {
  if (!Object.hasOwn(adapter, 'rooms') && !Object.hasOwn(adapter, 'sids')) return undefined;
  return {
    members: Object.hasOwn(adapter, 'rooms') ? adapter.rooms : new Map(),
    joined: Object.hasOwn(adapter, 'sids') ? adapter.sids : new Map(),
  };
}
