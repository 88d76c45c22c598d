// The server itself: how it is made, attached, set and closed, and what it serves.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { connect } from 'socket.io-client';
import { Adapter } from '../../src/hub/adapter.ts';
import type { AdapterNamespace } from '../../src/hub/adapter-contract.ts';
import { Server } from '../../src/server.ts';
import { event, stage, within } from './stage.ts';

// It comes without types.
const express = createRequire(import.meta.url)('express');

async function works(t: TestContext, io: Server, port: number, options = {}): Promise<void> {
  const client = connect(`http://127.0.0.1:${port}`, { forceNew: true, reconnection: false, ...options });
  t.after(() => client.close());
  await event(client, 'connect');
  assert.equal(io.sockets.sockets.size >= 1, true);
}

function portOf(io: Server): number {
  return (io.httpServer.address() as AddressInfo).port;
}

interface Answer {
  status: number | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

async function get(port: number, url: string, headers = {}, method = 'GET'): Promise<Answer> {
  const request = httpRequest({ port, host: '127.0.0.1', path: url, headers, method, agent: false }).end();
  const [response] = (await event(request, 'response')) as [IncomingMessage];
  const body = Buffer.concat(await response.toArray()).toString();
  return { status: response.statusCode, headers: response.headers, body };
}

test('new Server(httpServer) attaches', async (t) => {
  const http = createServer();
  const io = new Server(http);
  t.after(() => io.close());
  http.listen(0);
  await event(http, 'listening');
  assert.equal(io.httpServer, http);
  await works(t, io, portOf(io));
});

test('new Server(0) listens; other paths are 404', async (t) => {
  const io = new Server(0);
  t.after(() => io.close());
  await event(io.httpServer, 'listening');
  await works(t, io, portOf(io));
  assert.equal((await get(portOf(io), '/')).status, 404);
});

test('new Server(options) listens later; options of the constructor win', async (t) => {
  const io = new Server({ path: '/one/', transports: ['polling'] });
  t.after(() => io.close());
  assert.equal(io.engine as unknown, undefined);
  assert.equal(io.listen('0', { path: '/two', transports: ['websocket'] }), io);
  await event(io.httpServer, 'listening');
  assert.deepEqual(io.engine.opts.transports, ['polling']);
  await works(t, io, portOf(io), { path: '/one', transports: ['polling'] });
});

test('attach takes a path, if the constructor was given none', async (t) => {
  const io = new Server().attach(0, { path: '/two' });
  t.after(() => io.close());
  await event(io.httpServer, 'listening');
  await works(t, io, portOf(io), { path: '/two' });
});

test('attach refuses an Express application', () => {
  assert.throws(() => new Server().attach(express()), /attach socket\.io to an express request handler/);
});

test('beside Express, whose routes go on', async (t) => {
  const app = express();
  app.get('/hello', (_request: unknown, response: { send(text: string): void }) => {
    response.send('hi');
  });
  const http = createServer(app);
  const io = new Server(http);
  t.after(() => io.close());
  http.listen(0);
  await event(http, 'listening');
  await works(t, io, portOf(io));
  assert.equal((await get(portOf(io), '/hello')).body, 'hi');
});

test('path, serveClient, connectTimeout and adapter are set and got', () => {
  const io = new Server();
  assert.equal(io.path(), '/socket.io');
  assert.equal(io.path('/other/'), io);
  assert.equal(io.path(), '/other');
  assert.equal(io.serveClient(), true);
  assert.equal(io.serveClient(false), io);
  assert.equal(io.serveClient(), false);
  assert.equal(io.connectTimeout(), 45_000);
  assert.equal(io.connectTimeout(5), io);
  assert.equal(io.connectTimeout(), 5);
  assert.equal(new Server({ connectTimeout: 0 }).connectTimeout(), 45_000);
  assert.equal(io.adapter(), Adapter);
  io.of('/a');
  const made: string[] = [];
  class Own extends Adapter {
    constructor(nsp: AdapterNamespace) {
      super(nsp);
      made.push(nsp.name);
    }
  }
  assert.equal(io.adapter(Own), io);
  assert.deepEqual(made, ['/', '/a']);
  assert(io.of('/a').adapter instanceof Own);
});

test('adapters: classes, functions and arrow functions; init may reject', async () => {
  class Rejecting extends Adapter {
    override async init(): Promise<void> {
      assert.equal(this.nsp.name, '/');
      assert.equal(typeof this.nsp.server.encoder.encode, 'function');
      throw new Error('no connection');
    }
  }
  const arrow = (nsp: AdapterNamespace) => new Rejecting(nsp);
  function factory(nsp: AdapterNamespace) {
    return new Rejecting(nsp);
  }
  for (const adapter of [Rejecting, arrow, factory, factory.bind(null)]) {
    assert(new Server({ adapter }).sockets.adapter instanceof Rejecting);
  }
  await new Promise(setImmediate);
});

test('adapters may broadcast later, and fail', async (t) => {
  class Later extends Adapter {
    override async broadcast(...args: Parameters<Adapter['broadcast']>): Promise<void> {
      await new Promise(setImmediate);
      super.broadcast(...args);
      throw new Error('and then it fails');
    }
  }
  const made = await stage(t, { adapter: Later });
  const { client } = await made.pair();
  const heard = event(client, 'late');
  made.io.emit('late', 1);
  assert.deepEqual(await heard, [1]);
});

test('listeners of the server are those of the main namespace', async () => {
  const io = new Server();
  const listener = () => {};
  assert.equal(io.on('connection', listener), io.sockets as unknown);
  assert.deepEqual(io.sockets.listeners('connection'), [listener]);
  assert.deepEqual(io.listeners('connection'), [listener]);
  assert.equal(io.listenerCount('connection'), 1);
  io.off('connection', listener);
  assert.equal(io.sockets.listenerCount('connection'), 0);
  assert.equal(
    io.use((_socket, next) => next()),
    io,
  );
  assert.equal(io.send('a'), io);
});

test('close ends sockets, adapters, engine and HTTP server', async (t) => {
  const made = await stage(t);
  made.io.of('/a');
  const closes = [...made.io._nsps.values()].map(({ adapter }) => t.mock.method(adapter, 'close'));
  const { client, socket } = await made.pair();
  const reason = event(socket, 'disconnect');
  const gone = event(client, 'disconnect');
  let called: unknown[] = [];
  await within(
    made.io.close((...args) => {
      called = args;
    }),
    'end',
  );
  assert.equal((await reason)[0], 'server shutting down');
  assert.equal((await gone)[0], 'transport close');
  assert.deepEqual(called, [undefined]);
  for (const close of closes) assert.equal(close.mock.callCount(), 1);
  assert.equal(made.http.listening, false);
});

test('close of a server that does not listen tells its callback', async () => {
  const io = new Server(createServer());
  let failure: Error | undefined;
  await io.close((error) => {
    failure = error;
  });
  assert.equal((failure as NodeJS.ErrnoException).code, 'ERR_SERVER_NOT_RUNNING');
  await new Server().close();
});

const clientFolder = path.join(import.meta.dirname, '../../node_modules/socket.io/client-dist');

test('serves the bundles of the client, compressed and with an ETag', async (t) => {
  const made = await stage(t, { clientFolder });
  const plain = await get(made.port, '/socket.io/socket.io.js?x=1');
  assert.equal(plain.status, 200);
  assert.equal(plain.headers['content-type'], 'application/javascript; charset=utf-8');
  assert.equal(plain.headers['cache-control'], 'public, max-age=0');
  assert.match(plain.body, /io/);
  const etag = plain.headers.etag!;
  for (const given of [etag, `W/${etag}`, `"other", ${etag}`]) {
    const cached = await get(made.port, '/socket.io/socket.io.js', { 'if-none-match': given });
    assert.deepEqual([cached.status, cached.body], [304, '']);
  }
  for (const [accept, encoding] of [
    ['br, gzip', 'br'],
    ['gzip;q=1, br;q=0', 'gzip'],
    ['deflate', 'deflate'],
    ['identity', undefined],
  ]) {
    const { headers } = await get(made.port, '/socket.io/socket.io.min.js', { 'accept-encoding': accept });
    assert.equal(headers['content-encoding'], encoding);
  }
  const map = await get(made.port, '/socket.io/socket.io.js.map', {}, 'HEAD');
  assert.deepEqual([map.headers['content-type'], map.body], ['application/json; charset=utf-8', '']);
});

test('serves what the build has compressed as it is, and each form with an ETag of its own', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'wirehub-bundles-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, 'socket.io.js'), 'plain');
  // Recognizable, and not what the file would be.
  writeFileSync(path.join(folder, 'socket.io.js.br'), 'by the build, brotli');
  writeFileSync(path.join(folder, 'socket.io.js.gz'), 'by the build, gzip');
  const made = await stage(t, { clientFolder: folder });
  const etags = new Set<string>();
  for (const [accept, encoding, body] of [
    ['br', 'br', 'by the build, brotli'],
    ['gzip', 'gzip', 'by the build, gzip'],
    ['identity', undefined, 'plain'],
  ] as const) {
    const answer = await get(made.port, '/socket.io/socket.io.js', { 'accept-encoding': accept });
    assert.deepEqual([answer.headers['content-encoding'], answer.body], [encoding, body]);
    assert.equal(answer.headers.vary, 'Accept-Encoding');
    etags.add(answer.headers.etag!);
  }
  assert.equal(etags.size, 3);
});

