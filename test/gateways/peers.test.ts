// Clients that others have made: Python's websockets, curl, and the EventSource and WebSocket of Chromium.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { Server } from '../../src/server.ts';
import { type Stage, stage, within } from '../hub/stage.ts';
import { launchBrowser } from '../support/browser.ts';
import { chromium, curl, pythonWith } from '../support/tools.ts';

/** A server that passes messages on to everyone. */
async function room(t: TestContext): Promise<Stage> {
  const made = await stage(t, { gateways: { websocket: '/ws', events: '/events' } });
  made.io.on('connection', (socket) => {
    socket.on('message', (data: unknown) => made.io.send(data));
    socket.on('sum', (a: number, b: number, reply?: (sum: number) => void) => {
      reply?.(a + b);
      socket.emit('sum is', a + b);
    });
  });
  return made;
}

/** Everything that a program prints until its end. */
async function output(t: TestContext, program: string, ...args: string[]): Promise<string> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  return within(text(child.stdout), `end of ${program}`, 20_000);
}

const python = pythonWith('websockets', 'python3-websockets');

const program = `
import asyncio, json, sys, websockets

async def main():
    async with websockets.connect(sys.argv[1]) as ws:
        await ws.send("hello")
        print(await ws.recv())
        await ws.send(b"bytes")
        print(await ws.recv())
        await ws.send(json.dumps(["sum", 1, 2]))
        print(json.loads(await ws.recv()))
    print(ws.close_code)

asyncio.run(main())
`;

test("Python's websockets", { skip: python.skip }, async (t) => {
  const made = await room(t);
  const url = `ws://127.0.0.1:${made.port}/ws`;
  assert.equal(await output(t, python.path, '-c', program, url), "hello\nb'bytes'\n['sum is', 3]\n1000\n");
});

test('curl reads a stream, publishes, and asks', { skip: curl().skip }, async (t) => {
  const made = await room(t);
  const url = `${made.url}/events`;
  // It ends when the server does.
  const stream = output(t, curl().path, '-sN', url);
  await within(new Promise((resolve) => made.io.once('connection', resolve)), 'stream');
  assert.equal(await output(t, curl().path, '-s', '-d', 'hello\nyou', url), '');
  assert.equal(await output(t, curl().path, '-s', '-d', '["sum",1,2]', `${url}?ack`), '[3]');
  made.io.disconnectSockets();
  assert.match(
    await stream,
    /^retry: 2000\n\nevent: connect\ndata: .+\n\nid: .+\.1\ndata: hello\ndata: you\n\nevent: disconnect\n/,
  );
});

test('EventSource in Chromium hears, posts, comes back after a cut and misses nothing', {
  skip: chromium().skip,
}, async (t) => {
  const http = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>page</title>');
  });
  const io = new Server(http, { gateways: { websocket: '/ws', events: { path: '/events', retry: 50 } } });
  io.on('connection', (socket) => socket.on('message', (data: unknown) => io.send(data)));
  http.listen(0, '127.0.0.1');
  await new Promise((resolve) => http.once('listening', resolve));
  t.after(() => io.close());
  const browser = await launchBrowser();
  t.after(() => browser.close());
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(http.address() as AddressInfo).port}/`);

  await page.evaluate(`
    heard = [];
    told = [];
    stream = new EventSource('/events');
    stream.onmessage = ({ data }) => heard.push(data);
    stream.addEventListener('connect', ({ data }) => told.push(JSON.parse(data)));
    new Promise((resolve) => stream.addEventListener('connect', resolve, { once: true }));
  `);
  await page.evaluate(
    `fetch('/events?session=' + told[0].session, { method: 'POST', body: 'from the page' })`,
  );
  await page.waitForFunction('heard.length === 1');
  // The connection breaks; what is said meanwhile waits.
  const [end] = io.sockets.sockets.values();
  const cut = new Promise((resolve) => end!.conn.on('cut', resolve));
  http.closeAllConnections();
  await within(cut, 'cut');
  io.emit('news', 1);
  io.send('two\nlines');
  await page.waitForFunction('heard.length === 3 && told.length === 2');
  assert.deepEqual(await page.evaluate('heard'), ['from the page', '["news",1]', 'two\nlines']);
  const [first, second] = (await page.evaluate('told')) as { sid: string; recovered: boolean }[];
  assert.deepEqual([first!.recovered, second!.recovered, second!.sid], [false, true, first!.sid]);
  // Disconnected by the program: it is told so, and does not stay.
  io.disconnectSockets();
  await page.waitForFunction('stream.readyState === EventSource.CLOSED');

  const echoed = await page.evaluate(`new Promise((resolve) => {
    const socket = new WebSocket(location.origin.replace('http', 'ws') + '/ws');
    socket.onopen = () => socket.send('by WebSocket');
    socket.onmessage = ({ data }) => resolve(data);
  })`);
  assert.equal(echoed, 'by WebSocket');
});
