// send(): each type of data, the options, and the order in which things leave.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { Sendable } from '../../../src/websocket/index.ts';
import { called, event } from '../inbox.ts';
import { stage } from '../stage.ts';

const bytes = Buffer.from([0xff, 0x00, 0x01, 0x80, 0x7f, 0x10, 0x20, 0x30]);
const own = new Uint8Array(bytes).buffer;

const kinds: [what: string, data: Sendable, isBinary: boolean, received: Buffer][] = [
  ['a string', 'grüße ☃', false, Buffer.from('grüße ☃')],
  ['an empty string', '', false, Buffer.alloc(0)],
  ['a number', 42.5, false, Buffer.from('42.5')],
  ['zero', 0, false, Buffer.from('0')],
  ['a Buffer', bytes, true, bytes],
  ['an empty Buffer', Buffer.alloc(0), true, Buffer.alloc(0)],
  ['a Uint8Array in the middle of its memory', new Uint8Array(own, 2, 3), true, bytes.subarray(2, 5)],
  ['an ArrayBuffer', own, true, bytes],
  ['an Int16Array', new Int16Array(own, 2, 2), true, bytes.subarray(2, 6)],
  ['a Float64Array', new Float64Array(own), true, bytes],
  ['a DataView', new DataView(own, 1, 4), true, bytes.subarray(1, 5)],
  ['a Blob', new Blob([bytes.subarray(0, 4), bytes.subarray(4)]), true, bytes],
  ['an empty Blob', new Blob([]), true, Buffer.alloc(0)],
  ['an array of numbers', [1, 2, 255], true, Buffer.from([1, 2, 255])],
  ['text over 125 bytes', 'ä'.repeat(100), false, Buffer.from('ä'.repeat(100))],
  ['text over 64 KiB', 'ä☃'.repeat(40_000), false, Buffer.from('ä☃'.repeat(40_000))],
  ['a Buffer over 64 KiB', Buffer.alloc(70_000, 7), true, Buffer.alloc(70_000, 7)],
];
for (const [what, data, isBinary, received] of kinds) {
  test(`ws §4 sends ${what}`, async (t) => {
    const { peer, inbox } = await (await stage(t)).pair();
    peer.send(data);
    assert.deepEqual(await inbox.next(), { data: received, isBinary });
  });
}

test('ws §4 sends as binary or text what `binary` says', async (t) => {
  const { peer, inbox } = await (await stage(t)).pair();
  peer.send('text', { binary: true });
  peer.send(Buffer.from('bytes'), { binary: false });
  peer.send(new Blob(['blob']), { binary: false });
  const got = await inbox.take(3);
  assert.deepEqual(
    got.map(({ data, isBinary }) => [data.toString(), isBinary]),
    [
      ['text', true],
      ['bytes', false],
      ['blob', false],
    ],
  );
});

test('ws §4 sends an empty binary message for undefined and null', async (t) => {
  const { peer, inbox } = await (await stage(t)).pair();
  peer.send(undefined as never);
  peer.send(null as never);
  const empty = { data: Buffer.alloc(0), isBinary: true };
  assert.deepEqual(await inbox.take(2), [empty, empty]);
});

test('ws §4 throws TypeError for what is no data, and goes on', async (t) => {
  const { peer, inbox } = await (await stage(t)).pair();
  for (const nothing of [true, {}, () => {}, Symbol('s')]) {
    assert.throws(() => peer.send(nothing as never), TypeError);
  }
  peer.send('after');
  assert.equal(await inbox.text(), 'after');
});

test('§5.4 sends a message in fragments with fin: false', async (t) => {
  const { raw, peer } = await (await stage(t)).raw();
  const frames: Buffer[] = [];
  raw.socket.on('data', (chunk) => frames.push(chunk));
  peer.send('one, ', { fin: false });
  peer.send(Buffer.from('two, '), { fin: false });
  peer.ping('between');
  await called((callback) => peer.send('three', { fin: true }, callback));
  assert.deepEqual(await raw.next(), { kind: 'ping', payload: Buffer.from('between') });
  const message = await raw.next();
  assert.deepEqual(
    [message.kind, String((message as { payload: Buffer }).payload)],
    ['text', 'one, two, three'],
  );
  const firstBytes = [0x01, 0x00, 0x89, 0x80];
  const sent = Buffer.concat(frames);
  let at = 0;
  for (const first of firstBytes) {
    assert.equal(sent[at], first);
    at += 2 + sent[at + 1]!;
  }
});

