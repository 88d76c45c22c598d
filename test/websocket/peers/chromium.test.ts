// A real browser as peer: what its WebSocket sends and receives, compressed as browsers do, and the codes it closes with.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../support/browser.ts';
import { chromium } from '../../support/tools.ts';
import { closing, event, within } from '../inbox.ts';
import { echo, Stage, type WebSocket, WebSocketServer } from '../stage.ts';

const { skip } = chromium();
// A page of its own origin, so that the browser lets it connect.
const http = createServer((_req, res) => res.setHeader('Content-Type', 'text/html').end('<!doctype html>'));
let browser: Browser;
let page: Page;
let on: Stage;

before(async () => {
  if (skip) return;
  await event(http.listen(0, '127.0.0.1'), 'listening');
  const port = () => (http.address() as AddressInfo).port;
  on = new Stage(new WebSocketServer({ server: http, perMessageDeflate: true, origins: 'same' }), port);
  echo(on.server);
  browser = await launchBrowser();
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${port()}/`);
});

after(async () => {
  await browser?.close();
  await on?.end();
  http.close();
  http.closeAllConnections();
});

/** Runs the body of a function in the page, in which `open(protocols?)` and `next(socket, event)` are at hand. */
function inPage<T>(body: string): Promise<T> {
  const source = `(async () => {
    const next = (socket, name) => new Promise((resolve) => socket.addEventListener(name, resolve, { once: true }));
    const open = async (protocols = []) => {
      const socket = new WebSocket(location.href.replace('http', 'ws'), protocols);
      socket.binaryType = 'arraybuffer';
      await next(socket, 'open');
      return socket;
    };
    ${body}
  })()`;
  return within(page.evaluate(source) as Promise<T>, 'answer of the page', 20_000);
}

test('§5.6 text, and binary data, come back as they went', { skip }, async () => {
  const heard = await inPage(`
    const socket = await open();
    const heard = [];
    for (const data of ['', 'Hello', 'grüße ☃ 😀', new Uint8Array([0, 1, 254, 255]), new Blob(['blob'])]) {
      socket.send(data);
      const { data: echo } = await next(socket, 'message');
      heard.push(typeof echo === 'string' ? echo : [...new Uint8Array(echo)]);
    }
    socket.close();
    return heard;`);
  assert.deepEqual(heard, ['', 'Hello', 'grüße ☃ 😀', [0, 1, 254, 255], [...Buffer.from('blob')]]);
});

test('RFC 7692 §7 negotiates compression, and a mebibyte of text and of noise comes back', {
  skip,
}, async () => {
  const connected = event(on.server, 'connection');
  const heard = inPage(`
    const socket = await open();
    const text = 'all work and no play '.repeat(50_000).slice(0, 1 << 20);
    const noise = new Uint8Array(1 << 20);
    for (let at = 0; at < noise.length; at += 65_536) crypto.getRandomValues(noise.subarray(at, at + 65_536));
    socket.send(text);
    const first = (await next(socket, 'message')).data === text;
    socket.send(noise);
    const echo = new Uint8Array((await next(socket, 'message')).data);
    socket.close();
    return [socket.extensions, first, echo.length === noise.length && echo.every((byte, i) => byte === noise[i])];`);
  const [peer] = (await connected) as [WebSocket];
  assert.equal(peer.extensions, 'permessage-deflate');
  const [extensions, text, noise] = (await heard) as [string, boolean, boolean];
  assert.match(extensions, /^permessage-deflate/);
  assert.deepEqual([text, noise], [true, true]);
});

test('§5.4 hears a fragmented message, pings and a broadcast', { skip }, async () => {
  const connected = event(on.server, 'connection');
  const heard = inPage(`
    const socket = await open();
    const texts = [];
    for (let count = 0; count < 2; count++) texts.push((await next(socket, 'message')).data);
    socket.close();
    return texts;`);
  const [peer] = (await connected) as [WebSocket];
  const pong = event(peer, 'pong');
  peer.send('in ', { fin: false });
  peer.ping('now');
  peer.send('three ', { fin: false });
  peer.send('parts');
  assert.deepEqual(await pong, [Buffer.from('now')]);
  on.server.broadcast('to all');
  assert.deepEqual(await heard, ['in three parts', 'to all']);
});

test('§4.2.2 (5) agrees to a subprotocol', { skip }, async () => {
  assert.equal(
    await inPage(`const socket = await open(['chat', 'other']); socket.close(); return socket.protocol;`),
    'chat',
  );
});

test('§7.1.5 the code and reason of the page reach the server', { skip }, async () => {
  for (const [call, code, reason] of [
    ['close()', 1005, ''],
    ['close(1000)', 1000, ''],
    [`close(4321, 'grüße')`, 4321, 'grüße'],
  ] as const) {
    const connected = event(on.server, 'connection');
    const clean = inPage(`
      const socket = await open();
      socket.${call};
      const { code, reason, wasClean } = await next(socket, 'close');
      return [code, reason, wasClean];`);
    const [peer] = (await connected) as [WebSocket];
    assert.deepEqual(await closing(peer), { code, reason });
    assert.deepEqual(await clean, [code, reason, true]);
  }
});

test('§7.1.5 the code and reason of the server reach the page', { skip }, async () => {
  const cases: [args: [code?: number, reason?: string], code: number, reason: string][] = [
    [[], 1005, ''],
    [[1001, 'leaving'], 1001, 'leaving'],
    [[4999, 'ü'.repeat(61)], 4999, 'ü'.repeat(61)],
  ];
  for (const [args, code, reason] of cases) {
    const connected = event(on.server, 'connection');
    const closed = inPage(`
      const socket = await open();
      const { code, reason, wasClean } = await next(socket, 'close');
      return [code, reason, wasClean];`);
    const [peer] = (await connected) as [WebSocket];
    peer.close(...args);
    assert.deepEqual(await closed, [code, reason, true]);
  }
});

test('§7.1.7 a page learns 1006 of a connection that is terminated', { skip }, async () => {
  const connected = event(on.server, 'connection');
  const closed = inPage(`
    const socket = await open();
    const { code, wasClean } = await next(socket, 'close');
    return [code, wasClean];`);
  ((await connected)[0] as WebSocket).terminate();
  assert.deepEqual(await closed, [1006, false]);
});
