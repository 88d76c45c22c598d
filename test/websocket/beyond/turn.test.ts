// What is sent while the event loop hands out much: it leaves together, but never late.
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { fork } from 'node:child_process';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { PassThrough } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Outbox } from '../../../src/websocket/outbox.ts';
import { Sender, sendSettings } from '../../../src/websocket/sender.ts';
import type { ConnectionSettings } from '../../../src/websocket/settings.ts';
import { beginChunk, flushLater, hurry } from '../../../src/websocket/turn.ts';
import { event } from '../inbox.ts';

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

test('what is sent while many chunks are handled leaves when all are, in order', async (t) => {
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

test('what is sent when nothing arrives, or little, leaves at the end of the tick', async (t) => {
  const { clock, flushed, send } = await stage(t);
  send('a');
  assert.deepEqual(flushed, []);
  await tick();
  assert.deepEqual(flushed, ['a']);
  for (const name of ['b', 'c']) {
    clock.now += 0.1;
    beginChunk();
    send(name);
    await tick();
    assert.equal(flushed.at(-1), name);
  }
});

test('a chunk that follows a long flush closely says that there is much, too', async (t) => {
  const { clock, flushed, send } = await stage(t);
  clock.now += 1;
  beginChunk();
  flushLater({
    flushIfDue() {
      clock.now += 5;
      flushed.push('to many');
    },
  });
  await tick();
  assert.deepEqual(flushed, ['to many']);
  beginChunk();
  send('a');
  await tick();
  assert.deepEqual(flushed, ['to many']);
  await setImmediate();
  assert.deepEqual(flushed, ['to many', 'a']);
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

for (const where of ['between two turns', 'within one turn']) {
  test(`a loop with other work to do, ${where}, lets nothing wait for a while, and longer if it still has`, async (t) => {
    const { clock, flushed, send } = await stage(t);
    for (const chunks of [64, 128, 256]) {
      beginChunk();
      send('late');
      clock.now += 1;
      if (where === 'between two turns') await setImmediate();
      else beginChunk();
      assert.deepEqual(flushed.splice(0), ['late']);
      for (let i = 0; i < chunks; i++) {
        // The first was begun above.
        if (i > 0 || where === 'between two turns') beginChunk();
        send(`${i}`);
        await tick();
        assert.deepEqual(flushed.splice(0), [`${i}`], `${chunks}`);
      }
      if (where === 'within one turn') beginChunk();
    }
    beginChunk();
    send('again');
    await tick();
    assert.deepEqual(flushed, []);
    await setImmediate();
    assert.deepEqual(flushed, ['again']);
  });
}

test('much to send leaves at the end of the tick, with all that waits', async (t) => {
  const { flushed, send } = await stage(t);
  beginChunk();
  send('a');
  hurry();
  send('b');
  await tick();
  assert.deepEqual(flushed, ['a', 'b']);
});

test('a stream that fails costs no other connection its chunk', async () => {
  const program = path.join(import.meta.dirname, '../programs/failing-flush.ts');
  const child = fork(program, { execArgv: ['--import', 'tsx'] });
  const [told] = await event(child, 'message');
  assert.deepEqual(told, { handled: true, failures: 1, flushed: 1 });
});

/** An outbox in a turn, which would not be flushed before the end of that. */
async function outboxInTurn(t: TestContext) {
  await stage(t);
  const socket = new PassThrough();
  const outbox = new Outbox(socket);
  beginChunk();
  return { socket, outbox };
}

test('what an earlier tick has sent can be settled before it is asked what waits', async (t) => {
  const { socket, outbox } = await outboxInTurn(t);
  outbox.append(Buffer.from('one'));
  outbox.settle();
  assert.equal(outbox.waiting, 3);
  await tick();
  assert.equal(socket.readableLength, 0);
  outbox.settle();
  assert.equal(socket.read().toString(), 'one');
  assert.equal(outbox.waiting, 0);
});

test('a send with a callback leaves at the end of its tick', async (t) => {
  const { socket, outbox } = await outboxInTurn(t);
  outbox.append(Buffer.from('one'));
  outbox.whenWritten(() => {});
  await tick();
  assert.equal(socket.read().toString(), 'one');
});

test('bytes that are many leave at the end of their tick, however they were added', async (t) => {
  const many = 9000;
  const { socket, outbox } = await outboxInTurn(t);
  outbox.append(Buffer.alloc(many));
  await tick();
  assert.equal(socket.read().length, many);
  outbox.reserve(many);
  await tick();
  assert.equal(socket.read().length, many);
});

test('what waits for others to leave with is no sign of a slow peer', async (t) => {
  await stage(t);
  const socket = new PassThrough();
  const settings = { maxBufferedAmount: 1000, mask: false } as ConnectionSettings;
  const sender = new Sender({ socket, settings, deflate: undefined, onUnblocked() {}, onDrain() {} });
  sender.outbox.flush();
  beginChunk();
  for (let i = 0; i < 10; i++) {
    assert.equal(sender.message('x'.repeat(900), sendSettings(false, true, true, false), undefined), true);
    // A microtask only: no tick has ended.
    await null;
    socket.read();
  }
});

/** An outbox of a stream that has `answer` sent while the first bytes are written to it. */
async function answering(t: TestContext) {
  await stage(t);
  const socket = new PassThrough();
  const outbox = new Outbox(socket);
  const put = (text: string) => {
    const at = outbox.reserve(text.length);
    outbox.bytes.write(text, at);
  };
  const written: string[] = [];
  t.mock.method(socket, 'write', (bytes: Buffer) => {
    written.push(bytes.toString());
    if (written.length === 1) put('answer');
    return true;
  });
  return { outbox, put, written };
}

test('a stream that answers while it is written to loses nothing, and gets nothing twice', async (t) => {
  const { outbox, put, written } = await answering(t);
  put('question');
  outbox.flush();
  await setImmediate();
  assert.deepEqual(written, ['question', 'answer']);
});

test('nor does it when room has to be made first', async (t) => {
  const { outbox, put, written } = await answering(t);
  const question = 'q'.repeat(12_000);
  for (let i = 0; i < 3; i++) put(question);
  outbox.flush();
  await setImmediate();
  assert.equal(written.join(''), `${question}${question}answer${question}`);
});

test('each callback of a send is called in the asynchronous context of its own send', async (t) => {
  const { outbox } = await outboxInTurn(t);
  const storage = new AsyncLocalStorage<string>();
  const calls: unknown[] = [];
  const called = ['a', 'b', undefined].map(
    (name) =>
      new Promise<void>((resolve) => {
        const send = () => {
          outbox.append(Buffer.from('x'));
          outbox.whenWritten((error) => {
            calls.push([name, storage.getStore(), error ?? undefined]);
            resolve();
          });
        };
        if (name === undefined) send();
        else storage.run(name, send);
      }),
  );
  await Promise.all(called);
  assert.deepEqual(calls, [
    ['a', 'a', undefined],
    ['b', 'b', undefined],
    [undefined, undefined, undefined],
  ]);
});