test('§5.3 masks when asked to, though a server need not', async (t) => {
  const { raw, peer } = await (await stage(t)).raw();
  const chunk = event(raw.socket, 'data');
  peer.send('Hello', { mask: true });
  const [sent] = (await chunk) as [Buffer];
  assert.equal(sent.length, 11);
  assert.equal(sent[1], 0x85);
  const text = sent.subarray(6).map((byte, i) => byte ^ sent[2 + (i % 4)]!);
  assert.equal(Buffer.from(text).toString(), 'Hello');
  raw.destroy();
});

test('ws §4 calls back once the message has gone, without error, in order', async (t) => {
  const { peer, inbox } = await (await stage(t)).pair();
  const order: number[] = [];
  for (let i = 0; i < 3; i++) peer.send(`${i}`, () => order.push(i));
  const error = await called((callback) => peer.send(Buffer.alloc(1 << 20), { binary: true }, callback));
  assert.equal(error, undefined);
  assert.deepEqual(order, [0, 1, 2]);
  assert.equal((await inbox.take(4)).length, 4);
});

test('ws §4 never calls back within send()', async (t) => {
  const { peer } = await (await stage(t)).pair();
  let returned = false;
  const done = called((callback) =>
    peer.send('x', (error) => {
      assert.equal(returned, true);
      callback(error);
    }),
  );
  returned = true;
  await done;
});

test('ws §4 keeps the order of messages, pings and the close frame behind a Blob', async (t) => {
  const { raw, peer } = await (await stage(t)).raw();
  peer.send('first');
  peer.send(new Blob([Buffer.alloc(200_000, 1)]));
  peer.send('second');
  peer.send(new Blob(['third']), { binary: false });
  peer.ping('fourth');
  peer.pong('fifth');
  peer.close(4000, 'last');
  assert.equal(peer.readyState, peer.CLOSING);
  const kinds = [];
  for (let i = 0; i < 7; i++) {
    const item = await raw.next();
    kinds.push(
      item.kind === 'close'
        ? `close ${item.code}`
        : `${item.kind} ${(item as { payload: Buffer }).payload.length}`,
    );
  }
  assert.deepEqual(kinds, ['text 5', 'binary 200000', 'text 6', 'text 5', 'ping 6', 'pong 5', 'close 4000']);
});

test('ws §4 keeps the order of sends behind a large compression off the event loop', async (t) => {
  const on = await stage(t, { perMessageDeflate: true });
  const { peer, inbox } = await on.pair({ perMessageDeflate: true });
  const large = randomBytes(1 << 20);
  const sent: Buffer[] = [];
  for (let i = 0; i < 10; i++) {
    const data = i % 3 === 0 ? large.subarray(i) : Buffer.from(`small ${i}`);
    sent.push(data);
    peer.send(data, { compress: i % 4 !== 1 });
  }
  const got = await inbox.take(10);
  assert.deepEqual(
    got.map(({ data }) => data.equals(sent.shift()!)),
    Array(10).fill(true),
  );
});

test('ws §4 gives messages that wait behind a Blob an error when the connection dies', async (t) => {
  const { peer } = await (await stage(t)).pair();
  const errors = [
    called((callback) => peer.send(new Blob([Buffer.alloc(1000)]), callback)),
    called((callback) => peer.send('behind', callback)),
    called((callback) => peer.ping('behind', false, callback)),
  ];
  peer.terminate();
  for (const error of await Promise.all(errors)) assert.ok(error instanceof Error);
});

test('ws §4 gives an error to the callback of a message the peer did not take', async (t) => {
  const { raw, peer } = await (await stage(t)).raw();
  raw.socket.pause();
  peer.send(Buffer.alloc(32 << 20));
  await new Promise(setImmediate);
  const error = called((callback) => peer.send('behind', callback));
  await new Promise(setImmediate);
  raw.socket.resetAndDestroy();
  assert.ok((await error) instanceof Error);
});

test('§5.2, §5.6 text of every length and width is UTF-8 behind the shortest header, many texts in one write too', async (t) => {
  const { raw, peer } = await (await stage(t)).raw();
  const characters = ['a', 'é', '☃', '😀', '\ud800', 'aé☃😀'];
  const lengths = [...Array(140).keys(), 5461, 5462, 8192, 8193, 16_383, 16_384, 16_385, 21_845, 65_536];
  const texts = characters.flatMap((one) => lengths.map((length) => one.repeat(length).slice(0, length)));
  for (const text of texts) peer.send(text);
  for (const text of texts) {
    const { kind, payload } = (await raw.next()) as { kind: string; payload: Buffer };
    assert.equal(kind, 'text');
    assert.ok(payload.equals(Buffer.from(text)), `${text.length} of ${text.slice(0, 4)}`);
  }
});
