// What send, ping and pong do when the connection is closing or closed, and what bufferedAmount says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { called, closing, event } from '../inbox.ts';
import { stage, WebSocket } from '../stage.ts';

type Verb = 'send' | 'ping' | 'pong';
const act = (peer: InstanceType<typeof WebSocket>, verb: Verb, callback: (error?: Error | null) => void) =>
  verb === 'send' ? peer.send('late', callback) : peer[verb]('late', undefined, callback);

for (const verb of ['send', 'ping', 'pong'] as const) {
  test(`ws §4 ${verb}() gives the callback an error while closing and when closed, and never throws`, async (t) => {
    const { peer } = await (await stage(t)).pair();
    peer.close();
    assert.equal(
      (await called((callback) => act(peer, verb, callback)))?.message,
      'WebSocket is not open: readyState 2 (CLOSING)',
    );
    if (peer.readyState !== peer.CLOSED) await event(peer, 'close');
    assert.equal(
      (await called((callback) => act(peer, verb, callback)))?.message,
      'WebSocket is not open: readyState 3 (CLOSED)',
    );
    act(peer, verb, () => {});
  });

  test(`ws §4 ${verb}() throws while there is no connection yet`, () => {
    const none = new WebSocket(null, undefined, {});
    assert.equal(none.readyState, WebSocket.CONNECTING);
    assert.throws(() => act(none, verb, () => {}), {
      message: 'WebSocket is not open: readyState 0 (CONNECTING)',
    });
  });
}

test('ws §4 calls back in a tick of its own when it is too late', async (t) => {
  const { peer } = await (await stage(t)).pair();
  peer.terminate();
  await event(peer, 'close');
  let returned = false;
  const done = called((callback) =>
    peer.send('x', (error) => {
      assert.equal(returned, true);
      callback(error);
    }),
  );
  returned = true;
  assert.ok(await done);
});

test('ws §3 counts in bufferedAmount what is sent too late', async (t) => {
  const { peer } = await (await stage(t)).pair();
  peer.terminate();
  await event(peer, 'close');
  const before = peer.bufferedAmount;
  peer.send('ä');
  peer.send(Buffer.alloc(10));
  peer.send(new Blob(['12345']));
  peer.send(new Uint16Array(2));
  peer.ping('123');
  assert.equal(peer.bufferedAmount - before, 2 + 10 + 5 + 4 + 3);
});

test('ws §3 counts in bufferedAmount the frames that wait, and nothing when all has gone', async (t) => {
  const { raw, peer } = await (await stage(t)).raw();
  assert.equal(peer.bufferedAmount, 0);
  raw.socket.pause();
  const size = 24 << 20;
  const sent = called((callback) => peer.send(Buffer.alloc(size), callback));
  const waiting = peer.bufferedAmount;
  assert.ok(waiting > size / 2 && waiting <= size + 10, `${waiting}`);
  raw.socket.resume();
  assert.equal(await sent, undefined);
  assert.equal(peer.bufferedAmount, 0);
});

test('ws §3 counts in bufferedAmount what a Blob and those behind it hold', async (t) => {
  const { peer, inbox } = await (await stage(t)).pair();
  peer.send(new Blob([Buffer.alloc(1000)]));
  peer.send(Buffer.alloc(500));
  assert.ok(peer.bufferedAmount >= 1500);
  await inbox.take(2);
  assert.equal(peer.bufferedAmount, 0);
});

test('ws §3 counts in bufferedAmount what is being compressed', async (t) => {
  const on = await stage(t, { perMessageDeflate: true });
  const { peer, inbox } = await on.pair({ perMessageDeflate: true });
  peer.send(Buffer.alloc(1 << 20));
  assert.ok(peer.bufferedAmount >= 1 << 20);
  await inbox.next();
  assert.equal(peer.bufferedAmount, 0);
});

test('ws §4 close() while closing or closed does nothing', async (t) => {
  const { client, peer, inbox } = await (await stage(t)).pair();
  peer.close(4001, 'once');
  peer.close(4002, 'twice');
  peer.close(99_999);
  assert.deepEqual(await inbox.end(), { code: 4001, reason: 'once' });
  client.terminate();
  if (peer.readyState !== peer.CLOSED) await closing(peer);
  peer.close(4003);
  peer.terminate();
  assert.equal(peer.readyState, peer.CLOSED);
});