test('a bundle that the folder does not have is not found, and named', async (t) => {
  const made = await stage(t, { clientFolder: tmpdir() });
  const { status, body } = await get(made.port, '/socket.io/socket.io.msgpack.min.js');
  assert.deepEqual(
    [status, body],
    [404, 'socket.io.msgpack.min.js is not among the bundles of this server.\n'],
  );
});

test('what is no bundle falls through to the engine', async (t) => {
  const made = await stage(t, { clientFolder });
  for (const url of ['/socket.io/other.js', '/socket.io/', '/socket.io/../socket.io.js/']) {
    const { status, body } = await get(made.port, url);
    assert.deepEqual([status, JSON.parse(body)], [400, { code: 0, message: 'Transport unknown' }]);
  }
  const off = await stage(t, { clientFolder, serveClient: false });
  assert.equal((await get(off.port, '/socket.io/socket.io.js')).status, 400);
});

test('with cors, other origins may load the bundles', async (t) => {
  const made = await stage(t, { clientFolder, cors: { origin: 'http://a.example' } });
  const { headers } = await get(made.port, '/socket.io/socket.io.js', { origin: 'http://a.example' });
  assert.equal(headers['access-control-allow-origin'], 'http://a.example');
  assert.equal((await get(made.port, '/socket.io/socket.io.js', {}, 'OPTIONS')).status, 204);
});
