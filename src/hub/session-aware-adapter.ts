// Connection state recovery on one node: remembers cut sessions and recent packets, and tells what was missed (Socket.IO protocol v5).
import { PacketType } from '../protocol/socketio/packet.ts';
import { Adapter } from './adapter.ts';
import type {
  AdapterNamespace,
  BroadcastOptions,
  BroadcastPacket,
  RestoredSession,
  Room,
  SessionToPersist,
} from './adapter-contract.ts';
import { Offsets } from './offsets.ts';

interface LoggedPacket {
  readonly offset: string;
  readonly emittedAt: number;
  readonly data: unknown[];
  readonly rooms: ReadonlySet<Room>;
  readonly except: ReadonlySet<Room> | undefined;
}

interface CutSession {
  readonly session: SessionToPersist;
  readonly disconnectedAt: number;
}

/** Milliseconds between the times when what is too old is forgotten. */
const sweepInterval = 60_000;

/** Packets that are remembered at most: a client that missed more starts anew. */
const maxPackets = 100_000;

/** Cut sessions that are remembered at most: of more, the oldest start anew. */
const maxSessions = 100_000;

export class SessionAwareAdapter extends Adapter {
  readonly #maxDisconnectionDuration: number;
  readonly #sessions = new Map<string, CutSession>();
  readonly #offsets = new Offsets();
  #packets: LoggedPacket[] = [];
  readonly #sweeper: NodeJS.Timeout;

  constructor(nsp: AdapterNamespace) {
    super(nsp);
    this.#maxDisconnectionDuration =
      nsp.server.opts.connectionStateRecovery?.maxDisconnectionDuration ?? 120_000;
    this.#sweeper = setInterval(() => this.#sweep(), sweepInterval);
    this.#sweeper.unref();
  }

  override close(): void {
    clearInterval(this.#sweeper);
  }

  override persistSession(session: SessionToPersist): void {
    this.#sessions.set(session.pid, { session, disconnectedAt: Date.now() });
    if (this.#sessions.size <= maxSessions) return;
    for (const oldest of this.#sessions.keys()) {
      this.#sessions.delete(oldest);
      return;
    }
  }

  /** Hands a session out once: its socket must not come alive twice. */
  override restoreSession(pid: string, offset: string): RestoredSession | null {
    const cut = this.#sessions.get(pid);
    if (cut === undefined || this.#isTooOld(cut.disconnectedAt)) return null;
    const from = this.#packets.findLastIndex((packet) => packet.offset === offset);
    if (from === -1) return null;
    this.#sessions.delete(pid);
    const rooms = new Set(cut.session.rooms);
    const missed = this.#packets.slice(from + 1).filter((packet) => isFor(rooms, packet));
    return { ...cut.session, missedPackets: missed.map(({ data }) => data) };
  }

  override broadcast(packet: BroadcastPacket, opts: BroadcastOptions): void {
    // What wants a reply, or may be lost, is not sent again.
    const recordable =
      packet.type === PacketType.EVENT && packet.id === undefined && opts.flags?.volatile !== true;
    if (recordable) this.#record(packet.data, opts);
    super.broadcast(packet, opts);
  }

  #record(data: unknown[], { rooms, except }: BroadcastOptions): void {
    const emittedAt = Date.now();
    const offset = this.#offsets.next(emittedAt);
    data.push(offset);
    this.#packets.push({ offset, emittedAt, data, rooms, except });
    if (this.#packets.length > 2 * maxPackets) this.#packets = this.#packets.slice(-maxPackets);
  }

  #isTooOld(time: number): boolean {
    return time + this.#maxDisconnectionDuration < Date.now();
  }

  #sweep(): void {
    for (const [pid, { disconnectedAt }] of this.#sessions) {
      if (this.#isTooOld(disconnectedAt)) this.#sessions.delete(pid);
    }
    const first = this.#packets.findIndex(({ emittedAt }) => !this.#isTooOld(emittedAt));
    this.#packets = first === -1 ? [] : this.#packets.slice(first);
  }
}

function isFor(rooms: ReadonlySet<Room>, packet: LoggedPacket): boolean {
  const meant = packet.rooms.size === 0 || intersect(packet.rooms, rooms);
  return meant && !(packet.except !== undefined && intersect(packet.except, rooms));
}

function intersect(some: ReadonlySet<Room>, others: ReadonlySet<Room>): boolean {
  for (const room of some) if (others.has(room)) return true;
  return false;
}
