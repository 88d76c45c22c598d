// Messages that come just before the end of a connection: none of them is lost, whatever ends it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as frame from '../../conformance/frames.ts';
import { called, closing, event } from '../inbox.ts';
import { stage } from '../stage.ts';

test('§7.1.1 gives out messages that came before the close frame, however late they are asked for', async (t) => {
  const { raw, peer } = await (await stage(t)).raw();
  const heard: string[] = [];
  peer.on('message', (data) => heard.push(String(data)));
  peer.pause();
  raw.socket.write(Buffer.concat([frame.text('one'), frame.text('two'), frame.binary(Buffer.alloc(50_000))]));
  await called((callback) => raw.socket.write(frame.close(4000), callback));
  const closed = closing(peer);
  peer.resume();
  assert.deepEqual(await closed, { code: 4000, reason: '' });
  assert.deepEqual([heard.length, ...heard.slice(0, 2)], [3, 'one', 'two']);
});

test('§7.1.3 reads on while closing: messages that were under way still arrive', async (t) => {
  const { raw, peer } = await (await stage(t)).raw();
  const message = event(peer, 'message');
  peer.close(1000);
  await raw.next();
  raw.socket.write(frame.text('crossed'));
  assert.equal(String((await message)[0]), 'crossed');
  raw.socket.write(frame.close(1000));
  assert.equal((await closing(peer)).code, 1000);
});

for (const allowSynchronousEvents of [true, false]) {
  test(`§7.1.4 gives out all that came before the end of TCP, also large compressed messages, with allowSynchronousEvents ${allowSynchronousEvents}`, async (t) => {
    const on = await stage(t, { allowSynchronousEvents, perMessageDeflate: true });
    const { raw, peer } = await on.raw('permessage-deflate');
    const heard: number[] = [];
    peer.on('message', (data) => heard.push((data as Buffer).length));
    const closed = closing(peer);
    const frames = [1, 2_000_000, 3, 500_000, 5].map((size) =>
      frame.binary(raw.deflate!.compress(Buffer.alloc(size, size)), { rsv: frame.RSV1 }),
    );
    raw.socket.end(Buffer.concat(frames));
    assert.deepEqual(await closed, { code: 1006, reason: '' });
    assert.deepEqual(heard, [1, 2_000_000, 3, 500_000, 5]);
  });
}
