// What the constructor of WebSocketServer takes, refuses and fills in, as programs written for `ws` rely on.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { event } from '../inbox.ts';
import { stage, WebSocket, WebSocketServer } from '../stage.ts';

const oneOf = {
  name: 'TypeError',
  message: 'One and only one of the "port", "server", or "noServer" options must be specified',
};

test('ws §2 demands one of port, server and noServer', () => {
  assert.throws(() => new WebSocketServer(), oneOf);
  assert.throws(() => new WebSocketServer({}), oneOf);
  assert.throws(() => new WebSocketServer({ noServer: false }), oneOf);
});

test('ws §2 refuses more than one of port, server and noServer', () => {
  const server = createServer();
  assert.throws(() => new WebSocketServer({ port: 0, noServer: true }), oneOf);
  assert.throws(() => new WebSocketServer({ port: 0, server }), oneOf);
  assert.throws(() => new WebSocketServer({ server, noServer: true }), oneOf);
  assert.throws(() => new WebSocketServer({ port: 0, server, noServer: true }), oneOf);
  assert.equal(server.listenerCount('upgrade'), 0);
});

test('ws §2 takes an option of null or undefined for one not given', () => {
  const server = new WebSocketServer({ noServer: true, port: null, server: undefined, path: undefined });
  assert.equal(server.options.path, null);
});

test('ws §2 has the defaults of ws', () => {
  const { options } = new WebSocketServer({ noServer: true });
  const defaults = {
    noServer: true,
    port: null,
    server: null,
    host: null,
    backlog: null,
    path: null,
    clientTracking: true,
    maxPayload: 104_857_600,
    perMessageDeflate: false,
    skipUTF8Validation: false,
    allowSynchronousEvents: true,
    autoPong: true,
    closeTimeout: 30_000,
    handleProtocols: null,
    verifyClient: null,
    WebSocket,
  };
  const actual = Object.keys(defaults).map((name) => [name, options[name as keyof typeof options]]);
  assert.deepEqual(Object.fromEntries(actual), defaults);
});

test('ws §2 keeps the options given in `options`', () => {
  const { options } = new WebSocketServer({ noServer: true, maxPayload: 1024, path: '/chat' });
  assert.deepEqual([options.maxPayload, options.path], [1024, '/chat']);
});

test('ws §2 calls the callback once it listens on its port', async (t) => {
  let listening = () => {};
  const called = new Promise<void>((resolve) => {
    listening = resolve;
  });
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' }, listening);
  t.after(() => server.close());
  await called;
  assert.ok(server.address());
});

test('ws §2 listens on the host given', async (t) => {
  const { server, port } = await stage(t);
  assert.deepEqual(server.address(), { address: '127.0.0.1', family: 'IPv4', port });
});

test('ws §2 emits the error of a port that is taken', async (t) => {
  const { port } = await stage(t);
  const second = new WebSocketServer({ port, host: '127.0.0.1' });
  const [error] = await event(second, 'error');
  assert.equal((error as NodeJS.ErrnoException).code, 'EADDRINUSE');
});

test('ws §2 has no `clients` without clientTracking', async (t) => {
  const tracking = await stage(t);
  assert.equal(tracking.server.clients.size, 0);
  const pair = await tracking.pair();
  assert.deepEqual([...tracking.server.clients], [pair.peer]);
  const not = await stage(t, { clientTracking: false });
  const { peer } = await not.pair();
  assert.equal(not.server.clients, undefined);
  peer.terminate();
});

test('ws §2 forgets a client by the time of its close event', async (t) => {
  const { server, pair } = await stage(t).then((on) => ({ server: on.server, pair: on.pair() }));
  const { client, peer } = await pair;
  let left: number | undefined;
  peer.on('close', () => {
    left = server.clients.size;
  });
  client.close();
  await event(peer, 'close');
  assert.equal(left, 0);
});

test('ws §2 makes connections of the class given as WebSocket', async (t) => {
  class Member extends WebSocket {
    readonly nick = 'ada';
    greet(): void {
      this.send(`I am ${this.nick}`);
    }
  }
  const on = await stage(t, { WebSocket: Member });
  const { peer, inbox } = await on.pair();
  assert.ok(peer instanceof Member);
  peer.greet();
  assert.equal(await inbox.text(), 'I am ada');
});
