// verifyClient, which decides about each client, at once or later: what it is told, and what becomes of its answers.
import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import * as frame from '../../conformance/frames.ts';
import { openingRequest } from '../../conformance/opening-request.ts';
import { RawClient } from '../../conformance/raw-client.ts';
import { called, event } from '../inbox.ts';
import { stage } from '../stage.ts';

test('ws §2 asks verifyClient with origin, secure and req', async (t) => {
  const asked: { origin: string; secure: boolean; req: IncomingMessage }[] = [];
  const on = await stage(t, { verifyClient: (info: (typeof asked)[0]) => asked.push(info) > 0 });
  await on.pair({ origin: 'https://example.com' }, '/v');
  await on.pair();
  assert.deepEqual(
    asked.map(({ origin, secure, req }) => [origin, secure, req.url]),
    [
      ['https://example.com', false, '/v'],
      [undefined, false, '/'],
    ],
  );
});

test('ws §2 refuses with 401 when verifyClient says false', async (t) => {
  const on = await stage(t, { verifyClient: (_info: unknown) => false });
  const { status, body } = await on.refusal();
  assert.deepEqual([status, body], [401, 'Unauthorized']);
});

test('ws §2 waits for a verifyClient of two parameters', async (t) => {
  const on = await stage(t, {
    verifyClient: (_info, callback) => void setImmediate(callback, true),
  });
  const { peer, inbox } = await on.pair();
  peer.send('welcome');
  assert.equal(await inbox.text(), 'welcome');
});

test('§4.1 keeps the messages of a client that does not wait for verifyClient', async (t) => {
  let answer: (ok: boolean) => void = () => {};
  const on = await stage(t, {
    verifyClient: (_info, callback) => {
      answer = callback;
      on.server.emit('listening');
    },
  });
  const heard: string[] = [];
  on.server.on('connection', (peer) => peer.on('message', (data) => heard.push(String(data))));
  const asked = event(on.server, 'listening');
  const raw = await RawClient.connect(on.port);
  t.after(() => raw.destroy());
  raw.socket.write(Buffer.concat([openingRequest(), frame.text('1'), frame.text('2').subarray(0, 3)]));
  await asked;
  await called((callback) => raw.socket.write(frame.text('2').subarray(3), callback));
  await called((callback) => raw.socket.write(frame.close(1000), callback));
  answer(true);
  assert.equal((await raw.answer()).status, 101);
  assert.deepEqual(await raw.untilEnd(), ['close 1000', 'fin']);
  assert.deepEqual(heard, ['1', '2']);
});

test('ws §2 refuses with what verifyClient calls back', async (t) => {
  const answers: [boolean, number?, string?, Record<string, string>?][] = [
    [false],
    [false, 404],
    [false, 403, 'Not today', { 'X-Why': 'closed' }],
    [false, 429, 'Später'],
  ];
  const on = await stage(t, { verifyClient: (_info, callback) => callback(...answers.shift()!) });
  const refusals = [];
  while (answers.length > 0) refusals.push(await on.refusal());
  assert.deepEqual(
    refusals.map(({ status, body, headers }) => [status, body, headers['x-why']]),
    [
      [401, 'Unauthorized', undefined],
      [404, 'Not Found', undefined],
      [403, 'Not today', 'closed'],
      [429, 'Später', undefined],
    ],
  );
});

test('ws §2 takes null, 0 and an empty text from verifyClient for "not given"', async (t) => {
  const answers = [
    [false, null, null, null],
    [false, 0, ''],
  ];
  const on = await stage(t, {
    verifyClient: (_info, callback) => callback(...(answers.shift() as [boolean])),
  });
  for (let count = answers.length; count > 0; count--) {
    const { status, body } = await on.refusal();
    assert.deepEqual([status, body], [401, 'Unauthorized']);
  }
});

test('ws §2 makes nothing of a client that left while verifyClient was thinking', async (t) => {
  let answer: (ok: boolean) => void = () => {};
  const on = await stage(t, {
    verifyClient: (_info, callback) => {
      answer = callback;
      on.server.emit('listening');
    },
  });
  on.server.on('connection', () => assert.fail('there is nobody to connect'));
  const asked = event(on.server, 'listening');
  const raw = await RawClient.connect(on.port);
  raw.socket.write(openingRequest());
  await asked;
  raw.destroy();
  // The loss is seen by the server before a client that comes later is.
  await event(raw.socket, 'close');
  const probe = event(on.server, 'listening');
  on.dial();
  const first = answer;
  await probe;
  first(true);
  answer(false);
  assert.equal(on.server.clients.size, 0);
});

test('ws §2 refuses with 503 whoever verifyClient lets in after close()', async (t) => {
  const on = await stage(t, {
    verifyClient: (_info, callback) => {
      on.server.close();
      callback(true);
    },
  });
  assert.equal((await on.refusal()).status, 503);
});
