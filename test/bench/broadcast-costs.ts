// What each trick of a broadcast saves: the same messages to the same clients, without it and with it; JSON for docs/data out.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Server } from '../../src/index.ts';
import { WebSocketServer } from '../../src/websocket/index.ts';
import type { Task } from './audience.ts';
import { median } from './statistics.ts';

const CLIENTS = 250;
const MESSAGES = 200;
const REPETITIONS = 7;
const BURST = 10;

const text =
  'Somebody has said something, and all who are in the room shall hear of it at the same time as she does.';
const news = {
  id: 4711,
  room: 'tea',
  from: 'Ada',
  at: '2026-11-25T15:00:00.000Z',
  text,
  marks: ['new', 'long'],
};

const page = Array.from({ length: 40 }, (_, at) => ({ ...news, id: at }));

/** One message to all clients. */
type Send = () => void;

const http = createServer().listen(0, '127.0.0.1');
await once(http, 'listening');
const { port } = http.address() as AddressInfo;
const io = new Server(http, { serveClient: false });
const webSockets = new WebSocketServer({ server: http, path: '/' });

interface Trick {
  readonly name: string;
  readonly socketIo: boolean;
  readonly without: Send;
  readonly with: Send;
  /** How many messages leave in one tick without and with the trick; 1 if it is not about that. */
  readonly bursts?: readonly [number, number];
}

function emitted(name: string, argument: unknown): Trick {
  return {
    name,
    socketIo: true,
    without: () => {
      for (const socket of io.sockets.sockets.values()) socket.emit('news', argument);
    },
    with: () => void io.emit('news', argument),
  };
}

const tricks: readonly Trick[] = [
  emitted('encode once', news),
  emitted('encode once, 8 kB', page),
  {
    name: 'frame once',
    socketIo: false,
    without: () => {
      for (const client of webSockets.clients) client.send(text);
    },
    with: () => void webSockets.broadcast(text),
  },
  {
    name: 'leave together',
    socketIo: false,
    without: () => void webSockets.broadcast(text),
    with: () => void webSockets.broadcast(text),
    bursts: [1, BURST],
  },
  {
    name: 'side by side',
    socketIo: true,
    // The list of a room's members holds until somebody joins or leaves.
    without: () => {
      const [somebody] = io.sockets.sockets.values();
      somebody!.leave('room');
      somebody!.join('room');
      io.to('room').emit('news', text);
    },
    with: () => void io.to('room').emit('news', text),
    bursts: [BURST, BURST],
  },
];

io.on('connection', (socket) => socket.join('room'));

/** Microseconds of the processor for each message that a client gets; `burst` of them are sent in one tick. */
async function cost(send: Send, burst: number): Promise<number> {
  const before = process.cpuUsage();
  for (let sent = 0; sent < MESSAGES; sent += burst) {
    for (let at = 0; at < burst; at++) send();
    await new Promise(setImmediate);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (MESSAGES * CLIENTS);
}

async function audience(socketIo: boolean): Promise<() => Promise<void>> {
  const child = fork(path.join(import.meta.dirname, 'audience.ts'));
  const task: Task = { port, clients: CLIENTS, socketIo };
  child.send(task);
  await once(child, 'message');
  return async () => {
    child.kill();
    await once(child, 'exit');
  };
}

const rounded = (value: number) => Number(value.toPrecision(2));
const rows: (string | number)[][] = [];
for (const { name, socketIo, without, with: withIt, bursts = [1, 1] } of tricks) {
  const leave = await audience(socketIo);
  const costs: [number[], number[]] = [[], []];
  // The first round of each warms up, and does not count.
  for (let round = 0; round <= REPETITIONS; round++) {
    const pair = [await cost(without, bursts[0]), await cost(withIt, bursts[1])] as const;
    if (round > 0) pair.forEach((one, at) => void costs[at]!.push(one));
  }
  await leave();
  const [slow, fast] = [median(costs[0]), median(costs[1])];
  rows.push([name, rounded(slow), rounded(fast), rounded(slow / fast)]);
}
await io.close();
webSockets.close();

const command = 'npx tsx test/bench/broadcast-costs.ts > docs/data/broadcast.json';
console.log(
  JSON.stringify({ command, node: process.version, clients: CLIENTS, tables: { tricks: rows } }, null, 2),
);
