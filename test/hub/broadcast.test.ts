// Broadcasts of servers and namespaces, on one node.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WriteOptions } from '../../src/hub/session.ts';
import { Events, event, stage, within } from './stage.ts';

test('to, in and except select; a socket in several rooms hears once', async (t) => {
  const made = await stage(t);
  const { io } = made;
  const [a, b, c] = await made.pairs(3);
  a!.socket.join(['one', 'two']);
  b!.socket.join('two');
  const received = [a!, b!, c!].map(({ client }) => new Events(client));
  io.emit('all');
  io.to(['one', 'two']).emit('either');
  io.in('one').in('two').emit('chained');
  io.except('one').emit('except');
  io.to('two').except('one').emit('both');
  io.to('nobody').emit('nobody');
  io.of('/').local.compress(false).emit('flags');
  io.send('sent');
  io.write('written');
  io.emit('end');
  const names = await Promise.all(
    received.map(async (events) => (await events.until('end')).map(([name]) => name)),
  );
  assert.deepEqual(names, [
    ['all', 'either', 'chained', 'flags', 'message', 'message'],
    ['all', 'either', 'chained', 'except', 'both', 'flags', 'message', 'message'],
    ['all', 'except', 'flags', 'message', 'message'],
  ]);
});

test('an operator can be used again: verbs make new ones', async (t) => {
  const made = await stage(t);
  const [a, b] = await made.pairs(2);
  a!.socket.join('one');
  b!.socket.join('two');
  const base = made.io.to('one');
  base.to('two').except('one').volatile.timeout(5);
  const received = [a!, b!].map(({ client }) => new Events(client));
  base.emit('only one');
  made.io.emit('end');
  assert.deepEqual(await Promise.all(received.map((events) => events.until('end'))), [[['only one']], []]);
});

test('the packet is encoded once and handed to every session as the same message', async (t) => {
  const made = await stage(t);
  const pairs = await made.pairs(3);
  const encode = t.mock.method(made.io.encoder, 'encode');
  const writes: [unknown, WriteOptions][] = [];
  for (const { socket } of pairs) {
    t.mock.method(socket.conn, 'write', (data: unknown, options: WriteOptions) =>
      writes.push([data, options]),
    );
  }
  made.io.emit('a', Buffer.from('b'));
  assert.equal(encode.mock.callCount(), 1);
  assert.equal(writes.length, 6);
  const [[, options]] = writes as [[unknown, WriteOptions]];
  assert.equal(typeof options.shared, 'object');
  for (const [index, [data, own]] of writes.entries()) {
    assert.equal(own, options);
    assert.equal(data, writes[index % 2]![0]);
  }
});

test('options of other adapters are completed once for all recipients', async (t) => {
  const made = await stage(t);
  const { socket } = await made.pair();
  const seen: unknown[] = [];
  t.mock.method(socket.conn, 'write', (_data: unknown, options: WriteOptions) => seen.push(options));
  const encoded = ['2["a"]'];
  const opts = { preEncoded: true, compress: false };
  socket.client.writeToEngine(encoded, opts);
  socket.packet(encoded, { ...opts });
  assert.equal(seen[0], seen[1]);
  assert.deepEqual(seen[0], { preEncoded: true, compress: false, shared: encoded });
  assert.deepEqual(opts, { preEncoded: true, compress: false });
});

test('acknowledgements of all, within a deadline', async (t) => {
  const made = await stage(t);
  const pairs = await made.pairs(3);
  for (const [index, { client }] of pairs.entries()) client.on('ask', (reply) => reply(index, 'ignored'));
  const all = new Promise<unknown[]>((resolve) => {
    made.io.timeout(5000).emit('ask', (...args: unknown[]) => resolve(args));
  });
  const [error, replies] = (await within(all, 'replies')) as [null, number[]];
  assert.equal(error, null);
  assert.deepEqual(replies.sort(), [0, 1, 2]);
  assert.deepEqual(await made.io.to('nobody').timeout(5000).emitWithAck('ask'), []);
});

test('whoever does not answer in time is named', async (t) => {
  const made = await stage(t);
  const [a, b] = await made.pairs(2);
  a!.client.on('ask', (reply) => reply('here'));
  const late = event(b!.client, 'ask');
  await assert.rejects(
    made.io.timeout(100).emitWithAck('ask'),
    (error: Error & { responses: unknown[]; missing: string[] }) => {
      assert.equal(error.message, 'operation has timed out');
      assert.deepEqual(error.responses, ['here']);
      assert.deepEqual(error.missing, [b!.socket.id]);
      return true;
    },
  );
  const [reply] = (await late) as [(value: string) => void];
  reply('too late');
  assert.equal(b!.socket.acks.size, 0);
});

test('fetchSockets, allSockets, socketsJoin, socketsLeave, disconnectSockets', async (t) => {
  const made = await stage(t);
  const { io } = made;
  const [a, b] = await made.pairs(2);
  io.in(a!.socket.id).socketsJoin(['x', 'y']);
  assert.deepEqual(await io.in('x').fetchSockets(), [a!.socket]);
  assert.deepEqual(await io.in('y').allSockets(), new Set([a!.socket.id]));
  assert.deepEqual(await io.except('x').fetchSockets(), [b!.socket]);
  io.socketsJoin('z');
  io.socketsLeave('x');
  assert.deepEqual(a!.socket.rooms, new Set([a!.socket.id, 'y', 'z']));
  const gone = event(a!.client, 'disconnect');
  io.in('y').disconnectSockets();
  await gone;
  assert.equal(io.sockets.sockets.size, 1);
  const last = event(b!.client, 'disconnect');
  io.disconnectSockets(true);
  await last;
});

test('reserved names, and arguments that cannot be encoded, throw', async (t) => {
  const { io } = await stage(t);
  assert.throws(() => io.emit('connect'), { message: '"connect" is a reserved event name' });
  assert.throws(() => io.to('a').emit('disconnect'), { message: '"disconnect" is a reserved event name' });
  assert.throws(() => io.emit('a', 1n), TypeError);
});

test('room events, in their order', async (t) => {
  const made = await stage(t);
  const seen: unknown[][] = [];
  const { adapter } = made.io.sockets;
  for (const name of ['create-room', 'join-room', 'leave-room', 'delete-room']) {
    adapter.on(name, (...args) => seen.push([name, ...args]));
  }
  let known = false;
  adapter.on('create-room', (room: string) => {
    known = adapter.sids.has(room);
  });
  const { client, socket } = await made.pair();
  const { id } = socket;
  // Some adapters tell private rooms from others by this.
  assert.equal(known, true);
  const gone = event(socket, 'disconnect');
  client.disconnect();
  await gone;
  assert.deepEqual(seen, [
    ['create-room', id],
    ['join-room', id, id],
    ['leave-room', id, id],
    ['delete-room', id],
  ]);
  assert.equal(adapter.rooms.size, 0);
  assert.equal(adapter.sids.size, 0);
});
