// What is sent while the event loop hands out what has arrived: it leaves together, but never late.
import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { PassThrough } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Outbox } from '../../../src/websocket/outbox.ts';
import { beginChunk, flushLater, hurry } from '../../../src/websocket/turn.ts';

const tick = () => new Promise<void>((resolve) => process.nextTick(resolve));

/** A clock that stands still, a list of who was flushed, and no trace of what other tests did. */
async function stage(t: TestContext) {
  const clock = { now: 1000 };
  t.mock.method(performance, 'now', () => clock.now);
  const flushed: string[] = [];
  const send = (name: string) => flushLater({ flushIfDue: () => void flushed.push(name) });
  for (let i = 0; i < 8192; i++) beginChunk();
  send('before');
  await setImmediate();
  flushed.length = 0;
  return { clock, flushed, send };
}

test('what is sent while chunks are handled leaves when all are, in order', async (t) => {
  const { flushed, send } = await stage(t);
  beginChunk();
  send('a');
  await tick();
  beginChunk();
  send('b');
  await tick();
  assert.deepEqual(flushed, []);
  await setImmediate();
  assert.deepEqual(flushed, ['a', 'b']);
});

test('what is sent at another time leaves at the end of the tick', async (t) => {
  const { flushed, send } = await stage(t);
  send('a');
  assert.deepEqual(flushed, []);
  await tick();
  assert.deepEqual(flushed, ['a']);
});

test('what has waited for more than 0.25 ms leaves before the next chunk is handled', async (t) => {
  const { clock, flushed, send } = await stage(t);
  beginChunk();
  send('a');
  clock.now += 0.3;
  beginChunk();
  assert.deepEqual(flushed, ['a']);
  send('b');
  beginChunk();
  assert.deepEqual(flushed, ['a']);
  await setImmediate();
  assert.deepEqual(flushed, ['a', 'b']);
});

test('a loop that has other work to do lets nothing wait for a while, and for longer if it still has', async (t) => {
  const { clock, flushed, send } = await stage(t);
  for (const chunks of [64, 128, 256]) {
    beginChunk();
    send('late');
    clock.now += 1;
    await setImmediate();
    flushed.length = 0;
    for (let i = 0; i < chunks; i++) {
      beginChunk();
      send(`${i}`);
      await tick();
      assert.deepEqual(flushed.splice(0), [`${i}`]);
    }
  }
  beginChunk();
  send('again');
  await tick();
  assert.deepEqual(flushed, []);
  await setImmediate();
  assert.deepEqual(flushed, ['again']);
});

test('much to send leaves at the end of the tick, with all that waits', async (t) => {
  const { flushed, send } = await stage(t);
  beginChunk();
  send('a');
  hurry();
  send('b');
  await tick();
  assert.deepEqual(flushed, ['a', 'b']);
});

test('what was sent before the present chunk can be settled before it is asked what waits', async (t) => {
  await stage(t);
  const socket = new PassThrough();
  const outbox = new Outbox(socket);
  beginChunk();
  outbox.append(Buffer.from('one'));
  outbox.settle();
  assert.equal(outbox.waiting, 3);
  assert.equal(socket.readableLength, 0);
  beginChunk();
  outbox.settle();
  assert.equal(socket.read().toString(), 'one');
  assert.equal(outbox.waiting, 0);
});
