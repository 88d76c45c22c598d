// Who joins and leaves in; who is in a room, and which rooms somebody is in, out (contract of `socket.io-adapter`).
import type { EventEmitter } from 'node:events';
import type { Room, SocketId } from './adapter-contract.ts';
import { forgetAudience, type Members } from './audience.ts';

/**
 * As `Members`, all who are in any room. Most sockets are in one only, that of their own id: they are just noted,
 * and get their entries in the two maps, 450 bytes, when they join another or somebody asks for what is in the maps.
 */
export class Memberships implements Members {
  readonly #events: EventEmitter;
  readonly #members = new Map<Room, Set<SocketId>>();
  readonly #joined = new Map<SocketId, Set<Room>>();
  /** In their own room and no other, nobody else is in it, and neither is in the maps. */
  readonly #alone = new Set<SocketId>();
  /** Somebody was given the maps, which from then on are kept complete. */
  #isShown = false;

  /** @param events raises `create-room`, `join-room`, `leave-room` and `delete-room` */
  constructor(events: EventEmitter) {
    this.#events = events;
  }

  get membersByRoom(): Map<Room, Set<SocketId>> {
    this.#showAll();
    return this.#members;
  }

  get roomsBySocket(): Map<SocketId, Set<Room>> {
    this.#showAll();
    return this.#joined;
  }

  /** Who is in a room; to be read only. */
  membersOf(room: Room): ReadonlySet<SocketId> | undefined {
    return this.#members.get(room) ?? (this.#alone.has(room) ? new Set([room]) : undefined);
  }

  roomsOf(id: SocketId): Set<Room> | undefined {
    this.#show(id);
    return this.#joined.get(id);
  }

  get size(): number {
    return this.#joined.size + this.#alone.size;
  }

  has(id: SocketId): boolean {
    return this.#joined.has(id) || this.#alone.has(id);
  }

  *keys(): IterableIterator<SocketId> {
    yield* this.#joined.keys();
    // A copy: whoever is served may have others shown, which are still to be served, but once.
    for (const id of [...this.#alone]) if (this.has(id)) yield id;
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
    if (this.#alone.has(id) && room !== id) return;
    this.#show(id);
    this.#joined.get(id)?.delete(room);
    this.#exit(id, room);
  }

  leaveAll(id: SocketId): void {
    const joined = this.#joined.get(id);
    if (joined !== undefined) {
      for (const room of joined) this.#exit(id, room);
      this.#joined.delete(id);
      forgetAudience(this);
    } else if (this.#alone.delete(id)) {
      forgetAudience(this);
      this.#events.emit('leave-room', id, id);
      this.#events.emit('delete-room', id);
    }
  }

  #joinAlone(id: SocketId, rooms: ReadonlySet<Room>): boolean {
    if (this.#isShown || rooms.size !== 1 || !rooms.has(id)) return false;
    if (this.#joined.has(id) || this.#members.has(id)) return false;
    if (this.#alone.has(id)) return true;
    this.#alone.add(id);
    forgetAudience(this);
    this.#events.emit('create-room', id);
    this.#events.emit('join-room', id, id);
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
    if (!this.#alone.delete(id)) return;
    this.#joined.set(id, new Set([id]));
    this.#members.set(id, new Set([id]));
  }

  #showAll(): void {
    if (this.#isShown) return;
    this.#isShown = true;
    for (const id of this.#alone) this.#show(id);
  }
}
