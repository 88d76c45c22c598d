// The events message, ping and pong: their arguments in each binaryType, and pause, autoPong, allowSynchronousEvents.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as frame from '../../conformance/frames.ts';
import { called, event } from '../inbox.ts';
import { stage } from '../stage.ts';

const payload = Buffer.from([1, 2, 3, 250]);
const inThree = Buffer.concat([
  frame.binary(payload.subarray(0, 1), { fin: false }),
  frame.ping('p'),
  frame.continuation(payload.subarray(1, 3), { fin: false }),
  frame.continuation(payload.subarray(3)),
]);

test('ws §5 gives text as a Buffer, whatever the binaryType', async (t) => {
  const { client, peer } = await (await stage(t)).pair();
  for (const type of ['nodebuffer', 'arraybuffer', 'fragments', 'blob'] as const) {
    peer.binaryType = type;
    const message = event(peer, 'message');
    client.send('grüße');
    const [data, isBinary] = await message;
    assert.ok(Buffer.isBuffer(data), type);
    assert.deepEqual([data.toString(), isBinary], ['grüße', false]);
  }
});

test('ws §3 gives binary messages as nodebuffer', async (t) => {
  const { raw, peer } = await (await stage(t)).raw();
  assert.equal(peer.binaryType, 'nodebuffer');
  const message = event(peer, 'message');
  raw.socket.write(inThree);
  assert.deepEqual(await message, [payload, true]);
});

test('ws §3 gives binary messages as arraybuffer', async (t) => {
  const { raw, peer } = await (await stage(t)).raw();
  peer.binaryType = 'arraybuffer';
  for (const bytes of [inThree, frame.binary(payload)]) {
    const message = event(peer, 'message');
    raw.socket.write(bytes);
    const [data, isBinary] = await message;
    assert.ok(data instanceof ArrayBuffer);
    assert.deepEqual([Buffer.from(data), isBinary], [payload, true]);
  }
});

test('ws §3 gives binary messages as fragments, one for each frame', async (t) => {
  const { raw, peer } = await (await stage(t)).raw();
  peer.binaryType = 'fragments';
  const message = event(peer, 'message');
  raw.socket.write(inThree);
  assert.deepEqual(await message, [
    [payload.subarray(0, 1), payload.subarray(1, 3), payload.subarray(3)],
    true,
  ]);
  const whole = event(peer, 'message');
  raw.socket.write(frame.binary(payload));
  assert.deepEqual(await whole, [[payload], true]);
});

test('ws §3 gives binary messages as blob', async (t) => {
  const { raw, peer } = await (await stage(t)).raw();
  peer.binaryType = 'blob';
  const message = event(peer, 'message');
  raw.socket.write(inThree);
  const [data, isBinary] = await message;
  assert.ok(data instanceof Blob);
  assert.deepEqual([Buffer.from(await data.arrayBuffer()), isBinary], [payload, true]);
});

test('ws §3 ignores a binaryType that does not exist', async (t) => {
  const { peer } = await (await stage(t)).pair();
  peer.binaryType = 'arraybuffer';
  peer.binaryType = 'string' as never;
  assert.equal(peer.binaryType, 'arraybuffer');
});

test('ws §3 lets a listener change the binaryType for the next message', async (t) => {
  const { raw, peer } = await (await stage(t)).raw();
  const kinds: string[] = [];
  const done = called((callback) =>
    peer.on('message', (data) => {
      kinds.push(data.constructor.name);
      peer.binaryType = 'arraybuffer';
      if (kinds.length === 2) callback();
    }),
  );
  raw.socket.write(Buffer.concat([frame.binary(payload), frame.binary(payload)]));
  await done;
  assert.deepEqual(kinds, ['Buffer', 'ArrayBuffer']);
});

test('§5.5.2 answers a ping before its event', async (t) => {
  const { raw, peer } = await (await stage(t)).raw();
  peer.on('ping', (data) => peer.send(`after the pong of ${data}`));
  raw.socket.write(frame.ping('p1'));
  assert.equal((await raw.next()).kind, 'pong');
  assert.equal((await raw.next()).kind, 'text');
});

test('ws §2 leaves pings to the program with autoPong: false', async (t) => {
  const { raw, peer } = await (await stage(t, { autoPong: false })).raw();
  peer.on('ping', (data) => peer.pong(`for ${data}`));
  raw.socket.write(frame.ping('p1'));
  assert.deepEqual(await raw.next(), { kind: 'pong', payload: Buffer.from('for p1') });
});

