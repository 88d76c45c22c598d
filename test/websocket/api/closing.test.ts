// close() and terminate(): codes and reasons that may be sent, what both sides are told, and closeTimeout.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as frame from '../../conformance/frames.ts';
import { closing, event } from '../inbox.ts';
import { stage } from '../stage.ts';

for (const code of [
  1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999,
]) {
  test(`§7.4 close(${code}) tells the peer the code and reason, and learns the same`, async (t) => {
    const { peer, inbox } = await (await stage(t)).pair();
    const closed = closing(peer);
    peer.close(code, 'because');
    assert.deepEqual(await inbox.end(), { code, reason: 'because' });
    assert.deepEqual(await closed, { code, reason: 'because' });
  });
}

for (const code of [
  0,
  999,
  1004,
  1005,
  1006,
  1015,
  1016,
  1100,
  2000,
  2999,
  5000,
  65_536,
  -1,

  NaN,
  '1000',
  null,
]) {
  test(`§7.4 close(${JSON.stringify(code)}) throws TypeError`, async (t) => {
    const { peer } = await (await stage(t)).pair();
    assert.throws(() => peer.close(code as number), {
      name: 'TypeError',
      message: 'First argument must be a valid error code number',
    });
    peer.terminate();
  });
}

test('§5.5 close() takes a reason of 123 bytes and throws RangeError for more', async (t) => {
  const on = await stage(t);
  const { peer, inbox } = await on.pair();
  const reason = `${'ä'.repeat(61)}x`;
  peer.close(1000, reason);
  assert.deepEqual(await inbox.end(), { code: 1000, reason });
  const other = await on.pair();
  assert.throws(() => other.peer.close(1000, 'ä'.repeat(62)), {
    name: 'RangeError',
    message: 'The message must not be greater than 123 bytes',
  });
});

test('§7.1.5 close() takes a reason of bytes, or none', async (t) => {
  const on = await stage(t);
  const bytes = await on.pair();
  bytes.peer.close(3001, Buffer.from('bytes'));
  assert.deepEqual(await bytes.inbox.end(), { code: 3001, reason: 'bytes' });
  const none = await on.pair();
  none.peer.close(3002);
  assert.deepEqual(await none.inbox.end(), { code: 3002, reason: '' });
});

test('ws §4 close() sends the code without a reason when that is no text: an error, say', async (t) => {
  const on = await stage(t);
  for (const reason of [new Error('no text'), 5, {}]) {
    const { peer, inbox } = await on.pair();
    peer.close(1011, reason as never);
    assert.deepEqual(await inbox.end(), { code: 1011, reason: '' });
  }
});

test('§7.1.5 close() without a code sends an empty frame, and both learn 1005', async (t) => {
  const { raw, peer } = await (await stage(t)).raw();
  const closed = closing(peer);
  peer.close();
  assert.deepEqual(await raw.next(), { kind: 'close', code: 1005 });
  raw.socket.write(frame.close());
  assert.deepEqual(await closed, { code: 1005, reason: '' });
});

test('§7.1.5 reports the code that the peer answers with', async (t) => {
  const { raw, peer } = await (await stage(t)).raw();
  const closed = closing(peer);
  peer.close(1000, 'mine');
  await raw.next();
  raw.socket.write(frame.close(4321, 'theirs'));
  assert.deepEqual(await closed, { code: 4321, reason: 'theirs' });
});

test('§5.5.1 answers a close frame with the same, and TCP ends', async (t) => {
  const { raw, peer } = await (await stage(t)).raw();
  const closed = closing(peer);
  raw.socket.write(frame.close(3333, 'bye'));
  assert.deepEqual(await raw.untilEnd(), ['close 3333', 'fin']);
  assert.deepEqual(await closed, { code: 3333, reason: 'bye' });
});

test('§7.1.5 reports 1006 when no close frame came', async (t) => {
  const on = await stage(t);
  const ended = await on.raw();
  const first = closing(ended.peer);
  ended.raw.socket.end();
  assert.deepEqual(await first, { code: 1006, reason: '' });
  const reset = await on.raw();
  reset.peer.on('error', () => assert.fail('§7.1.1: a peer that vanishes is no error'));
  const second = closing(reset.peer);
  reset.raw.socket.resetAndDestroy();
  assert.deepEqual(await second, { code: 1006, reason: '' });
});

test('ws §4 terminate() ends TCP at once, and both learn 1006', async (t) => {
  const { peer, inbox } = await (await stage(t)).pair();
  const closed = closing(peer);
  peer.terminate();
  assert.equal(peer.readyState, peer.CLOSING);
  assert.deepEqual(await closed, { code: 1006, reason: '' });
  assert.deepEqual(await inbox.end(), { code: 1006, reason: '' });
  assert.equal(peer.readyState, peer.CLOSED);
});

test('ws §4 close() of a peer that does not answer is cut short after closeTimeout', async (t) => {
  const on = await stage(t, { closeTimeout: 50 });
  const { raw, peer } = await on.raw();
  const closed = closing(peer);
  const began = performance.now();
  peer.close(1000);
  assert.deepEqual(await raw.next(), { kind: 'close', code: 1000 });
  assert.deepEqual(await closed, { code: 1006, reason: '' });
  assert.ok(performance.now() - began >= 45);
});

test('ws §4 cuts a connection short whose peer keeps TCP open after its close frame', async (t) => {
  const on = await stage(t, { closeTimeout: 50 });
  const { raw, peer } = await on.raw();
  raw.socket.removeAllListeners('end');
  const closed = closing(peer);
  raw.socket.write(frame.close(1000));
  assert.deepEqual(await closed, { code: 1000, reason: '' });
});

test('ws §5 emits close once', async (t) => {
  const { client, peer } = await (await stage(t)).pair();
  let count = 0;
  peer.on('close', () => count++);
  const closed = closing(peer);
  peer.close(1000);
  client.close(1000);
  await closed;
  peer.terminate();
  await event(client, 'close');
  assert.equal(count, 1);
});
