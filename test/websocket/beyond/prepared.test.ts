// WebSocket.prepare(): a message framed once and sent by send() to whom and when a program likes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { called, event } from '../inbox.ts';
import { stage, WebSocket } from '../stage.ts';

test('is sent as often as one likes, to connections with and without permessage-deflate', async (t) => {
  const on = await stage(t, { perMessageDeflate: { threshold: 0 } });
  const pairs = [await on.pair(), await on.pair({ perMessageDeflate: { threshold: 0 } }), await on.pair()];
  const text = WebSocket.prepare('grüße');
  const bytes = WebSocket.prepare(Buffer.alloc(50_000, 5));
  const forced = WebSocket.prepare('as bytes', { binary: true });
  for (const { peer } of pairs) {
    for (const message of [text, 'between', bytes, text, forced]) peer.send(message);
  }
  for (const { inbox } of pairs) {
    const got = await inbox.take(5);
    assert.deepEqual(
      got.map(({ data, isBinary }) => [data.length, isBinary]),
      [
        [7, false],
        [7, false],
        [50_000, true],
        [7, false],
        [8, true],
      ],
    );
    assert.equal(String(got[0]!.data), 'grüße');
  }
});

test('calls back as for any message, also when it is too late', async (t) => {
  const { peer } = await (await stage(t)).pair();
  const message = WebSocket.prepare('text');
  assert.equal(await called((callback) => peer.send(message, callback)), undefined);
  peer.terminate();
  await event(peer, 'close');
  const before = peer.bufferedAmount;
  const error = await called((callback) => peer.send(message, callback));
  assert.equal(error?.message, 'WebSocket is not open: readyState 3 (CLOSED)');
  assert.equal(peer.bufferedAmount - before, 4);
});

test('keeps its place behind a Blob', async (t) => {
  const { peer, inbox } = await (await stage(t)).pair();
  peer.send(new Blob(['first']), { binary: false });
  peer.send(WebSocket.prepare('second'));
  peer.send('third');
  assert.deepEqual(await inbox.texts(3), ['first', 'second', 'third']);
});

test('§5.4 continues a message that was begun with fin: false, as any data does', async (t) => {
  const { peer, inbox } = await (await stage(t)).pair();
  peer.send('begun, ', { fin: false });
  peer.send(WebSocket.prepare('ended'));
  peer.send('next');
  assert.deepEqual(await inbox.texts(2), ['begun, ended', 'next']);
});

test('refuses a Blob', () => {
  assert.throws(() => WebSocket.prepare(new Blob(['x'])), TypeError);
});
