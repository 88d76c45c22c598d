// The engine on an HTTP server beside others: their routes and their upgrades stay theirs.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { describe, test } from 'node:test';
import { WebSocket as WsClient } from 'ws';
import { EngineServer } from '../../src/engine/server.ts';
import { WebSocketServer } from '../../src/websocket/index.ts';
import { event, Inbox } from '../websocket/inbox.ts';
import { polling, stage, webSocket } from './stage.ts';

// The part of Express that is used; it comes without types.
const express = createRequire(import.meta.url)('express') as () => http.RequestListener & {
  get(path: string, handler: (req: unknown, res: { send(body: string): void }) => void): void;
};

describe('beside other request listeners', () => {
  test('those before it are called in order, for all but the path of the engine', async (t) => {
    const calls: unknown[] = [];
    const server = http.createServer(function (this: unknown, _req, _res) {
      calls.push(this);
    });
    server.on('request', (_req, res) => res.end('theirs'));
    const run = await stage(t, {}, server);
    assert.equal((await run.request('/')).body, 'theirs');
    assert.deepEqual(calls, [server]);
    assert.match((await run.request(polling)).body, /^0\{/);
    assert.equal(calls.length, 1);
  });

  test('those that come later are called for everything', async (t) => {
    const run = await stage(t);
    const urls: unknown[] = [];
    run.http.on('request', (req) => urls.push(req.url));
    await run.request(polling);
    assert.deepEqual(urls, [`/engine.io/?${polling}`]);
  });

  test('Express keeps its routes, its 404 and its errors', async (t) => {
    const app = express();
    app.get('/hello', (_req, res) => res.send('hello'));
    const run = await stage(t, {}, http.createServer(app));
    assert.equal((await run.request('/hello')).body, 'hello');
    assert.equal((await run.request('/nothing')).status, 404);
    assert.match((await run.request(polling)).body, /^0\{/);
    await run.connect();
  });

  test('two engines on two paths', async (t) => {
    const run = await stage(t, { path: '/one' });
    const other = new EngineServer({ wsEngine: WebSocketServer });
    other.attach(run.http, { path: '/two' });
    t.after(() => other.close());
    await run.request(`/two/?${polling}`);
    await run.request(`/one/?${polling}`);
    assert.deepEqual([run.engine.clientsCount, other.clientsCount], [1, 1]);
    await run.connect();
    assert.equal(run.engine.clientsCount, 2);
  });

  test('by hand, without attach', async (t) => {
    const engine = new EngineServer({ wsEngine: WebSocketServer });
    const server = http.createServer((req, res) => engine.handleRequest(req, res));
    server.on('upgrade', (req, socket, head) => engine.handleUpgrade(req, socket, head));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => {
      engine.close();
      server.close().closeAllConnections();
    });
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/any/path?${polling}`);
    assert.match(await response.text(), /^0\{/);
    const client = new WsClient(`ws://127.0.0.1:${port}/?${webSocket}`);
    const inbox = new Inbox(client);
    assert.match(await inbox.text(), /^0\{/);
    client.terminate();
  });
});

describe('beside other upgrade listeners', () => {
  test('their upgrades are left alone', async (t) => {
    const run = await stage(t, { destroyUpgradeTimeout: 10 });
    const theirs = new WebSocketServer({ noServer: true });
    run.http.on('upgrade', (req, socket, head) => {
      if (req.url === '/theirs') {
        theirs.handleUpgrade(req, socket, head, (webSocket) =>
          webSocket.on('message', () => webSocket.send('y')),
        );
      }
    });
    const client = new WsClient(`ws://127.0.0.1:${run.port}/theirs`);
    t.after(() => client.terminate());
    await event(client, 'open');
    const inbox = new Inbox(client);
    // The next one is answered by nobody: when it is ended, the first has outlived the same timeout.
    const nobody = await run.tcp();
    nobody.write('GET /nobody HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    await event(nobody.resume(), 'close');
    client.send('x');
    assert.equal(await inbox.text(), 'y');
  });

  test('upgrades that nobody answers are ended, also of clients that reset or never close', async (t) => {
    const run = await stage(t, { destroyUpgradeTimeout: 20 });
    const request = 'GET /nobody HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n';
    const socket = await run.tcp();
    const reset = await run.tcp();
    const both = new Promise<void>((resolve) => {
      let left = 2;
      run.http.on('upgrade', (_req, one) => one.on('close', () => --left === 0 && resolve()));
    });
    reset.write(request);
    await event(run.http, 'upgrade');
    reset.resetAndDestroy();
    socket.write(request);
    await event(socket.resume(), 'end');
    await both;
  });

  test('unless that is not wished', async (t) => {
    const request = 'GET /nobody HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n';
    const run = await stage(t, { destroyUpgrade: false, destroyUpgradeTimeout: 1 });
    const kept = await run.tcp();
    kept.write(request);
    const [, theirs] = (await event(run.http, 'upgrade')) as [unknown, Duplex];
    const other = await stage(t, { destroyUpgradeTimeout: 20 });
    const ended = await other.tcp();
    ended.write(request);
    await event(ended.resume(), 'close');
    const stillThere = !theirs.destroyed && theirs.writable;
    theirs.destroy();
    assert.ok(stillThere);
  });

  test('without the transport "websocket" upgrades are nothing to it', async (t) => {
    const run = await stage(t, { transports: ['polling'] });
    assert.equal(run.http.listenerCount('upgrade'), 0);
  });
});
