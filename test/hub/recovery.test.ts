// Connection state recovery with the adapter in memory, against the official client.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Socket } from '../../src/hub/socket.ts';
import { type ClientSocket, event, type Stage, stage } from './stage.ts';

const options = { connectionStateRecovery: {} };

/** A client with a socket in `room`, that has received one event: without, there would be nothing to continue from. */
async function begun(made: Stage): Promise<{ client: ClientSocket; socket: Socket }> {
  const { client, socket } = await made.pair();
  socket.join('room');
  socket.data.name = 'kept';
  const first = event(client, 'first');
  socket.emit('first');
  await first;
  return { client, socket };
}

async function cut(client: ClientSocket, socket: Socket): Promise<void> {
  const gone = event(socket, 'disconnect');
  client.io.engine.close();
  await gone;
}

/** The client as it connects again; the events up to `end`, without their offsets. */
async function back(made: Stage, client: ClientSocket): Promise<{ socket: Socket; events: unknown[][] }> {
  const events: unknown[][] = [];
  const accepted = event(made.io, 'connection');
  client.onAny((...args) => events.push(args.slice(0, -1)));
  const end = event(client, 'end');
  client.connect();
  const [socket] = (await accepted) as [Socket];
  made.io.emit('end');
  await end;
  return { socket, events };
}

test('id, rooms, data and what was missed come back', async (t) => {
  const made = await stage(t, options);
  let middlewares = 0;
  made.io.use((_socket, next) => {
    middlewares++;
    next();
  });
  const { client, socket } = await begun(made);
  assert.equal(socket.recovered, false);
  const { id } = socket;
  await cut(client, socket);
  made.io.emit('to all', 1);
  made.io.to('room').emit('to room', Buffer.from('a'));
  made.io.to('elsewhere').emit('not for it');
  made.io.except('room').emit('not for it either');
  made.io.volatile.emit('volatile');
  made.io.timeout(10).emit('wants a reply', () => {});
  const { socket: again, events } = await back(made, client);
  assert.deepEqual(events, [['to all', 1], ['to room', Buffer.from('a')], ['end']]);
  assert.equal(client.recovered, true);
  assert.equal(client.id, id);
  assert.equal(again.recovered, true);
  assert.equal(again.id, id);
  assert.deepEqual(again.data, { name: 'kept' });
  assert.deepEqual(again.rooms, new Set([id, 'room']));
  assert.equal(middlewares, 1);
});

test('it comes back again and again', async (t) => {
  const made = await stage(t, options);
  const { client, socket } = await begun(made);
  await cut(client, socket);
  const second = await back(made, client);
  client.offAny();
  await cut(client, second.socket);
  made.io.emit('missed');
  const third = await back(made, client);
  assert.equal(third.socket.id, socket.id);
  assert.deepEqual(third.events, [['missed'], ['end']]);
});

test('the middlewares run if told to', async (t) => {
  const made = await stage(t, { connectionStateRecovery: { skipMiddlewares: false } });
  const recovered: boolean[] = [];
  made.io.use((socket, next) => {
    recovered.push(socket.recovered);
    next();
  });
  const { client, socket } = await begun(made);
  await cut(client, socket);
  await back(made, client);
  assert.deepEqual(recovered, [false, true]);
});

test('whoever left is not continued', async (t) => {
  const made = await stage(t, options);
  const { client, socket } = await begun(made);
  const gone = event(socket, 'disconnect');
  client.disconnect();
  await gone;
  const { socket: again } = await back(made, client);
  assert.equal(again.recovered, false);
  assert.notEqual(again.id, socket.id);
});

test('a session is kept for maxDisconnectionDuration', async (t) => {
  const made = await stage(t, { connectionStateRecovery: { maxDisconnectionDuration: 1000 } });
  const { client, socket } = await begun(made);
  await cut(client, socket);
  const now = Date.now();
  t.mock.method(Date, 'now', () => now + 2000);
  const { socket: again } = await back(made, client);
  assert.equal(again.recovered, false);
});

test('an unknown pid or offset makes a new socket; hostile ones too', async (t) => {
  const made = await stage(t, options);
  const { client, socket } = await begun(made);
  await cut(client, socket);
  for (const auth of [
    { pid: '__proto__', offset: 'x' },
    { pid: (client as unknown as { _pid: string })._pid, offset: 'unknown' },
    { pid: {}, offset: [] },
  ]) {
    const { socket: fresh } = await made.pair('/', { auth });
    assert.equal(fresh.recovered, false);
  }
});

test('an adapter that rejects or throws has nothing to restore', async (t) => {
  const made = await stage(t, options);
  for (const restore of [
    () => Promise.reject(new Error('no')),
    () => {
      throw new Error('no');
    },
    () => undefined,
  ]) {
    made.io.sockets.adapter.restoreSession = restore;
    const { socket } = await made.pair('/', { auth: { pid: 'a', offset: 'b' } });
    assert.equal(socket.recovered, false);
  }
});

test('what is too old is swept', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval', 'Date'], now: Date.now() });
  const made = await stage(t, { connectionStateRecovery: { maxDisconnectionDuration: 1000 } });
  const { adapter } = made.io.sockets;
  const packet = { type: 2, data: ['old'] };
  adapter.broadcast(packet, { rooms: new Set(), except: new Set(), flags: {} });
  const offset = packet.data[1] as string;
  const session = { sid: 'sid', pid: 'pid', rooms: ['sid'], data: {} };
  const restore = () => {
    adapter.persistSession(session);
    return adapter.restoreSession('pid', offset);
  };
  assert.deepEqual((restore() as { missedPackets: unknown[] }).missedPackets, []);
  t.mock.timers.tick(60_000);
  assert.equal(restore(), null);
});

test('offsets are unique and grow', async (t) => {
  const made = await stage(t, options);
  const now = Date.now();
  t.mock.method(Date, 'now', () => now);
  const offsets = Array.from({ length: 300 }, () => {
    const packet = { type: 2, data: ['a'] };
    made.io.sockets.adapter.broadcast(packet, { rooms: new Set(), except: new Set(), flags: {} });
    return packet.data[1] as string;
  });
  assert.equal(new Set(offsets).size, 300);
});

test('the oldest of too many cut sessions is forgotten', async (t) => {
  const made = await stage(t, options);
  const { adapter } = made.io.sockets;
  const packet = { type: 2, data: ['news'] as unknown[] };
  adapter.broadcast(packet, { rooms: new Set(), except: new Set(), flags: {} });
  const offset = packet.data[1] as string;
  for (let i = 0; i <= 100_000; i++) {
    adapter.persistSession({ sid: `sid ${i}`, pid: `pid ${i}`, rooms: [], data: undefined });
  }
  assert.equal(await adapter.restoreSession('pid 0', offset), null);
  for (const kept of ['pid 1', 'pid 100000']) {
    assert.notEqual(await adapter.restoreSession(kept, offset), null, kept);
  }
});
