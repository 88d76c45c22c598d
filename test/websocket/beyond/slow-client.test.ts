// A client that does not read: maxBufferedAmount, both policies of slowClients, and `drain`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WebSocket } from '../../../src/websocket/index.ts';
import { called, closing, event } from '../inbox.ts';
import { stage } from '../stage.ts';

const MiB = 1 << 20;
type Coded = Error & { code?: string };

/** Sends until the system takes no more and `amount` bytes wait on our side; returns how many messages that took. */
async function fill(peer: WebSocket, amount: number): Promise<number> {
  let count = 0;
  while (peer.bufferedAmount <= amount) {
    peer.send(Buffer.alloc(MiB, count++));
    await new Promise(setImmediate);
  }
  return count;
}

/** The same with small messages: less waits than a stream calls full. */
async function trickle(peer: WebSocket): Promise<number> {
  let count = 0;
  while (peer.bufferedAmount === 0) {
    peer.send(Buffer.alloc(4000, count++));
    await new Promise(setImmediate);
  }
  return count;
}

test('§7.4.1 closes a client that reads too slowly with 1013, behind what waits for it', async (t) => {
  const on = await stage(t, { maxBufferedAmount: 2 * MiB });
  const { raw, peer } = await on.raw();
  raw.socket.pause();
  const count = await fill(peer, 2 * MiB);
  const error = (await called((callback) => peer.send('too much', callback))) as Coded;
  assert.equal(error.code, 'WS_ERR_SLOW_CLIENT');
  assert.equal(peer.readyState, peer.CLOSING);
  raw.socket.resume();
  for (let i = 0; i < count; i++) assert.equal((await raw.next()).kind, 'binary');
  assert.deepEqual(await raw.next(), { kind: 'close', code: 1013 });
});

test('ends a slow client that never reads again after closeTimeout', async (t) => {
  const on = await stage(t, { maxBufferedAmount: MiB, closeTimeout: 50 });
  const { raw, peer } = await on.raw();
  raw.socket.pause();
  await fill(peer, MiB);
  const closed = closing(peer);
  peer.send('too much');
  assert.equal((await closed).code, 1006);
});

test('leaves out messages for a slow client with slowClients: drop, and goes on when it reads', async (t) => {
  const on = await stage(t, { maxBufferedAmount: MiB, slowClients: 'drop' });
  const { raw, peer } = await on.raw();
  raw.socket.pause();
  const count = await fill(peer, MiB);
  for (let i = 0; i < 3; i++) {
    const error = (await called((callback) => peer.send('left out', callback))) as Coded;
    assert.equal(error.code, 'WS_ERR_SLOW_CLIENT');
  }
  assert.equal(peer.readyState, peer.OPEN);
  const drained = event(peer, 'drain');
  raw.socket.resume();
  await drained;
  peer.send('taken again');
  for (let i = 0; i < count; i++) assert.equal((await raw.next()).kind, 'binary');
  assert.deepEqual(await raw.next(), {
    kind: 'text',
    payload: Buffer.from('taken again'),
    compressed: false,
  });
});

test('§5.4 leaves out whole messages only, never a part of one', async (t) => {
  const on = await stage(t, { maxBufferedAmount: MiB, slowClients: 'drop' });
  const { raw, peer } = await on.raw();
  raw.socket.pause();
  peer.send('begun ', { fin: false });
  const parts = await (async () => {
    let count = 0;
    while (peer.bufferedAmount <= MiB) {
      peer.send(Buffer.alloc(MiB, 97), { fin: false });
      count++;
      await new Promise(setImmediate);
    }
    return count;
  })();
  peer.send('and ended');
  assert.ok(await called((callback) => peer.send('left out ', { fin: false }, callback)));
  const drained = event(peer, 'drain');
  raw.socket.resume();
  await drained;
  assert.ok(await called((callback) => peer.send('to its end', callback)));
  peer.send('whole');
  const first = (await raw.next()) as { payload: Buffer };
  assert.equal(first.payload.length, 6 + parts * MiB + 9);
  assert.equal(String(((await raw.next()) as { payload: Buffer }).payload), 'whole');
});

test('lets a message pass that is larger than maxBufferedAmount when nothing waits', async (t) => {
  const { peer, inbox } = await (await stage(t, { maxBufferedAmount: 1000 })).pair();
  peer.send(Buffer.alloc(5 * MiB));
  assert.equal((await inbox.next()).data.length, 5 * MiB);
  assert.equal(peer.readyState, peer.OPEN);
});

test('takes a maxBufferedAmount of 0 for no limit', async (t) => {
  const { raw, peer } = await (await stage(t, { maxBufferedAmount: 0 })).raw();
  raw.socket.pause();
  await fill(peer, 80 * MiB);
  assert.equal(peer.readyState, peer.OPEN);
  raw.destroy();
});

test('has a maxBufferedAmount of 64 MiB unless told otherwise', async (t) => {
  const { raw, peer } = await (await stage(t)).raw();
  raw.socket.pause();
  await fill(peer, 64 * MiB);
  assert.equal(peer.readyState, peer.OPEN);
  peer.send('x');
  assert.equal(peer.readyState, peer.CLOSING);
  raw.destroy();
});

test('emits `drain` when all that was waiting has gone', async (t) => {
  const { raw, peer } = await (await stage(t)).raw();
  raw.socket.pause();
  await fill(peer, MiB);
  let drained = false;
  peer.on('drain', () => {
    drained = true;
    assert.equal(peer.bufferedAmount, 0);
  });
  await new Promise(setImmediate);
  assert.equal(drained, false);
  const gone = event(peer, 'drain');
  raw.socket.resume();
  await gone;
});

test('emits `drain` after leaving out messages, also when little was waiting', async (t) => {
  const on = await stage(t, { maxBufferedAmount: 100, slowClients: 'drop' });
  const { raw, peer } = await on.raw();
  raw.socket.pause();
  await trickle(peer);
  assert.ok(await called((callback) => peer.send('left out', callback)));
  const drained = event(peer, 'drain');
  raw.socket.resume();
  await drained;
});
