// Sockets, what they have, do and say, against the official client.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Socket } from '../../src/hub/socket.ts';
import { Events, event, stage, within } from './stage.ts';

test('a socket has an id of 20 characters, and a room of that name', async (t) => {
  const made = await stage(t);
  const { client, socket } = await made.pair();
  assert.match(socket.id, /^[\w-]{20}$/);
  assert.equal(client.id, socket.id);
  assert.notEqual(socket.id, socket.conn.id);
  assert.deepEqual(socket.rooms, new Set([socket.id]));
  assert(socket instanceof Socket);
  assert.equal(socket.connected, true);
  assert.equal(socket.disconnected, false);
  assert.equal(socket.recovered, false);
  assert.deepEqual(socket.data, {});
  assert.equal(socket.nsp, made.io.sockets);
  assert.equal(socket.request, socket.conn.request);
  assert.equal(socket.client.conn, socket.conn);
  assert.equal(made.io.sockets.sockets.get(socket.id), socket);
});

test('the handshake is a plain object in a known order', async (t) => {
  const made = await stage(t);
  const { socket } = await made.pair('/', {
    auth: { token: 'abc' },
    query: { x: '1' },
    extraHeaders: { 'x-custom': 'yes' },
  });
  const { handshake } = socket;
  assert.deepEqual(Object.keys(handshake), [
    'headers',
    'time',
    'address',
    'xdomain',
    'secure',
    'issued',
    'url',
    'query',
    'auth',
  ]);
  assert.equal(handshake.headers, socket.request.headers);
  assert.equal(handshake.headers['x-custom'], 'yes');
  assert.equal(handshake.address, '127.0.0.1');
  assert.equal(handshake.xdomain, false);
  assert.equal(handshake.secure, false);
  assert.equal(handshake.time, String(new Date(handshake.issued)));
  assert.equal(handshake.query.x, '1');
  assert.equal(handshake.query.EIO, '4');
  assert.equal(handshake.query.transport, 'websocket');
  assert(handshake.url.startsWith('/socket.io/?'));
  assert.deepEqual(handshake.auth, { token: 'abc' });
});

test('programs may let go of the request; the handshake stays', async (t) => {
  const made = await stage(t);
  made.io.engine.on('connection', (session) => {
    session.request = undefined;
  });
  const { socket } = await made.pair();
  assert.equal(socket.request, undefined);
  assert.equal(socket.handshake.headers.host, `127.0.0.1:${made.port}`);
  assert.equal(socket.handshake.query.EIO, '4');
});

for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']] as const) {
  test(`events and acknowledgements both ways over ${transports.join(' then ')}`, async (t) => {
    const made = await stage(t);
    const { client, socket } = await made.pair('/', { transports: [...transports] });
    const bytes = Buffer.from([1, 2, 3]);
    const heard = event(client, 'hello');
    assert.equal(socket.emit('hello', 1, { a: [bytes] }, 'ä€😀'), true);
    assert.deepEqual(await heard, [1, { a: [bytes] }, 'ä€😀']);
    socket.on('sum', (a, b, reply) => reply(a + b, { bytes }));
    const answer = await new Promise((resolve) => {
      client.emit('sum', 1, 2, (...args: unknown[]) => resolve(args));
    });
    assert.deepEqual(answer, [3, { bytes }]);
    client.on('ask', (x, reply) => reply([x, bytes]));
    assert.deepEqual(await within(socket.emitWithAck('ask', bytes), 'reply'), [bytes, bytes]);
    for (let count = 0; count < 50; count++) socket.emit('counted', count);
    const events = new Events(client);
    for (let count = 0; count < 50; count++) assert.deepEqual(await events.next(), ['counted', count]);
  });
}

test('reserved names cannot be emitted', async (t) => {
  const { socket } = await (await stage(t)).pair();
  for (const name of [
    'connect',
    'connect_error',
    'disconnect',
    'disconnecting',
    'newListener',
    'removeListener',
  ]) {
    assert.throws(() => socket.emit(name), { message: `"${name}" is a reserved event name` });
  }
});

test('timeout: the reply error-first, or an error', async (t) => {
  const { client, socket } = await (await stage(t)).pair();
  client.on('answered', (reply) => reply('yes'));
  const answered = new Promise((resolve) => {
    socket.timeout(5000).emit('answered', (...args: unknown[]) => resolve(args));
  });
  assert.deepEqual(await answered, [null, 'yes']);
  assert.equal(await socket.timeout(5000).emitWithAck('answered'), 'yes');
  const failed = new Promise<unknown[]>((resolve) => {
    socket.timeout(10).emit('not answered', (...args: unknown[]) => resolve(args));
  });
  assert.equal(((await failed)[0] as Error).message, 'operation has timed out');
  await assert.rejects(socket.timeout(10).emitWithAck('not answered'), {
    message: 'operation has timed out',
  });
  assert.equal(socket.acks.size, 0);
});

