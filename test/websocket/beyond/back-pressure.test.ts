// highWaterMark: a peer that floods the server and does not read its replies is not read from until it does.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as frame from '../../conformance/frames.ts';
import type { RawClient } from '../../conformance/raw-client.ts';
import { event } from '../inbox.ts';
import { echo, stage } from '../stage.ts';

const MiB = 1 << 20;

/** Writes pieces until the server takes no more for many turns; returns how many. */
async function flood(raw: RawClient, piece: (index: number) => Buffer, most: number): Promise<number> {
  let count = 0;
  while (count < most) {
    if (raw.socket.write(piece(count++))) continue;
    for (let turns = 0; raw.socket.writableNeedDrain; turns++) {
      if (turns === 2000) return count;
      await new Promise(setImmediate);
    }
  }
  return count;
}

const numbered = (size: number) => (index: number) => {
  const payload = Buffer.alloc(size, index);
  payload.writeUInt32BE(index);
  return frame.binary(payload);
};

for (const [what, size, most] of [
  ['64 KiB', 65_536, 4000],
  ['1 MiB', MiB, 300],
  ['100 bytes', 100, 2_000_000],
] as const) {
  test(`stops to read from a peer that floods with ${what} messages; all replies come once it reads`, async (t) => {
    const on = await stage(t);
    echo(on.server);
    const { raw, peer } = await on.raw();
    raw.socket.pause();
    const sent = await flood(raw, numbered(size), most);
    assert.ok(sent < most, 'the server goes on reading');
    assert.ok(peer.bufferedAmount <= 2 * MiB + size, `${peer.bufferedAmount} bytes wait`);
    assert.ok((peer._socket as import('node:net').Socket).isPaused());
    const witness = await on.pair();
    witness.client.send('nobody else notices');
    assert.equal(await witness.inbox.text(), 'nobody else notices');
    raw.socket.resume();
    for (let i = 0; i < sent; i++) {
      const { payload } = (await raw.next()) as { payload: Buffer };
      assert.equal(payload.readUInt32BE(), i);
      assert.equal(payload.length, size);
    }
    assert.equal(peer.bufferedAmount, 0);
  });
}

test('goes on reading from a peer below the mark given', async (t) => {
  const on = await stage(t, { highWaterMark: 16 * MiB });
  echo(on.server);
  const { raw, peer } = await on.raw();
  raw.socket.pause();
  await flood(raw, numbered(65_536), 4000);
  assert.ok(peer.bufferedAmount > 8 * MiB, `${peer.bufferedAmount} bytes wait`);
  assert.ok(peer.bufferedAmount < 18 * MiB, `${peer.bufferedAmount} bytes wait`);
});

test('takes a highWaterMark of 0 for never: the limit then is maxBufferedAmount', async (t) => {
  const on = await stage(t, { highWaterMark: 0, maxBufferedAmount: 8 * MiB });
  echo(on.server);
  const { raw, peer } = await on.raw();
  raw.socket.pause();
  await flood(raw, numbered(65_536), 1000);
  assert.equal(peer.readyState, peer.CLOSING);
});

test('notices the end of a peer that it does not read from', async (t) => {
  const on = await stage(t);
  echo(on.server);
  const { raw, peer } = await on.raw();
  raw.socket.pause();
  await flood(raw, numbered(65_536), 4000);
  const closed = event(peer, 'close');
  raw.socket.resetAndDestroy();
  assert.equal((await closed)[0], 1006);
  assert.equal(on.server.clients.size, 0);
});
