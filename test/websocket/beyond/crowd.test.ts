// Many connections at once, some of them hostile: each of the others gets its own bytes, whole and in order.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WebSocket } from '../../../src/websocket/index.ts';
import * as frame from '../../conformance/frames.ts';
import { Random } from '../../conformance/random.ts';
import { echo, type Pair, type Stage, stage } from '../stage.ts';

const deflated = { perMessageDeflate: { threshold: 0 } };

async function crowd(on: Stage, size: number): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let i = 0; i < size; i++) pairs.push(await on.pair(i % 3 === 0 ? deflated : {}));
  return pairs;
}

test('nobody notices a hostile client among fifty that send at once', async (t) => {
  const on = await stage(t, { perMessageDeflate: true, maxPayload: 1 << 20 });
  echo(on.server);
  const pairs = await crowd(on, 50);
  const hostile = await Promise.all([
    ...[frame.frame(7), frame.text(Buffer.from([0xc0])), frame.close(1005), Buffer.alloc(5000, 0xff)].map(
      async (bytes) => ({ raw: (await on.raw()).raw, bytes }),
    ),
  ]);
  const floods = await Promise.all([on.raw(), on.raw()]);
  for (const { raw } of floods) raw.socket.pause();
  const random = new Random(50);
  const sent = pairs.map(() => [] as string[]);
  for (let round = 0; round < 20; round++) {
    for (const [i, { client }] of pairs.entries()) {
      const text = `${i}.${round} ${random.prose(random.below(3000))}`;
      sent[i]!.push(text);
      client.send(text);
    }
    for (const { raw } of floods) raw.socket.write(frame.binary(Buffer.alloc(500_000)));
    const attack = hostile[round % hostile.length]!;
    if (!attack.raw.ended) attack.raw.socket.write(attack.bytes);
    if (round === 10) floods[0]!.raw.socket.resetAndDestroy();
  }
  for (const [i, { inbox }] of pairs.entries())
    assert.deepEqual(await inbox.texts(20), sent[i], `client ${i}`);
});

test('sends of many connections in one tick do not mix, whatever their sizes', async (t) => {
  const on = await stage(t, { perMessageDeflate: true });
  const pairs = await crowd(on, 24);
  const stalled = await on.raw();
  stalled.raw.socket.pause();
  while (stalled.peer.bufferedAmount < 1 << 20) {
    stalled.peer.send(Buffer.alloc(1 << 20, 1));
    await new Promise(setImmediate);
  }
  const random = new Random(24);
  const sent = pairs.map(() => [] as string[]);
  const sizes = [0, 5, 40, 41, 125, 126, 300, 5000, 16_000, 17_000, 40_000, 66_000];
  for (let round = 0; round < 60; round++) {
    for (let step = 0; step < 30; step++) {
      const one = random.below(pairs.length);
      const text = String.fromCharCode(97 + one).repeat(sizes[random.below(sizes.length)]!);
      sent[one]!.push(text);
      pairs[one]!.peer.send(random.below(2) ? text : Buffer.from(text));
      // Bytes that cannot leave lie between those that can.
      if (random.below(4) === 0) stalled.peer.send('#'.repeat(random.below(200)));
    }
    await new Promise(setImmediate);
  }
  for (const [i, { inbox }] of pairs.entries()) {
    const got = await inbox.texts(sent[i]!.length);
    assert.ok(
      got.every((text, at) => text === sent[i]![at]),
      `client ${i} got something else`,
    );
  }
  stalled.raw.socket.resume();
  let intact = true;
  stalled.peer.send('end');
  for (;;) {
    const { payload } = (await stalled.raw.next()) as { payload: Buffer };
    if (String(payload) === 'end') break;
    if (payload.length < 200) intact &&= /^#*$/.test(String(payload));
  }
  assert.ok(intact, 'bytes that waited were written over');
});

test('forgets connections however they end', async (t) => {
  const on = await stage(t);
  const ends: ((pair: Pair) => void)[] = [
    ({ client }) => client.close(),
    ({ client }) => client.terminate(),
    ({ peer }) => peer.close(),
    ({ peer }) => peer.terminate(),
    ({ peer }) => void (peer as WebSocket)._socket!.destroy(new Error('from below')),
  ];
  const pairs = await crowd(on, 20);
  const closed = pairs.map(({ peer }) => new Promise((resolve) => peer.once('close', resolve)));
  for (const [i, pair] of pairs.entries()) ends[i % ends.length]!(pair);
  await Promise.all(closed);
  assert.equal(on.server.clients.size, 0);
});
