// maxPendingPongs: a peer that pings and does not read gets the last of its answers, and not all of them (RFC 6455 §5.5.3).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WebSocket } from '../../../src/websocket/index.ts';
import * as frame from '../../conformance/frames.ts';
import type { RawClient } from '../../conformance/raw-client.ts';
import { event } from '../inbox.ts';
import { stage } from '../stage.ts';

/** Sends messages of one size until some bytes of them wait on our side; returns how many that took. */
async function fill(peer: WebSocket, size: number): Promise<number> {
  let count = 0;
  while (peer.bufferedAmount === 0) {
    peer.send(Buffer.alloc(size, count++));
    await new Promise(setImmediate);
  }
  return count;
}

/** Sends numbered pings, and waits until the server has seen all of them. */
async function pings(raw: RawClient, peer: WebSocket, count: number): Promise<void> {
  const last = event(peer, 'message');
  for (let i = 0; i < count; i++) raw.socket.write(frame.ping(`${i}`));
  raw.socket.write(frame.text('all sent'));
  await last;
}

async function pongsUntil(raw: RawClient, last: string): Promise<string[]> {
  const pongs: string[] = [];
  while (pongs.at(-1) !== last) pongs.push(String(((await raw.next()) as { payload: Buffer }).payload));
  return pongs;
}

for (const [what, size] of [
  ['a mebibyte', 1 << 20],
  ['a few bytes', 1000],
] as const) {
  test(`§5.5.3 keeps at most maxPendingPongs behind ${what} that wait, and always the last`, async (t) => {
    const on = await stage(t, { maxPendingPongs: 10, highWaterMark: 0 });
    const { raw, peer } = await on.raw();
    raw.socket.pause();
    const count = await fill(peer, size);
    const before = peer.bufferedAmount;
    await pings(raw, peer, 500);
    assert.ok(peer.bufferedAmount - before <= 11 * 127, 'pongs pile up');
    raw.socket.resume();
    for (let i = 0; i < count; i++) assert.equal((await raw.next()).kind, 'binary');
    const pongs = await pongsUntil(raw, '499');
    assert.ok(pongs.length <= 12, `${pongs}`);
    assert.deepEqual(pongs.slice(0, 5), ['0', '1', '2', '3', '4']);
  });
}

test('§5.5.2 answers each ping of a peer that reads, however many', async (t) => {
  const { raw, peer } = await (await stage(t, { maxPendingPongs: 3 })).raw();
  await pings(raw, peer, 300);
  const pongs = await pongsUntil(raw, '299');
  assert.equal(pongs.length, 300);
});

test('§5.5.2 answers pings with a maxPendingPongs of 0, which is no limit', async (t) => {
  const { raw, peer } = await (await stage(t, { maxPendingPongs: 0 })).raw();
  await pings(raw, peer, 3);
  assert.deepEqual(await pongsUntil(raw, '2'), ['0', '1', '2']);
});
