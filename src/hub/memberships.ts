// Who joins and leaves in; who is in a room, and which rooms somebody is in, out (contract of `socket.io-adapter`).
import { EventEmitter } from 'node:events';
import type { Room, SocketId } from './adapter-contract.ts';
import { forgetAudience, type Members } from './audience.ts';

/** Both maps of the contract. */
export interface MembershipMaps {
  readonly members: Map<Room, Set<SocketId>>;
  readonly joined: Map<SocketId, Set<Room>>;
}

/**
 * As `Members`, all who are in any room. Most sockets are in one only, that of their own id: they are just noted, and
 * get a set of their own and a room, 400 bytes, when they join another, or when somebody wants to know of rooms.
 */
export class Memberships implements Members {
  readonly #events: EventEmitter;
  readonly #members: Map<Room, Set<SocketId>>;
  /** Undefined stands for their own room alone, which nobody else is in, and which is not among the rooms then. */
  readonly #joined: Map<SocketId, Set<Room> | undefined>;
  /** Somebody was given the maps, which from then on are kept complete. */
  #isShown: boolean;

  /**
   * @param events raises `create-room`, `join-room`, `leave-room` and `delete-room`
   * @param given maps that somebody else has, and that are to be used
   */
  constructor(events: EventEmitter, given?: MembershipMaps) {
    this.#events = events;
    this.#members = given?.members ?? new Map();
    this.#joined = given?.joined ?? new Map();
    this.#isShown = given !== undefined;
  }

  get membersByRoom(): Map<Room, Set<SocketId>> {
    this.#showAll();
    return this.#members;
  }

  get roomsBySocket(): Map<SocketId, Set<Room>> {
    this.#showAll();
    return this.#joined as Map<SocketId, Set<Room>>;
  }

  /** Who is in a room; to be read only. */
  membersOf(room: Room): ReadonlySet<SocketId> | undefined {
    return this.#members.get(room) ?? (this.#isAlone(room) ? new Set([room]) : undefined);
  }

  roomsOf(id: SocketId): Set<Room> | undefined {
    this.#show(id);
    return this.#joined.get(id);
  }

  get size(): number {
    return this.#joined.size;
  }

  has(id: SocketId): boolean {
    return this.#joined.has(id);
  }

  keys(): IterableIterator<SocketId> {
    return this.#joined.keys();
  }

  join(id: SocketId, rooms: ReadonlySet<Room>): void {
    if (this.#joinAlone(id, rooms)) return;
    this.#show(id);
    let joined = this.#joined.get(id);
    if (joined === undefined) {
      joined = new Set();
      this.#joined.set(id, joined);
      forgetAudience(this);
    }
    for (const room of rooms) {
      joined.add(room);
      this.#enter(id, room);
    }
  }

  leave(id: SocketId, room: Room): void {
    if (this.#isAlone(id) && room !== id) return;
    this.#show(id);
    this.#joined.get(id)?.delete(room);
    this.#exit(id, room);
  }

  leaveAll(id: SocketId): void {
    if (this.#isHeard) this.#show(id);
    const joined = this.#joined.get(id);
    if (joined !== undefined) for (const room of joined) this.#exit(id, room);
    if (this.#joined.delete(id)) forgetAudience(this);
  }

  /** Whether anybody is told what happens, and may look at the rooms meanwhile. */
  get #isHeard(): boolean {
    return this.#events.eventNames().length > 0 || this.#events.emit !== EventEmitter.prototype.emit;
  }

  #isAlone(id: SocketId): boolean {
    return this.#joined.get(id) === undefined && this.#joined.has(id);
  }

  #joinAlone(id: SocketId, rooms: ReadonlySet<Room>): boolean {
    if (rooms.size !== 1 || !rooms.has(id)) return false;
    if (this.#isAlone(id)) return true;
    if (this.#isShown || this.#isHeard || this.#joined.has(id) || this.#members.has(id)) return false;
    this.#joined.set(id, undefined);
    forgetAudience(this);
    return true;
  }

  #enter(id: SocketId, room: Room): void {
    this.#show(room);
    let members = this.#members.get(room);
    if (members === undefined) {
      members = new Set();
      this.#members.set(room, members);
      this.#events.emit('create-room', room);
    }
    if (members.has(id)) return;
    members.add(id);
    forgetAudience(members);
    this.#events.emit('join-room', room, id);
  }

  #exit(id: SocketId, room: Room): void {
    const members = this.#members.get(room);
    if (members === undefined) return;
    if (members.delete(id)) {
      forgetAudience(members);
      this.#events.emit('leave-room', room, id);
    }
    if (members.size === 0 && this.#members.delete(room)) this.#events.emit('delete-room', room);
  }

  #show(id: SocketId): void {
    if (!this.#isAlone(id)) return;
    this.#joined.set(id, new Set([id]));
    this.#members.set(id, new Set([id]));
  }

  #showAll(): void {
    if (this.#isShown) return;
    this.#isShown = true;
    for (const id of this.#joined.keys()) this.#show(id);
  }
}
