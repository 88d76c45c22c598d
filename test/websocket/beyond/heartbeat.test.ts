// The option `heartbeat`: a dead peer is found and ended, a silent one that answers is kept (RFC 6455 §5.5.2).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WebSocket as WsClient } from 'ws';
import * as frame from '../../conformance/frames.ts';
import { closing, event } from '../inbox.ts';
import { stage } from '../stage.ts';

/** Lets whatever is under way on sockets arrive. */
async function settle(): Promise<void> {
  for (let turns = 0; turns < 30; turns++) await new Promise(setImmediate);
}

/** Waits until the server has read all that the client has said so far. */
async function reached(client: WsClient): Promise<void> {
  const pong = event(client, 'pong');
  client.ping();
  await pong;
}

test('§5.5.2 pings a silent peer after an interval, and ends one that stays silent for another', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const on = await stage(t, { heartbeat: 1000 });
  const { raw, peer } = await on.raw();
  raw.socket.write(frame.text('I live'));
  await event(peer, 'message');
  t.mock.timers.tick(1000);
  await settle();
  assert.deepEqual(raw.received, [], 'whoever has just spoken is not pinged');
  t.mock.timers.tick(1000);
  assert.deepEqual(await raw.next(), { kind: 'ping', payload: Buffer.alloc(0) });
  assert.equal(peer.readyState, peer.OPEN);
  const closed = closing(peer);
  t.mock.timers.tick(1000);
  assert.deepEqual(await closed, { code: 1006, reason: '' });
});

test('§5.5.3 keeps a peer that is silent but answers pings, for as long as it does', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const on = await stage(t, { heartbeat: 1000 });
  const { client, peer, inbox } = await on.pair();
  let pings = 0;
  client.on('ping', () => pings++);
  for (let beats = 0; beats < 20; beats++) {
    const before = pings;
    t.mock.timers.tick(1000);
    await settle();
    if (pings > before) await reached(client);
  }
  assert.ok(pings > 5, `${pings} pings`);
  assert.equal(peer.readyState, peer.OPEN);
  peer.send('still here');
  assert.equal(await inbox.text(), 'still here');
});

test('§5.5.2 takes any bytes for a sign of life, also those of an unfinished frame', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { raw, peer } = await (await stage(t, { heartbeat: 1000 })).raw();
  const bytes = frame.binary(Buffer.alloc(20));
  for (const byte of bytes.subarray(0, 20)) {
    const arrived = event(peer._socket!, 'data');
    raw.socket.write(Buffer.from([byte]));
    await arrived;
    t.mock.timers.tick(1000);
  }
  assert.equal(peer.readyState, peer.OPEN);
});

test('§5.5.2 does not judge a connection that the program has paused', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { raw, peer } = await (await stage(t, { heartbeat: 1000 })).raw();
  peer.pause();
  for (let beats = 0; beats < 5; beats++) t.mock.timers.tick(1000);
  assert.equal(peer.readyState, peer.OPEN);
  peer.resume();
  t.mock.timers.tick(1000);
  assert.equal((await raw.next()).kind, 'ping');
  t.mock.timers.tick(1000);
  assert.notEqual(peer.readyState, peer.OPEN);
});

test('ends the dead beside the living', async (t) => {
  const on = await stage(t, { heartbeat: 40 });
  const alive = await on.pair();
  const dead = await on.raw();
  const closed = closing(dead.peer);
  assert.deepEqual(await closed, { code: 1006, reason: '' });
  alive.peer.send('alive');
  assert.equal(await alive.inbox.text(), 'alive');
});

test('heartbeat: false never pings', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { raw, peer } = await (await stage(t, { heartbeat: false })).raw();
  t.mock.timers.tick(3_600_000);
  await settle();
  assert.deepEqual(raw.received, []);
  assert.equal(peer.readyState, peer.OPEN);
});

test('heartbeat: 0 never pings either, as 0 is "none" in all options', async (t) => {
  const setInterval = t.mock.method(globalThis, 'setInterval');
  const { raw } = await (await stage(t, { heartbeat: 0 })).raw();
  raw.destroy();
  const intervals = setInterval.mock.calls.map(({ arguments: [, ms] }) => ms);
  assert.deepEqual(intervals, []);
});

test('has an interval of 30 seconds unless told otherwise', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { raw, peer } = await (await stage(t)).raw();
  t.mock.timers.tick(30_000);
  t.mock.timers.tick(29_999);
  await settle();
  assert.deepEqual(raw.received, []);
  t.mock.timers.tick(1);
  assert.equal((await raw.next()).kind, 'ping');
  t.mock.timers.tick(30_000);
  assert.notEqual(peer.readyState, peer.OPEN);
});

test('§5.5.2 ends a peer that is not read from because it reads nothing, but gives a slow reader time', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const on = await stage(t, { heartbeat: 1000 });
  const { raw, peer } = await on.raw();
  raw.socket.pause();
  peer.send(Buffer.alloc(16 << 20));
  const closed = closing(peer);
  for (let beats = 0; beats < 10; beats++) t.mock.timers.tick(1000);
  assert.equal(peer.readyState, peer.OPEN);
  for (let beats = 0; beats < 4; beats++) t.mock.timers.tick(1000);
  assert.deepEqual(await closed, { code: 1006, reason: '' });
});
