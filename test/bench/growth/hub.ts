// What one more room, namespace or waiting acknowledgement costs the hub, few and many: a process of its own, no sockets.
import { createServer } from 'node:http';
import { type Namespace, Server } from '../../../src/index.ts';
import { median } from '../statistics.ts';
import type { GrowthPoint, GrowthSeries } from './series.ts';

/** A client without a connection: the hub is given its packets, and what it sends goes nowhere. */
class SilentSession {
  readonly id: string;
  readonly protocol = 4;
  readonly remoteAddress = '127.0.0.1';
  readyState = 'open';
  readonly transport = { name: 'none', writable: true };
  receiver: { onSessionData(data: string): void } | undefined = undefined;

  constructor(id: number) {
    this.id = `silent${id}`;
  }

  on(): this {
    return this;
  }
  removeListener(): this {
    return this;
  }
  write(): this {
    return this;
  }
  close(): void {
    this.readyState = 'closed';
  }
}

type Sockets = ReturnType<Namespace['sockets']['values']> extends Iterator<infer One> ? One[] : never;

const io = new Server(createServer(), { serveClient: false, connectTimeout: 600_000 });
let sessions = 0;

/** So many clients, all in the main namespace. */
async function connect(count: number): Promise<{ sockets: Sockets; sessions: SilentSession[] }> {
  const made = Array.from({ length: count }, () => new SilentSession(sessions++));
  const before = new Set(io.sockets.sockets.keys());
  for (const session of made) {
    io.onconnection(session as unknown as Parameters<Server['onconnection']>[0]);
    session.receiver?.onSessionData('0');
  }
  await settled();
  const sockets = [...io.sockets.sockets].flatMap(([id, socket]) => (before.has(id) ? [] : [socket]));
  return { sockets, sessions: made };
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

/** Time and memory of `work`, for each of `count` things that it makes. */
async function cost(x: number, count: number, work: () => unknown): Promise<GrowthPoint> {
  const heap = heapUsed();
  const started = process.cpuUsage();
  const kept = await work();
  const { user, system } = process.cpuUsage(started);
  const bytes = Math.max(0, heapUsed() - heap) / count;
  if (kept === undefined) throw new Error('nothing was made');
  return { x, micros: (user + system) / count, bytes };
}

function heapUsed(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** How many more are made where there are so many already: enough to be measured. */
const more = 2000;

function names(kind: string, count: number): string[] {
  return Array.from({ length: count }, () => `${kind}${made++}`);
}
let made = 0;

/** 100 clients are in so many rooms each; they join 20 more. */
async function rooms(x: number): Promise<GrowthPoint> {
  const { sockets } = await connect(100);
  const join = (rooms: readonly string[]) => {
    for (const socket of sockets) for (const room of rooms) socket.join(room);
    return rooms;
  };
  join(names('room', x));
  const others = names('room', more / sockets.length);
  const { bytes } = await cost(x, more, () => join(others));
  const times = 20;
  const { micros } = await cost(x, more * times, () => {
    for (let time = 0; time < times; time++) {
      for (const socket of sockets) for (const room of others) socket.leave(room);
      join(others);
    }
    return others;
  });
  for (const socket of sockets) socket.disconnect(true);
  return { x, micros, bytes };
}

async function namespaces(x: number): Promise<GrowthPoint> {
  const server = new Server(createServer(), { serveClient: false });
  for (const name of names('/namespace', x)) server.of(name);
  return cost(x, more, () => names('/namespace', more).map((name) => server.of(name)));
}

async function acknowledgements(x: number): Promise<GrowthPoint> {
  const { sockets, sessions } = await connect(1);
  let replies = 0;
  const ask = (count: number) => {
    for (let i = 0; i < count; i++) sockets[0]!.emit('question', () => replies++);
    return sockets;
  };
  ask(x - more);
  const first = io.sockets._ids;
  const { micros: asking = 0, bytes } = await cost(x, more, () => ask(more));
  const { micros: answering = 0 } = await cost(x, more, async () => {
    for (let i = 0; i < more; i++) sessions[0]!.receiver!.onSessionData(`3${first + i}[]`);
    await settled();
    return sockets;
  });
  if (replies !== more) throw new Error(`${replies} of ${more} replies were told`);
  sockets[0]!.disconnect(true);
  return { x, micros: asking + answering, bytes };
}

/** Compilers and collectors only ever add to the time; to the memory they may do either. */
function undisturbed(x: number, points: readonly GrowthPoint[]): GrowthPoint {
  const bytes = points.flatMap((point) => point.bytes ?? []);
  const micros = Math.min(...points.flatMap((point) => point.micros ?? []));
  return { x, micros, ...(bytes.length === 0 ? {} : { bytes: median(bytes) }) };
}

async function series(
  title: string,
  many: string,
  xs: readonly number[],
  point: (x: number) => Promise<GrowthPoint>,
): Promise<GrowthSeries> {
  // Once for the compiler, which is not what is measured.
  for (let time = 0; time < 3; time++) await point(xs[0]!);
  const points: GrowthPoint[] = [];
  for (const x of xs) points.push(undisturbed(x, [await point(x), await point(x), await point(x)]));
  return { title, many, points };
}

const all = [
  await series('a membership, of one client in', 'rooms', [1, 10, 100, 1000], rooms),
  await series('a namespace, of', 'namespaces', [1, 10, 100, 1000, 10_000], namespaces),
  await series(
    'an event and its reply, behind',
    'others that wait',
    [2000, 10_000, 30_000, 100_000],
    acknowledgements,
  ),
];
process.stdout.write(JSON.stringify(all));
