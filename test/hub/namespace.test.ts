// Namespaces, their middlewares, and those that are made on demand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Namespace } from '../../src/hub/namespace.ts';
import { Events, event, stage, within } from './stage.ts';

test('of gets or makes a namespace, with or without slash', async (t) => {
  const { io } = await stage(t);
  const made: unknown[] = [];
  io.on('new_namespace', ({ name }) => made.push(name));
  assert.equal(io.of('chat'), io.of('/chat'));
  assert.equal(io.of(''), io.sockets);
  assert.equal(io.of('/'), io.sockets);
  assert.deepEqual(made, ['/chat']);
  assert.deepEqual([...io._nsps.keys()], ['/', '/chat']);
});

test('connect and connection are raised after the client was told', async (t) => {
  const { io, ...made } = await withIo(t);
  const order: string[] = [];
  io.of('/a', (socket) => {
    order.push('listener');
    socket.emit('welcome');
  });
  io.of('/a').on('connection', () => order.push('connection'));
  const client = made.stage.client('/a');
  const welcome = event(client, 'welcome');
  await event(client, 'connect');
  await welcome;
  assert.deepEqual(order, ['listener', 'connection']);
});

async function withIo(t: Parameters<typeof stage>[0], options = {}) {
  const made = await stage(t, options);
  return { io: made.io, stage: made };
}

test('one connection carries several namespaces, apart', async (t) => {
  const { io, stage: made } = await withIo(t);
  io.of('/a');
  const { client } = await made.pair();
  const other = made.also(client, '/a');
  await event(other, 'connect');
  assert.notEqual(other.id, client.id);
  const events = new Events(other);
  io.emit('not here');
  io.of('/a').emit('here', 1);
  assert.deepEqual(await events.next(), ['here', 1]);
  other.disconnect();
  await event([...io.of('/a').sockets.values()][0]!, 'disconnect');
  assert.equal(client.connected, true);
});

test('middlewares run in order, see the socket before it is connected, and may refuse', async (t) => {
  const { io, stage: made } = await withIo(t);
  const order: unknown[] = [];
  io.use((socket, next) => {
    order.push(socket.connected);
    socket.data.user = 'me';
    socket.join('early');
    next();
  });
  io.use((socket, next) => {
    order.push(socket.data.user);
    const error = new Error('not you') as Error & { data?: unknown };
    error.data = { code: 7 };
    next(socket.handshake.auth.refuse ? error : undefined);
  });
  io.use((_socket, next) => {
    order.push('third');
    next();
  });
  const { socket } = await made.pair();
  assert(socket.rooms.has('early'));
  assert.deepEqual(order, [false, 'me', 'third']);
  const refused = made.client('/', { auth: { refuse: true } });
  const [error] = (await event(refused, 'connect_error')) as [Error & { data: unknown }];
  assert.equal(error.message, 'not you');
  assert.deepEqual(error.data, { code: 7 });
  assert.equal(io.sockets.adapter.rooms.get('early')?.size, 1);
  assert.equal(io.sockets.sockets.size, 1);
});

test('a connection that ends while a middleware decides is dropped without events', async (t) => {
  const { io, stage: made } = await withIo(t);
  io.on('connection', () => assert.fail('connected'));
  const waiting = new Promise<() => void>((resolve) => io.use((_socket, next) => resolve(next)));
  const opened = event(io.engine, 'connection');
  const { webSocket } = await made.raw();
  const [session] = (await opened) as [NodeJS.EventEmitter];
  webSocket.send('40');
  const next = await within(waiting, 'middleware');
  const closed = event(session, 'close');
  webSocket.close();
  await closed;
  next();
  await new Promise(setImmediate);
  assert.equal(io.sockets.sockets.size, 0);
});

test('serverSideEmit refuses reserved names; alone it warns', async (t) => {
  const { io } = await withIo(t);
  for (const name of ['connect', 'connection', 'new_namespace']) {
    assert.throws(() => io.serverSideEmit(name), { message: `"${name}" is a reserved event name` });
  }
  const warn = t.mock.method(console, 'warn', () => {});
  assert.equal(io.serverSideEmit('hello'), true);
  assert.deepEqual(warn.mock.calls[0]?.arguments, [
    'this adapter does not support the serverSideEmit() functionality',
  ]);
});

test('a pattern makes namespaces on demand', async (t) => {
  const { io, stage: made } = await withIo(t);
  const announced: string[] = [];
  io.on('new_namespace', ({ name }) => announced.push(name));
  const names: string[] = [];
  // A global pattern remembers where it was; that must not matter.
  const parent = io.of(/^\/dynamic-\d+$/g);
  assert.equal(parent.name, '/_0');
  parent.use((socket, next) => {
    socket.data.seen = true;
    next();
  });
  parent.on('connection', (socket) => names.push(socket.nsp.name));
  const one = await made.pair('/dynamic-1');
  const two = await made.pair('/dynamic-2');
  assert.deepEqual(names, ['/dynamic-1', '/dynamic-2']);
  assert.deepEqual(announced, names);
  assert.equal(one.socket.data.seen, true);
  assert.equal(io.of('/dynamic-1'), one.socket.nsp);
  const received = [one, two].map(({ client }) => new Events(client));
  parent.emit('to all', Buffer.from('a'));
  for (const events of received) assert.deepEqual(await events.next(), ['to all', Buffer.from('a')]);
  assert.throws(() => parent.fetchSockets(), {
    message: 'fetchSockets() is not supported on parent namespaces',
  });
  const [error] = (await event(made.client('/dynamic-x'), 'connect_error')) as [Error];
  assert.equal(error.message, 'Invalid namespace');
  io.of('/dynamic-9');
  assert((parent as unknown as { children: Set<Namespace> }).children.has(io.of('/dynamic-9')));
});

test('a function decides, with what the client sent; the next is asked if it fails', async (t) => {
  t.mock.method(console, 'error', () => {});
  const { io, stage: made } = await withIo(t);
  const asked: unknown[] = [];
  io.of(() => {
    throw new Error('broken');
  });
  io.of(async () => {
    throw new Error('broken');
  });
  io.of((_name, _auth, next) => next(new Error('no'), true));
  io.of((name, auth, next) => {
    asked.push([name, auth]);
    next(null, auth.token === 'abc');
  });
  await made.pair('/any', { auth: { token: 'abc' } });
  assert.deepEqual(asked, [['/any', { token: 'abc' }]]);
});

test('an empty child namespace is removed, if asked', async (t) => {
  const { io, stage: made } = await withIo(t, { cleanupEmptyChildNamespaces: true });
  const parent = io.of(/^\/dynamic/);
  const { client, socket } = await made.pair('/dynamic');
  const child = socket.nsp;
  const close = t.mock.method(child.adapter, 'close');
  const gone = event(socket, 'disconnect');
  client.disconnect();
  await gone;
  assert.equal(close.mock.callCount(), 1);
  assert.equal(io._nsps.has('/dynamic'), false);
  assert.equal((parent as unknown as { children: Set<Namespace> }).children.size, 0);
  const again = await made.pair('/dynamic');
  assert.notEqual(again.socket.nsp, child);
});