test('send and write are events named message', async (t) => {
  const { client, socket } = await (await stage(t)).pair();
  const events = new Events(client);
  assert.equal(socket.send('a', 1), socket);
  assert.equal(socket.write('b'), socket);
  assert.deepEqual(await events.next(), ['message', 'a', 1]);
  assert.deepEqual(await events.next(), ['message', 'b']);
});

test('to, in, except, broadcast and local leave out the socket itself', async (t) => {
  const made = await stage(t);
  const [a, b, c] = await made.pairs(3);
  for (const { socket } of [a!, b!]) socket.join(['one', 'two']);
  c!.socket.join('two');
  const received = [a!, b!, c!].map(({ client }) => new Events(client));
  a!.socket.to('one').emit('to');
  a!.socket.in(['one', 'two']).emit('in');
  a!.socket.except('one').emit('except');
  a!.socket.broadcast.emit('broadcast');
  a!.socket.local.emit('local');
  a!.socket.to(a!.socket.id).emit('nobody');
  a!.socket.to('two').except('one').emit('both');
  made.io.emit('end');
  const names = await Promise.all(
    received.map(async (events) => (await events.until('end')).map(([name]) => name)),
  );
  assert.deepEqual(names, [
    [],
    ['to', 'in', 'broadcast', 'local'],
    ['in', 'except', 'broadcast', 'local', 'both'],
  ]);
});

test('flags hold for the next emit only', async (t) => {
  const { socket } = await (await stage(t)).pair();
  assert.equal(socket.compress(false), socket);
  assert.equal(socket.volatile, socket);
  socket.emit('consumes');
  const writes: unknown[] = [];
  t.mock.method(socket.conn, 'write', (_data: unknown, options: unknown) => writes.push(options));
  socket.compress(false).emit('a');
  socket.emit('b');
  assert.deepEqual(
    writes.map((options) => (options as { compress?: boolean }).compress),
    [false, true],
  );
});

test('volatile events are dropped while the transport is busy', async (t) => {
  const made = await stage(t);
  const { client, socket } = await made.pair();
  const events = new Events(client);
  const writable = t.mock.getter(socket.conn.transport, 'writable', () => false);
  socket.volatile.emit('dropped');
  made.io.volatile.emit('dropped too');
  writable.mock.restore();
  socket.volatile.emit('sent');
  assert.deepEqual(await events.next(), ['sent']);
});

test('volatile events are not dropped for what an earlier tick has sent, however much the loop has to do', async (t) => {
  const pairs = await (await stage(t)).pairs(30);
  const inboxes = pairs.map(({ client, socket }) => {
    socket.on('go', async () => {
      socket.emit('state');
      await null;
      socket.volatile.emit('position');
      await null;
      socket.emit('end');
    });
    return new Events(client);
  });
  for (let round = 0; round < 5; round++) {
    for (const { client } of pairs) client.emit('go');
    for (const events of inboxes) {
      assert.deepEqual(await events.until('end'), [['state'], ['position']]);
    }
  }
});

test('join and leave', async (t) => {
  const { socket } = await (await stage(t)).pair();
  socket.join('a');
  socket.join(['b', 'c']);
  socket.leave('b');
  assert.deepEqual(socket.rooms, new Set([socket.id, 'a', 'c']));
});

test('disconnect tells the client; again it does nothing', async (t) => {
  const { client, socket } = await (await stage(t)).pair();
  const gone = event(client, 'disconnect');
  assert.equal(socket.disconnect(), socket);
  assert.equal(socket.disconnect(), socket);
  assert.equal((await gone)[0], 'io server disconnect');
});

test('disconnect(true) ends all namespaces of the connection, and the connection', async (t) => {
  const made = await stage(t);
  made.io.of('/other');
  const { client, socket } = await made.pair();
  const other = made.also(client, '/other');
  await event(other, 'connect');
  const ends = [event(client, 'disconnect'), event(other, 'disconnect')];
  const closed = event(socket.conn, 'close');
  const sockets = [socket, made.io.of('/other').sockets.get(other.id!)!];
  const reasons = sockets.map((one) => event(one, 'disconnect'));
  socket.disconnect(true);
  for (const end of ends) assert.equal((await end)[0], 'io server disconnect');
  for (const reason of reasons) assert.equal((await reason)[0], 'server namespace disconnect');
  await closed;
});