test('ws §4 sends pings and pongs of up to 125 bytes and throws RangeError for more', async (t) => {
  const { raw, peer } = await (await stage(t)).raw();
  const tooLong = { name: 'RangeError', message: 'The data size must not be greater than 125 bytes' };
  for (const verb of ['ping', 'pong'] as const) {
    peer[verb]();
    peer[verb](Buffer.alloc(125, 1));
    peer[verb](7);
    peer[verb]('', true, () => {});
    assert.equal(await called((callback) => peer[verb](callback)), undefined);
    assert.equal(await called((callback) => peer[verb]('x', callback)), undefined);
    assert.throws(() => peer[verb](Buffer.alloc(126)), tooLong);
    assert.throws(() => peer[verb]('ä'.repeat(63)), tooLong);
  }
  raw.destroy();
});

test('ws §4 sends the payload of a ping, and emits that of the pong', async (t) => {
  const { client, peer } = await (await stage(t)).pair();
  const ping = event(client, 'ping');
  const pong = event(peer, 'pong');
  peer.ping('are you there?');
  assert.deepEqual(await ping, [Buffer.from('are you there?')]);
  assert.deepEqual(await pong, [Buffer.from('are you there?')]);
});

test('ws §2 emits several events per tick, or each in a tick of its own', async (t) => {
  for (const allowSynchronousEvents of [true, false]) {
    const { raw, peer } = await (await stage(t, { allowSynchronousEvents })).raw();
    const turns = new Set<number>();
    const kinds: string[] = [];
    let turn = 0;
    const count = () => {
      turn++;
      if (kinds.length < 4) setImmediate(count);
    };
    const done = called((callback) => {
      for (const name of ['message', 'ping', 'pong'] as const) {
        peer.on(name, () => {
          turns.add(turn);
          kinds.push(name);
          if (kinds.length === 4) callback();
        });
      }
    });
    count();
    raw.socket.write(Buffer.concat([frame.text('1'), frame.ping(), frame.pong(), frame.text('2')]));
    await done;
    assert.deepEqual(kinds, ['message', 'ping', 'pong', 'message']);
    assert.equal(turns.size, allowSynchronousEvents ? 1 : 4);
  }
});

test('ws §4 pause() stops messages and resume() goes on with all of them, in order', async (t) => {
  const { client, peer } = await (await stage(t)).pair();
  const heard: string[] = [];
  assert.equal(peer.isPaused, false);
  peer.pause();
  assert.equal(peer.isPaused, true);
  peer.on('message', (data) => heard.push(String(data)));
  for (let i = 0; i < 50; i++) client.send(`${i}`);
  await called((callback) => client.send('50', callback));
  for (let turns = 0; turns < 20; turns++) await new Promise(setImmediate);
  assert.deepEqual(heard, []);
  const done = called((callback) => peer.on('message', () => heard.length === 51 && callback()));
  peer.resume();
  assert.equal(peer.isPaused, false);
  await done;
  assert.deepEqual(
    heard,
    Array.from({ length: 51 }, (_, i) => `${i}`),
  );
});

test('ws §4 pause() and resume() do nothing once closed', async (t) => {
  const { peer } = await (await stage(t)).pair();
  peer.terminate();
  await event(peer, 'close');
  peer.pause();
  assert.equal(peer.isPaused, false);
  peer.resume();
});

test('names that programs give their connections mean nothing to us', async (t) => {
  const { client, peer } = await (await stage(t)).pair();
  Object.assign(peer, { receiver: 'Bob', outlet: 3 });
  const message = event(peer, 'message');
  client.send('to Bob');
  assert.deepEqual(await message, [Buffer.from('to Bob'), false]);
});

for (const next of [frame.text('second'), Buffer.concat([frame.text('second'), frame.ping('p')])]) {
  test(`what arrives while a message is given out waits for its turn: ${next.length} bytes`, async (t) => {
    const { peer, client } = await (await stage(t)).pair();
    const order: string[] = [];
    const seen = new Promise<void>((resolve) => {
      peer.on('message', (data) => {
        order.push(`begin ${data}`);
        // As a stream does that gives out its chunks at once.
        if (String(data) === 'first') peer._socket!.emit('data', Buffer.from(next));
        order.push(`end ${data}`);
        if (String(data) === 'second') resolve();
      });
    });
    client.send('first');
    await seen;
    assert.deepEqual(order, ['begin first', 'end first', 'begin second', 'end second']);
    const after = event(peer, 'message');
    client.send('third');
    assert.equal(String((await after)[0]), 'third');
  });
}
