// The cells of the benchmark, as a table: each is one kind of work that every peer is given.
import type { Contest } from './peers/list.ts';
import type { Message, Work } from './work.ts';

export interface Unit {
  one: string;
  many: string;
}

export interface Cell {
  name: string;
  /** Who takes part. */
  contest: Contest;
  /** What is counted: one, and many. */
  unit: Unit;
  work: Work;
  /** Peers that cannot take part, and why. */
  without?: Record<string, string>;
}

const MESSAGE: Unit = { one: 'message', many: 'messages' };
const DELIVERY: Unit = { one: 'delivery', many: 'deliveries' };

const EVENT: Unit = { one: 'event', many: 'events' };

const SMALL: Message = { bytes: 64, binary: false, distinct: 64 };

export const cells: readonly Cell[] = [
  {
    name: 'echo 64 B, 1 in flight, 100 connections',
    contest: 'WebSocket',
    unit: MESSAGE,
    work: { kind: 'echo', connections: 100, inFlight: 1, message: SMALL },
  },
  {
    name: 'echo 64 B, 64 in flight, 50 connections',
    contest: 'WebSocket',
    unit: MESSAGE,
    work: { kind: 'echo', connections: 50, inFlight: 64, message: SMALL },
  },
  {
    name: 'echo 64 KiB binary, 10 connections',
    contest: 'WebSocket',
    unit: MESSAGE,
    work: {
      kind: 'echo',
      connections: 10,
      inFlight: 1,
      message: { bytes: 64 * 1024, binary: true, distinct: 4 },
    },
  },
  {
    name: 'echo 1 MiB binary, 10 connections',
    contest: 'WebSocket',
    unit: MESSAGE,
    work: {
      kind: 'echo',
      connections: 10,
      inFlight: 1,
      message: { bytes: 1024 * 1024, binary: true, distinct: 2 },
    },
  },
  {
    name: 'broadcast 64 B to 1,000 clients, 1 outstanding',
    contest: 'WebSocket',
    unit: DELIVERY,
    work: { kind: 'broadcast', clients: 1000, outstanding: 1, message: SMALL },
  },
  {
    name: 'broadcast 64 B to 1,000 clients, 8 outstanding',
    contest: 'WebSocket',
    unit: DELIVERY,
    work: { kind: 'broadcast', clients: 1000, outstanding: 8, message: SMALL },
  },
  {
    name: 'handshakes: connect, upgrade, close',
    contest: 'WebSocket',
    unit: { one: 'handshake', many: 'handshakes' },
    work: { kind: 'handshakes', parallel: 64 },
  },
  {
    name: 'memory of 10,000 idle connections',
    contest: 'WebSocket',
    unit: { one: 'connection', many: 'connections' },
    work: { kind: 'idle', connections: 10_000, message: SMALL },
  },
  {
    name: 'echo with deflate, 1 KiB text, 8 in flight, 50 connections',
    contest: 'WebSocket',
    unit: MESSAGE,
    // 64 KiB of different text: more than the 32 KiB window, so a reply never finds its own earlier copy.
    work: {
      kind: 'deflate',
      connections: 50,
      inFlight: 8,
      message: { bytes: 1024, binary: false, distinct: 64 },
    },
    without: { floor: 'ready-made replies leave nothing of the work of compressing' },
  },
  {
    name: 'latency at 5,000 messages a second, open loop, 100 connections',
    contest: 'WebSocket',
    unit: MESSAGE,
    work: { kind: 'paced', connections: 100, perSecond: 5000, message: SMALL },
  },
  {
    name: 'event with acknowledgement, 8 in flight, 100 clients',
    contest: 'Socket.IO',
    unit: EVENT,
    work: { kind: 'echo', connections: 100, inFlight: 8, message: { ...SMALL, event: 'echo' } },
  },
  {
    name: 'io.emit to 1,001 clients, 8 outstanding',
    contest: 'Socket.IO',
    unit: DELIVERY,
    work: { kind: 'broadcast', clients: 1001, outstanding: 8, message: { ...SMALL, event: 'publish' } },
  },
  {
    name: 'memory of 10,000 idle Socket.IO clients',
    contest: 'Socket.IO',
    unit: { one: 'client', many: 'clients' },
    work: { kind: 'idle', connections: 10_000, message: { ...SMALL, event: 'echo' } },
  },
];

/** The cells whose name holds every one of some group of words; groups are separated by commas. */
export function selectCells(only: string): readonly Cell[] {
  const groups = only
    .toLowerCase()
    .split(',')
    .map((group) => group.split(/\s+/).filter((word) => word !== ''))
    .filter((group) => group.length > 0);
  if (groups.length === 0) return cells;
  return cells.filter(({ name }) =>
    groups.some((words) => words.every((word) => name.toLowerCase().includes(word))),
  );
}