test('onAny and its family', async (t) => {
  const { client, socket } = await (await stage(t)).pair();
  const seen: unknown[][] = [];
  const first = (...args: unknown[]) => seen.push(['first', ...args]);
  const second = (...args: unknown[]) => seen.push(['second', ...args]);
  assert.equal(socket.onAny(first), socket);
  socket.prependAny(second);
  assert.deepEqual(socket.listenersAny(), [second, first]);
  client.emit('a', 1);
  await event(socket, 'a');
  assert.deepEqual(seen, [
    ['second', 'a', 1],
    ['first', 'a', 1],
  ]);
  socket.offAny(second);
  assert.deepEqual(socket.listenersAny(), [first]);
  socket.offAny();
  assert.deepEqual(socket.listenersAny(), []);
});

test('onAnyOutgoing hears emits and broadcasts, but not acknowledgements', async (t) => {
  const made = await stage(t);
  const { client, socket } = await made.pair();
  const seen: unknown[][] = [];
  const listener = (...args: unknown[]) => seen.push(args);
  socket.onAnyOutgoing(listener);
  socket.prependAnyOutgoing(() => seen.push(['prepended']));
  socket.on('ask', (reply) => reply('x'));
  socket.emit('emitted', 1);
  made.io.emit('broadcast', 2);
  await client.emitWithAck('ask');
  assert.deepEqual(seen, [['prepended'], ['emitted', 1], ['prepended'], ['broadcast', 2]]);
  socket.offAnyOutgoing(listener);
  assert.equal(socket.listenersAnyOutgoing().length, 1);
  socket.offAnyOutgoing();
  assert.equal(socket.listenersAnyOutgoing().length, 0);
});

test('packet middlewares run in order, may change arguments and may refuse', async (t) => {
  const { client, socket } = await (await stage(t)).pair();
  const order: unknown[] = [];
  assert.equal(
    socket.use((packet, next) => {
      order.push(packet[0]);
      packet[1] = 'changed';
      next();
    }),
    socket,
  );
  socket.use(([name], next) => {
    order.push('second');
    next(name === 'refused' ? new Error('no') : undefined);
  });
  socket.on('refused', () => assert.fail('refused'));
  const failed = event(socket, 'error');
  const heard = event(socket, 'a');
  client.emit('a', 'original');
  client.emit('refused');
  assert.deepEqual(await heard, ['changed']);
  assert.equal(((await failed)[0] as Error).message, 'no');
  assert.deepEqual(order, ['a', 'second', 'refused', 'second']);
});

test('only the first call of an acknowledgement counts', async (t) => {
  const { client, socket } = await (await stage(t)).pair();
  socket.on('ask', (reply) => {
    reply('first');
    reply('second');
    socket.emit('end');
  });
  const end = event(client, 'end');
  const replies: unknown[] = [];
  client.emit('ask', (reply: unknown) => replies.push(reply));
  await end;
  assert.deepEqual(replies, ['first']);
});

test('an event before a disconnection is dropped with it', async (t) => {
  const { client, socket } = await (await stage(t)).pair();
  socket.on('late', () => assert.fail('delivered'));
  const gone = event(socket, 'disconnect');
  socket.use((_packet, next) => {
    socket.disconnect();
    next();
  });
  client.emit('late');
  await gone;
});

test('the order of the end', async (t) => {
  const { client, socket } = await (await stage(t)).pair();
  socket.join('room');
  const order: unknown[] = [];
  socket.on('disconnecting', (reason) =>
    order.push(['disconnecting', reason, socket.connected, [...socket.rooms].length]),
  );
  socket.adapter.on('leave-room', (room: string) => order.push(['leave', room]));
  const gone = new Promise<void>((resolve) => {
    socket.on('disconnect', (reason) => {
      order.push(['disconnect', reason, socket.connected, [...socket.rooms].length, socket.nsp.sockets.size]);
      resolve();
    });
  });
  client.disconnect();
  await gone;
  assert.deepEqual(order, [
    ['disconnecting', 'client namespace disconnect', true, 2],
    ['leave', socket.id],
    ['leave', 'room'],
    ['disconnect', 'client namespace disconnect', false, 0, 0],
  ]);
  socket.join('too late');
  assert.deepEqual(socket.rooms, new Set());
});

test('a cut connection is a transport close', async (t) => {
  const { client, socket } = await (await stage(t)).pair();
  const gone = event(socket, 'disconnect');
  client.io.engine.close();
  assert.equal((await gone)[0], 'transport close');
});

test('a duplicate or unknown acknowledgement is ignored', async (t) => {
  const made = await stage(t);
  const { webSocket, inbox } = await made.raw();
  const accepted = event(made.io, 'connection');
  webSocket.send('40');
  await inbox.text();
  const [socket] = (await accepted) as [Socket];
  let calls = 0;
  socket.emit('ask', () => calls++);
  assert.equal(await inbox.text(), '420["ask"]');
  for (const reply of ['430["a"]', '430["b"]', '4399["c"]', '43[]']) webSocket.send(reply);
  const heard = event(socket, 'end');
  webSocket.send('42["end"]');
  await heard;
  assert.equal(calls, 1);
});
