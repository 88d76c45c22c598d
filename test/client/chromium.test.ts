// The four pairs in a real browser, with the classic script of each client: what only a page has, and that all else is the same there.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContext, Page as BrowserPage } from 'playwright-core';
import { buildClient } from '../build-client.ts';
import { Page } from '../docs/page.ts';
import { launchBrowser } from '../support/browser.ts';
import { chromium } from '../support/tools.ts';
import { type AnyServer, event, heard, pairs, type Stage, stage, within } from './servers.ts';

const { skip } = chromium();
const pages = createServer((request, response) => {
  const name = path.basename(request.url!);
  if (name.endsWith('.js'))
    response.setHeader('Content-Type', 'text/javascript').end(readFileSync(script(name)));
  else if (name === 'module') response.setHeader('Content-Type', 'text/html').end('<!doctype html>');
  else
    response.setHeader('Content-Type', 'text/html').end(`<!doctype html><script src="/${name}.js"></script>`);
});
/** The pages of each client, by their names. */
const pageOf = { 'our client': 'socket.io.min', 'the official client': 'official' };
const script = (name: string) =>
  name === 'official.js'
    ? path.join(import.meta.dirname, '../../node_modules/socket.io-client/dist/socket.io.min.js')
    : path.join(folder, name);
let folder: string;
let browser: Browser;
let context: BrowserContext;
let page: BrowserPage;
const errors: string[] = [];
const origin = () => `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;

before(async () => {
  if (skip) return;
  folder = mkdtempSync(path.join(tmpdir(), 'wirehub-browser-'));
  await buildClient(folder);
  await event(pages.listen(0, '127.0.0.1'), 'listening');
  browser = await launchBrowser();
  context = await browser.newContext();
  page = await context.newPage();
  page.on('pageerror', (error) => errors.push(error.message));
});

after(async () => {
  await browser?.close();
  pages.close();
  pages.closeAllConnections();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** Runs the body of a function in the page, with `client(path, options)` and `next(emitter, event)` at hand. */
function inPage<T>(on: Stage, body: string): Promise<T> {
  const source = `(async () => {
    const next = (emitter, name) => new Promise((resolve) => emitter.once(name, (...args) => resolve(args)));
    const client = (path = '/', options = {}) =>
      (window.socket = io('${on.url}' + path, { forceNew: true, reconnectionDelay: 10, reconnectionDelayMax: 50, ...options }));
    ${body}
  })()`;
  return within(page.evaluate(source) as Promise<T>, 'answer of the page', 20_000);
}

const options = { cors: { origin: '*' } };

function echo(io: AnyServer): void {
  for (const namespace of [io.of('/'), io.of('/admin')]) {
    namespace.on('connection', (socket) => {
      socket.on('echo', (...args) => args.pop()(...args));
      socket.on('is binary', (data, answer) => answer(Buffer.isBuffer(data) ? [...data] : 'no'));
      socket.on('join', (room, joined) => {
        socket.join(room);
        joined();
      });
      socket.on('to', (room, text) => io.to(room).emit('said', text));
      socket.on('number', (number) => socket.data.numbers.push(number));
      socket.data.numbers ??= [];
    });
  }
}

for (const { client: ends, server: kind } of pairs) {
  describe(`Chromium: ${ends} with ${kind}`, { skip }, () => {
    for (const [name, how] of Object.entries({
      'an upgrade': '{}',
      'polling alone': "{ transports: ['polling'] }",
      'WebSocket alone': "{ transports: ['websocket'] }",
    })) {
      test(`events, acknowledgements, binaries and namespaces, with ${name}`, async (t) => {
        const on = await stage(t, kind, echo, options);
        await page.goto(`${origin()}/${pageOf[ends]}`);
        const answers = await inPage(
          on,
          `const socket = client('/', ${how});
           const upgraded = ${name === 'an upgrade'} && new Promise((resolve) =>
             socket.io.on('open', () => socket.io.engine.once('upgrade', resolve)));
           await next(socket, 'connect');
           await upgraded;
           const bytes = new Uint8Array([0, 1, 254, 255]);
           const back = await socket.emitWithAck('echo', { bytes, text: 'grüße ☃' });
           const admin = socket.io.socket('/admin');
           const answers = [
             socket.io.engine.transport.name,
             back.text, back.bytes instanceof ArrayBuffer, [...new Uint8Array(back.bytes)],
             await socket.emitWithAck('is binary', new Blob([bytes])),
             await admin.emitWithAck('echo', 'admin'),
           ];
           socket.disconnect();
           admin.disconnect();
           return answers;`,
        );
        const transport = name === 'polling alone' ? 'polling' : 'websocket';
        const bytes = [0, 1, 254, 255];
        assert.deepEqual(answers, [transport, 'grüße ☃', true, bytes, bytes, 'admin']);
        assert.deepEqual(errors.splice(0), []);
      });
    }

    test('a killed server is found again', async (t) => {
      const on = await stage(t, kind, echo, options);
      await page.goto(`${origin()}/${pageOf[ends]}`);
      await inPage(on, `await next(client(), 'connect');`);
      await inPage(on, `window.lost = next(socket, 'disconnect');`);
      await on.kill();
      assert.match(await inPage(on, 'return (await lost)[0];'), /^transport (close|error)$/);
      await inPage(on, `window.late = socket.emitWithAck('echo', 'late');`);
      await on.start();
      assert.equal(await inPage(on, 'return late;'), 'late');
      await inPage(on, 'socket.disconnect();');
    });

    test('a network that is cut is noticed at once, and what was emitted meanwhile arrives once and in order', async (t) => {
      const on = await stage(t, kind, echo, options);
      await page.goto(`${origin()}/${pageOf[ends]}`);
      await inPage(
        on,
        // A minute, which ours cuts short at the browser's word that it is online again.
        `await next(client('/', ${ends === 'our client' ? '{ reconnectionDelay: 60000, reconnectionDelayMax: 60000 }' : '{}'}), 'connect');`,
      );
      await inPage(on, `window.lost = next(socket, 'disconnect');`);
      await context.setOffline(true);
      const [reason, why] = await inPage<unknown[]>(on, 'return lost;');
      assert.equal(reason, 'transport close');
      assert.deepEqual(why, { description: 'network connection lost' });
      await inPage(on, `for (let number = 0; number < 50; number++) socket.emit('number', number);`);
      const connection = heard(on.io, 'connection');
      await context.setOffline(false);
      const [socket] = (await connection) as [{ data: { numbers: number[] } }];
      await inPage(on, `await socket.emitWithAck('echo', 'done'); socket.disconnect();`);
      assert.deepEqual(socket.data.numbers, [...Array(50).keys()]);
      assert.deepEqual(errors.splice(0), []);
    });

    test('rooms, and messages that were missed while the connection was cut', async (t) => {
      const on = await stage(t, kind, echo, { ...options, connectionStateRecovery: {} });
      await page.goto(`${origin()}/${pageOf[ends]}`);
      const [id, [said]] = await inPage<[string, unknown[]]>(
        on,
        `const socket = client('/', { transports: ['websocket'] });
         await next(socket, 'connect');
         const said = next(socket, 'said');
         await socket.emitWithAck('join', 'room');
         socket.emit('to', 'room', 'first');
         window.missed = [];
         const first = await said;
         socket.on('said', (text) => missed.push(text));
         window.lost = next(socket, 'disconnect');
         window.back = next(socket, 'connect');
         return [socket.id, first];`,
      );
      assert.equal(said, 'first');
      const gone = heard(on.io.sockets.sockets.get(id), 'disconnect');
      await inPage(on, 'socket.io.engine.transport.close(); await lost;');
      await gone;
      on.io.to('room').emit('said', 'second');
      on.io.to('other').emit('said', 'not for it');
      on.io.to('room').emit('said', 'third');
      assert.deepEqual(
        await inPage(
          on,
          `await back;
           await socket.emitWithAck('echo', 0);
           socket.disconnect();
           return [socket.recovered, ...missed];`,
        ),
        [true, 'second', 'third'],
      );
    });

    // These are ours alone.
    if (ends !== 'our client') return;

    test('what a page alone can say ends a wait early, and closes without a word', async (t) => {
      const on = await stage(t, kind, echo, options);
      await page.goto(`${origin()}/${pageOf[ends]}`);
      await inPage(
        on,
        `await next(client('/', { reconnectionDelay: 60000, reconnectionDelayMax: 60000 }), 'connect');`,
      );
      await inPage(on, `window.lost = next(socket, 'disconnect');`);
      await on.kill();
      await inPage(on, 'await lost;');
      await on.start();
      // Headless pages are always seen: what they say when they are seen again is said for them.
      const connection = heard(on.io, 'connection');
      await inPage(on, `document.dispatchEvent(new Event('visibilitychange'));`);
      await connection;
      await inPage(on, 'socket.disconnect();');
      await inPage(
        on,
        `await next(client('/', { closeOnBeforeunload: true, transports: ['polling'] }), 'connect');`,
      );
      const [socket] = [...on.io.sockets.sockets.values()];
      const gone = heard(socket, 'disconnect');
      await page.goto('about:blank');
      assert.match(String((await gone)[0]), /^transport (close|error)$/);
    });

    test('the module works as the classic script does', async (t) => {
      const on = await stage(t, kind, echo, options);
      await page.goto(`${origin()}/module`);
      const answer = await page.evaluate(
        `import('/socket.io.esm.min.js').then(async ({ default: io, connect, Manager }) => {
           const socket = io('${on.url}', { forceNew: true });
           const answer = [await socket.emitWithAck('echo', 1), io === connect, socket.io instanceof Manager];
           socket.disconnect();
           return answer;
         })`,
      );
      assert.deepEqual(answer, [1, true, true]);
    });
  });
}

test('the page of docs/client.md says hello as it stands', { skip }, async (t) => {
  const html = new Page('docs/client.md').blocks
    .find(({ language }) => language === 'html')!
    .lines.join('\n');
  const bundles = { clientFolder: folder } as object;
  const on = await stage(t, 'our server', () => {}, bundles);
  on.http.on('request', (request, response) => {
    if (request.url === '/') response.setHeader('Content-Type', 'text/html').end(html);
  });
  const hello = new Promise((resolve) => {
    on.io.on('connection', (socket) => socket.on('hello', resolve));
  });
  await page.goto(on.url);
  assert.equal(await within(hello, 'hello'), 'from a page');
});
