// handshakeTimeout: a client that does not finish its request, and a verifyClient that does not answer, hold nothing for long.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openingRequest } from '../../conformance/opening-request.ts';
import { RawClient } from '../../conformance/raw-client.ts';
import { event, within } from '../inbox.ts';
import { stage } from '../stage.ts';

test('§4.2 ends a client that says nothing, or does not finish its request, with 408', async (t) => {
  const on = await stage(t, { handshakeTimeout: 60 });
  const request = openingRequest();
  for (const said of [request.subarray(0, 1), request.subarray(0, -2)]) {
    const raw = await RawClient.connect(on.port);
    t.after(() => raw.destroy());
    raw.socket.write(said);
    assert.equal((await raw.answer()).status, 408);
    await within(raw.untilEnd(), 'end');
  }
  const silent = await RawClient.connect(on.port);
  t.after(() => silent.destroy());
  await within(silent.untilEnd(), 'end');
});

test('answers 503 when verifyClient does not answer, and ignores a late answer', async (t) => {
  let answer: (ok: boolean) => void = () => {};
  const on = await stage(t, {
    handshakeTimeout: 40,
    verifyClient: (_info, callback) => {
      answer = callback;
    },
  });
  on.server.on('connection', () => assert.fail());
  const { status, body } = await on.refusal();
  assert.deepEqual([status, body], [503, 'The server took too long to decide about this client']);
  answer(true);
  answer(false);
});

test('takes the first answer of verifyClient and ignores others', async (t) => {
  const on = await stage(t, {
    verifyClient: (_info, callback) => {
      callback(true);
      callback(true);
      callback(false);
    },
  });
  const { peer, inbox } = await on.pair();
  peer.send('once');
  assert.equal(await inbox.text(), 'once');
  assert.equal(on.server.clients.size, 1);
});

test('does not concern connections whose handshake is done', async (t) => {
  const on = await stage(t, { handshakeTimeout: 20 });
  const { peer, inbox } = await on.pair();
  const other = await RawClient.connect(on.port);
  await within(other.untilEnd(), 'end of a silent client');
  peer.send('still here');
  assert.equal(await inbox.text(), 'still here');
});

test('takes 0 for any time', async (t) => {
  let answer: (ok: boolean) => void = () => {};
  const on = await stage(t, {
    handshakeTimeout: 0,
    verifyClient: (_info, callback) => {
      answer = callback;
      on.server.emit('listening');
    },
  });
  const setTimeout = t.mock.method(globalThis, 'setTimeout');
  const asked = event(on.server, 'listening');
  const ours = setTimeout.mock.callCount();
  const client = on.dial();
  await asked;
  const ms = setTimeout.mock.calls.slice(ours).map((call) => call.arguments[1]);
  assert.ok(!ms.includes(0) && !ms.includes(10_000), `${ms}`);
  const opened = event(client, 'open');
  answer(true);
  await opened;
});
