// The three ways to listen, port, server and noServer: what each does with requests, addresses and close().
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { WebSocket as WsClient } from 'ws';
import { called, event, within } from '../inbox.ts';
import { Stage, stage, WebSocketServer } from '../stage.ts';

async function httpServer(t: TestContext) {
  const http = createServer((_req, res) => res.end('a page'));
  await once(http.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    http.close();
    http.closeAllConnections();
  });
  return { http, port: () => (http.address() as AddressInfo).port };
}

async function plain(port: number): Promise<{ response: IncomingMessage; body: string }> {
  const request = get({ port, host: '127.0.0.1', agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { response, body: Buffer.concat(await response.toArray()).toString() };
}

test('ws §2 answers plain HTTP with 426 on a port of its own (RFC 9110 §15.5.22)', async (t) => {
  const { port } = await stage(t);
  const { response, body } = await plain(port);
  assert.equal(response.statusCode, 426);
  assert.equal(response.headers['content-type'], 'text/plain');
  assert.equal(body, 'Upgrade Required');
});

test('ws §2 shares an HTTP server with its pages', async (t) => {
  const { http, port } = await httpServer(t);
  const on = new Stage(new WebSocketServer({ server: http }), port);
  t.after(() => on.end());
  const { peer, inbox } = await on.pair();
  peer.send('over the same port');
  assert.equal(await inbox.text(), 'over the same port');
  assert.equal((await plain(port())).body, 'a page');
  assert.deepEqual(on.server.address(), http.address());
});

test('ws §2 passes on `listening` and `error` of an HTTP server', async (t) => {
  const http = createServer();
  const server = new WebSocketServer({ server: http });
  const listening = once(server, 'listening');
  http.listen(0, '127.0.0.1');
  t.after(() => http.close());
  await within(listening, 'listening');
  const failed = once(server, 'error');
  http.emit('error', new Error('of the HTTP server'));
  assert.equal(((await failed)[0] as Error).message, 'of the HTTP server');
});

test('ws §2 lets two servers share one HTTP server by noServer and path', async (t) => {
  const { http, port } = await httpServer(t);
  const servers = new Map(
    ['/a', '/b'].map((path) => [path, new WebSocketServer({ noServer: true, path })] as const),
  );
  http.on('upgrade', (req, socket, head) => {
    const server = servers.get(req.url!.split('?')[0]!)!;
    server.handleUpgrade(req, socket, head, (peer, request) => {
      assert.equal(request, req);
      server.emit('connection', peer, request);
    });
  });
  for (const [path, server] of servers) {
    const on = new Stage(server, port);
    t.after(() => on.end());
    const { peer, inbox } = await on.pair({}, `${path}?query`);
    peer.send(path);
    assert.equal(await inbox.text(), path);
    assert.equal(server.clients.size, 1);
  }
});

test('ws §2 emits no connection of its own with noServer', async (t) => {
  const { http, port } = await httpServer(t);
  const on = new Stage(new WebSocketServer({ noServer: true }), port);
  t.after(() => on.end());
  on.server.on('connection', () => assert.fail('the program decides about that'));
  const upgraded = new Promise((resolve) => {
    http.on('upgrade', (req, socket, head) => on.server.handleUpgrade(req, socket, head, resolve));
  });
  const client = on.dial();
  await event(client, 'open');
  await upgraded;
});

test('ws §2 throws on a second handleUpgrade for one socket', async (t) => {
  const { http, port } = await httpServer(t);
  const on = new Stage(new WebSocketServer({ noServer: true }), port);
  t.after(() => on.end());
  const thrown = new Promise((resolve) => {
    http.on('upgrade', (req, socket, head) => {
      on.server.handleUpgrade(req, socket, head, () => {});
      try {
        on.server.handleUpgrade(req, socket, head, () => {});
        resolve(undefined);
      } catch (error) {
        resolve(error);
      }
    });
  });
  on.dial();
  assert.match(((await within(thrown, 'second call')) as Error).message, /handleUpgrade\(\) was called/);
});

test('ws §2 has no address with noServer, and null when closed', async (t) => {
  const alone = new WebSocketServer({ noServer: true });
  assert.throws(() => alone.address(), { message: 'The server is operating in "noServer" mode' });
  const { server } = await stage(t);
  await called((callback) => server.close(callback));
  assert.equal(server.address(), null);
});

test('ws §2 close() on its own port refuses connections, keeps the clients, and ends after the last', async (t) => {
  const on = await stage(t);
  const { client, inbox, peer } = await on.pair();
  const port = on.port;
  let closed = false;
  const done = called((callback) => on.server.close(callback)).then((error) => {
    closed = true;
    return error;
  });
  const late = new WsClient(`ws://127.0.0.1:${port}`);
  const [refused] = (await event(late, 'error')) as [NodeJS.ErrnoException];
  assert.equal(refused.code, 'ECONNREFUSED');
  peer.send('still here');
  assert.equal(await inbox.text(), 'still here');
  assert.equal(closed, false);
  client.close();
  assert.equal(await done, undefined);
});

test('ws §2 close() with a server leaves that running and ends after the last client', async (t) => {
  const { http, port } = await httpServer(t);
  const on = new Stage(new WebSocketServer({ server: http }), port);
  const { peer } = await on.pair();
  let closed = false;
  on.server.once('close', () => {
    closed = true;
  });
  const done = called((callback) => on.server.close(callback));
  assert.equal((await plain(port())).body, 'a page');
  assert.equal(http.listenerCount('upgrade'), 0);
  assert.equal(closed, false);
  peer.terminate();
  await done;
  assert.equal(http.listening, true);
});

test('ws §2 close() without clients, or without tracking them, ends in the next tick', async () => {
  for (const clientTracking of [true, false]) {
    const server = new WebSocketServer({ noServer: true, clientTracking });
    let closed = false;
    server.on('close', () => {
      closed = true;
    });
    server.close();
    assert.equal(closed, false);
    await new Promise((resolve) => process.nextTick(resolve));
    assert.equal(closed, true);
  }
});

test('ws §2 close() of a closed server gives the callback an error', async () => {
  const server = new WebSocketServer({ noServer: true });
  assert.equal(await called((callback) => server.close(callback)), undefined);
  const error = await called((callback) => server.close(callback));
  assert.equal(error?.message, 'The server is not running');
});

test('ws §2 close() twice while closing calls both back once closed', async (t) => {
  const on = await stage(t);
  const { peer } = await on.pair();
  const both = Promise.all([
    called((callback) => on.server.close(callback)),
    called((callback) => on.server.close(callback)),
  ]);
  peer.terminate();
  assert.deepEqual(await both, [undefined, undefined]);
});

test('ws §2 answers 503 once closing, whoever asks', async (t) => {
  const { http, port } = await httpServer(t);
  const on = new Stage(new WebSocketServer({ noServer: true }), port);
  http.on('upgrade', (req, socket, head) => on.server.handleUpgrade(req, socket, head, () => assert.fail()));
  on.server.close();
  const { status, body } = await on.refusal();
  assert.deepEqual([status, body], [503, 'Service Unavailable']);
});
