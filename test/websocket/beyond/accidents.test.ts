// What goes wrong in a program, or in one peer, costs nobody else anything: exceptions, exits, breaches without a listener.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as frame from '../../conformance/frames.ts';
import { RawClient } from '../../conformance/raw-client.ts';
import { event } from '../inbox.ts';
import { connect, run } from '../programs/child.ts';

test('delivers the messages behind one whose listener throws, and what was sent before it', async (t) => {
  const { port } = await run(t, 'throws.ts');
  const other = await connect(t, port);
  const raw = await RawClient.open(port);
  t.after(() => raw.destroy());
  const texts = ['one', 'throw', 'two', 'throw', 'throw', 'three'];
  // All in one chunk, with a ping between.
  raw.socket.write(
    Buffer.concat([...texts.map((text) => frame.text(text)), frame.ping('throw'), frame.text('last')]),
  );
  for (const text of texts) assert.equal(String(((await raw.next()) as { payload: Buffer }).payload), text);
  assert.deepEqual(await raw.next(), { kind: 'pong', payload: Buffer.from('throw') });
  assert.equal(String(((await raw.next()) as { payload: Buffer }).payload), 'last');
  other.client.send('how many?');
  assert.deepEqual(await other.inbox.texts(2), ['how many?', '4']);
});

test('reads on behind a chunk whose listener throws, though others were waiting when it was read', async (t) => {
  const { port } = await run(t, 'throws.ts');
  const { client, inbox } = await connect(t, port);
  client.send('chunks');
  assert.deepEqual(await inbox.texts(5), ['chunks', 'throw', 'one', 'throw', 'last']);
});

test('keeps every connection when callbacks and listeners of many throw in one tick', async (t) => {
  const { port } = await run(t, 'throws.ts');
  const pairs = await Promise.all(Array.from({ length: 10 }, () => connect(t, port)));
  pairs.forEach(({ client }, i) => {
    client.send(i % 2 ? 'throw' : 'throw later');
    client.send('throw later');
    client.send(`after ${i}`);
  });
  for (const [i, { inbox }] of pairs.entries()) {
    assert.deepEqual(await inbox.texts(3), [i % 2 ? 'throw' : 'throw later', 'throw later', `after ${i}`]);
  }
  const { client, inbox } = pairs[0]!;
  client.send('how many?');
  assert.deepEqual(await inbox.texts(2), ['how many?', '20']);
});

for (const [what, before, last] of [
  ['in answer to the first message', [], 'exit'],
  ['in answer to a later message', ['hello'], 'exit'],
  ['with a close frame', ['hello'], 'exit, and close'],
] as const) {
  test(`what was sent before process.exit() still leaves: ${what}`, async (t) => {
    const { child, port } = await run(t, 'exits.ts');
    const exited = event(child, 'exit');
    const witness = await connect(t, port);
    const raw = await RawClient.open(port);
    t.after(() => raw.destroy());
    for (const text of before) {
      raw.socket.write(frame.text(text));
      assert.equal(((await raw.next()) as { payload: Buffer }).payload.toString(), 'sent');
    }
    raw.socket.write(frame.text(last));
    const said = (await raw.untilEnd()).slice(before.length);
    assert.deepEqual(
      said.map((line) => line.slice(0, 14)),
      [
        'text of 4 "sen',
        'binary of 2000',
        'text of 9 "bro',
        'ping of 4 "pin',
        ...(last === 'exit' ? [] : ['close 1001']),
        'fin',
      ],
    );
    assert.equal(await witness.inbox.text(), 'broadcast');
    assert.deepEqual((await exited).slice(0, 1), [0]);
  });
}

test('a breach of the protocol does not end a process that does not listen for errors', async (t) => {
  const { child, port } = await run(t, 'no-error-listener.ts');
  const breaches = [
    frame.text('x', { maskingKey: null }),
    frame.frame(5),
    frame.text(Buffer.from([0xff])),
    frame.binary(Buffer.alloc(16, 0xff), { rsv: frame.RSV1 }),
    // Long enough to be inflated off the event loop.
    frame.binary(Buffer.alloc(100_000, 0xff), { rsv: frame.RSV1 }),
    frame.frame(frame.BINARY, '', { announce: 2 ** 40 }),
  ];
  for (const breach of breaches) {
    const raw = await RawClient.open(port, 'permessage-deflate');
    raw.socket.write(breach);
    assert.match((await raw.untilEnd())[0]!, /^close 10/);
  }
  const reset = await RawClient.open(port);
  reset.socket.write(frame.binary(Buffer.alloc(1 << 20)));
  reset.socket.resetAndDestroy();
  const { client, inbox } = await connect(t, port);
  client.send('alive');
  assert.equal(await inbox.text(), 'alive');
  assert.equal(child.exitCode, null);
});
