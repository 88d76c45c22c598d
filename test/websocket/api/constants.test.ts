// The properties of a connection and of its class that programs for `ws` read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stage, WebSocket } from '../stage.ts';

const states = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 } as const;

test('ws §3 has the constants of readyState on the class and on each connection', async (t) => {
  const { peer } = await (await stage(t)).pair();
  for (const [name, value] of Object.entries(states) as [keyof typeof states, number][]) {
    assert.equal(WebSocket[name], value);
    assert.equal(peer[name], value);
    assert.throws(() => Object.assign(peer, { [name]: 9 }), TypeError);
  }
});

test('ws §3 has the properties of an open connection', async (t) => {
  const { peer } = await (await stage(t)).pair();
  const { readyState, protocol, extensions, binaryType, bufferedAmount, isPaused, url } = peer;
  assert.deepEqual(
    { readyState, protocol, extensions, binaryType, bufferedAmount, isPaused, url },
    {
      readyState: 1,
      protocol: '',
      extensions: '',
      binaryType: 'nodebuffer',
      bufferedAmount: 0,
      isPaused: false,
      url: undefined,
    },
  );
});

test('ws §3 names permessage-deflate in `extensions` when it was negotiated', async (t) => {
  const on = await stage(t, { perMessageDeflate: true });
  assert.equal((await on.pair({ perMessageDeflate: true })).peer.extensions, 'permessage-deflate');
  assert.equal((await on.pair({ perMessageDeflate: false })).peer.extensions, '');
});
