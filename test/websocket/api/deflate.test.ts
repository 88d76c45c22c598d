// The options of permessage-deflate: what is answered to a client's offer, and what is compressed.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { PerMessageDeflateOptions } from '../../../src/websocket/index.ts';
import * as frame from '../../conformance/frames.ts';
import { closing, event } from '../inbox.ts';
import { stage } from '../stage.ts';

const name = 'permessage-deflate';
const answers: [options: boolean | PerMessageDeflateOptions, offer: string, answer: string][] = [
  [true, '', ''],
  [true, '; client_max_window_bits', ''],
  [true, '; server_no_context_takeover', '; server_no_context_takeover'],
  [true, '; client_no_context_takeover', '; client_no_context_takeover'],
  [true, '; server_max_window_bits=10', '; server_max_window_bits=10'],
  [true, '; client_max_window_bits=11', '; client_max_window_bits=11'],
  [{ serverNoContextTakeover: true }, '', '; server_no_context_takeover'],
  [{ clientNoContextTakeover: true }, '', '; client_no_context_takeover'],
  [{ serverMaxWindowBits: 9 }, '', '; server_max_window_bits=9'],
  [{ serverMaxWindowBits: 9 }, '; server_max_window_bits=12', '; server_max_window_bits=9'],
  [{ clientMaxWindowBits: 12 }, '; client_max_window_bits', '; client_max_window_bits=12'],
  [{ clientMaxWindowBits: false }, '; client_max_window_bits=12', ''],
];
for (const [options, offer, answer] of answers) {
  test(`RFC 7692 §7.1 with ${JSON.stringify(options)} answers "${offer}" with "${answer}"`, async (t) => {
    const { raw, peer } = await (await stage(t, { perMessageDeflate: options })).raw(name + offer);
    assert.equal(raw.response!.get('sec-websocket-extensions'), name + answer);
    assert.equal(peer.extensions, name);
  });
}

test('RFC 7692 §7.1 takes the first offer that it can', async (t) => {
  const on = await stage(t, { perMessageDeflate: { serverNoContextTakeover: false } });
  const { raw } = await on.raw(`${name}; server_no_context_takeover, ${name}; client_no_context_takeover`);
  assert.equal(raw.response!.get('sec-websocket-extensions'), `${name}; client_no_context_takeover`);
});

/** Whether the next message of the server is compressed. */
const compressed = async (raw: Awaited<ReturnType<Awaited<ReturnType<typeof stage>>['raw']>>['raw']) => {
  const item = await raw.next();
  return 'compressed' in item && item.compressed;
};

test('ws §7 compresses messages, but not with compress: false', async (t) => {
  const { raw, peer } = await (await stage(t, { perMessageDeflate: true })).raw(name);
  peer.send('short');
  peer.send('short', { compress: false });
  peer.send(Buffer.alloc(5000));
  assert.deepEqual(
    [await compressed(raw), await compressed(raw), await compressed(raw)],
    [true, false, true],
  );
});

test('ws §7 leaves messages below the threshold as they are if it keeps no window', async (t) => {
  const perMessageDeflate = { serverNoContextTakeover: true, threshold: 100 };
  const { raw, peer } = await (await stage(t, { perMessageDeflate })).raw(name);
  for (const size of [99, 100]) peer.send('x'.repeat(size));
  assert.deepEqual([await compressed(raw), await compressed(raw)], [false, true]);
});

test('ws §7 has a threshold of 1024 bytes', async (t) => {
  const perMessageDeflate = { serverNoContextTakeover: true };
  const { raw, peer } = await (await stage(t, { perMessageDeflate })).raw(name);
  for (const size of [1023, 1024]) peer.send('x'.repeat(size));
  assert.deepEqual([await compressed(raw), await compressed(raw)], [false, true]);
});

test('ws §7 lets the first fragment decide about the threshold', async (t) => {
  const perMessageDeflate = { serverNoContextTakeover: true, threshold: 10 };
  const { raw, peer } = await (await stage(t, { perMessageDeflate })).raw(name);
  peer.send('long enough', { fin: false });
  peer.send('x');
  peer.send('x', { fin: false });
  peer.send('long enough');
  const first = await raw.next();
  const second = await raw.next();
  assert.deepEqual(
    [first, second].map((item) => [
      String((item as { payload: Buffer }).payload),
      (item as { compressed: boolean }).compressed,
    ]),
    [
      ['long enoughx', true],
      ['xlong enough', false],
    ],
  );
});

test('ws §7 passes zlibDeflateOptions on', async (t) => {
  const text = 'all work and no play '.repeat(500);
  const sizes: number[] = [];
  for (const level of [0, 9]) {
    const perMessageDeflate = { zlibDeflateOptions: { level } };
    const { raw, peer } = await (await stage(t, { perMessageDeflate })).raw(name);
    const before = raw.socket.bytesRead;
    peer.send(text);
    await raw.next();
    sizes.push(raw.socket.bytesRead - before);
  }
  assert.ok(sizes[0]! > text.length && sizes[1]! < 300, `${sizes}`);
});

test('RFC 7692 §7.2 echoes messages small and large, with and without context takeover', async (t) => {
  for (const serverNoContextTakeover of [true, false]) {
    const on = await stage(t, { perMessageDeflate: { serverNoContextTakeover, threshold: 0 } });
    const { client, peer, inbox } = await on.pair({ perMessageDeflate: { threshold: 0 } });
    peer.on('message', (data, isBinary) => peer.send(data as Buffer, { binary: isBinary }));
    const random = randomBytes(100_000);
    const messages = [0, 1, 100, 100, 40_000, 100_000].map((size) => random.subarray(0, size));
    for (const message of messages) client.send(message);
    const echoes = await inbox.take(messages.length);
    echoes.forEach(({ data }, i) => void assert.ok(data.equals(messages[i]!), `message ${i}`));
  }
});

test('ws §6 fails with 1007 and a zlib code on data that cannot be inflated', async (t) => {
  const { raw, peer } = await (await stage(t, { perMessageDeflate: true })).raw(name);
  const failed = event(peer, 'error');
  const closed = closing(peer);
  raw.socket.write(frame.binary(Buffer.alloc(16, 0xff), { rsv: frame.RSV1 }));
  const [error] = (await failed) as [Error & { code: string }];
  assert.equal(error.code, 'Z_DATA_ERROR');
  assert.deepEqual(await raw.untilEnd(), ['close 1007', 'fin']);
  assert.equal((await closed).code, 1006);
});

test('§10.4 fails with 1009 on a message that inflates to more than maxPayload, small or large', async (t) => {
  const on = await stage(t, { perMessageDeflate: true, maxPayload: 300_000 });
  for (const size of [300_001, 50_000_000]) {
    const { client, peer, inbox } = await on.pair({ perMessageDeflate: true });
    const failed = event(peer, 'error');
    client.send(Buffer.alloc(size));
    const [error] = (await failed) as [Error & { code: string }];
    assert.deepEqual(
      [error.code, error.message],
      ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', 'Max payload size exceeded'],
    );
    assert.equal((await inbox.end()).code, 1009);
  }
});
