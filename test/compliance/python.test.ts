// Lets python-socketio connect: a client of both protocols that shares nothing with this server or with the official client.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { Server } from '../../src/index.ts';
import { pythonWith } from '../support/tools.ts';
import { event } from '../websocket/inbox.ts';

// The client, and what it needs to connect.
const python = pythonWith('socketio, aiohttp', 'python3-socketio python3-aiohttp');

type Reply = (...values: unknown[]) => void;

/** The other end of what the program does. */
async function start(t: TestContext): Promise<{ io: Server; url: string }> {
  const http = createServer();
  const io = new Server(http, { pingInterval: 100, pingTimeout: 5000 });
  t.after(() => io.close());
  io.on('connection', (socket) => {
    socket.on('text', (text: string) => socket.emit('news', text, socket.handshake.auth));
    socket.on('binary', (data: unknown) => socket.emit('news', data));
    socket.on('sum', (a: number, b: number, reply: Reply) => reply(a + b));
    socket.on('reverse', (data: Buffer, reply: Reply) => reply(Buffer.from(data).reverse()));
    socket.on('ask me', async () => {
      const data = Buffer.from('bytes');
      socket.timeout(5000).emit('question', 1, data, (error: Error | null, ...replies: unknown[]) => {
        socket.emit('news', error, ...replies);
      });
    });
    socket.on('many', (count: number) => {
      for (let i = 0; i < count; i++) socket.emit('news', i);
    });
    socket.on('after two heartbeats', async () => {
      await event(socket.conn, 'heartbeat');
      await event(socket.conn, 'heartbeat');
      socket.emit('news', 'still here');
    });
    socket.on('throw me out', () => socket.disconnect());
  });
  io.of('/chat').on('connection', (socket) => {
    socket.on('text', (text: string) => socket.emit('news', text));
  });
  http.listen(0, '127.0.0.1');
  await event(http, 'listening');
  return { io, url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` };
}

/** The values of each line that the program prints. */
async function run(t: TestContext, url: string, transports: string[]): Promise<unknown[][]> {
  const program = path.join(import.meta.dirname, 'python_client.py');
  const child = spawn(python.path, [program, url, ...transports], {
    env: { ...process.env, PYTHONIOENCODING: 'utf-8', PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const lines: unknown[][] = [];
  for await (const line of createInterface({ input: child.stdout })) lines.push(JSON.parse(line));
  return lines;
}

const meetings: [name: string, transports: string[], last: string][] = [
  ['long-polling', ['polling'], 'polling'],
  ['WebSocket', ['websocket'], 'websocket'],
  ['long-polling that becomes a WebSocket', ['polling', 'websocket'], 'websocket'],
];

for (const [name, transports, last] of meetings) {
  test(`a Python program over ${name}: text, bytes, acknowledgements, namespaces, heartbeats`, {
    skip: python.skip,
  }, async (t) => {
    const { io, url } = await start(t);
    const lines = await run(t, url, transports);
    assert.deepEqual(lines, [
      ['transport', last],
      [
        'connected',
        [
          ['connect', '/'],
          ['connect', '/chat'],
        ],
        true,
      ],
      ['news', 'ünïcode ✓', { token: 'π' }],
      ['news', { deep: [{ bytes: '0001ff' }] }],
      ['acknowledged', 42],
      ['bytes acknowledged', { bytes: '030201' }],
      ['news', null, 2, { bytes: '627974657321' }],
      ['chat', 'in chat'],
      ['many', true],
      ['news', 'still here'],
      ['disconnect'],
    ]);
    assert.equal(io.of('/').sockets.size, 0);
  });
}
