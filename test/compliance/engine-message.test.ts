// Engine.IO protocol v4, "Packet encoding" and "Payload encoding": text and bytes over each transport come back as they were.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { event } from '../websocket/inbox.ts';
import { startEngine } from './servers.ts';
import { openWebSocket, Polling } from './wire.ts';

test('long-polling: text comes back', async (t) => {
  const { address } = await startEngine(t);
  const session = await Polling.open(address);
  const posted = await session.post('4hello €✓😀');
  assert.deepEqual([posted.status, posted.body], [200, 'ok']);
  const { status, body } = await session.get();
  assert.deepEqual([status, body], [200, '4hello €✓😀']);
});

test('long-polling: several packets in one request come back in order, in one response', async (t) => {
  const { address } = await startEngine(t);
  const session = await Polling.open(address);
  await session.post('4one\x1e4two\x1e4\x1e4three');
  assert.equal((await session.get()).body, '4one\x1e4two\x1e4\x1e4three');
});

test('long-polling: bytes travel as base64, among text', async (t) => {
  const { address } = await startEngine(t);
  const session = await Polling.open(address);
  await session.post('bAQIDBA==\x1e4text\x1eb/+8=');
  assert.equal((await session.get()).body, 'bAQIDBA==\x1e4text\x1eb/+8=');
});

test('long-polling: a GET waits until there is something to say', async (t) => {
  const { address, engine } = await startEngine(t);
  const session = await Polling.open(address);
  const answer = session.get();
  while (!engine.clients[session.sid]!.transport.writable) await new Promise(setImmediate);
  await session.post('4late');
  assert.equal((await answer).body, '4late');
});

for (const [what, body] of [
  ['an unknown type', 'abc'],
  ['a valid packet before an invalid one', '4first\x1e9'],
  ['an empty packet', '4first\x1e\x1e4second'],
  ['an empty body', ''],
] as const) {
  test(`long-polling: ${what} ends the session`, async (t) => {
    const { address, engine } = await startEngine(t);
    const session = await Polling.open(address);
    const closed = event(engine.clients[session.sid]!, 'close');
    assert.ok([200, 400].includes((await session.post(body)).status));
    assert.equal((await closed)[0], 'parse error');
    assert.equal((await session.get()).status, 400);
  });
}

test('long-polling: a ping of the client ends the session', async (t) => {
  const { address } = await startEngine(t);
  const session = await Polling.open(address);
  await session.post('2');
  assert.equal((await session.get()).status, 400);
});

test('long-polling: a body over maxPayload gets 413 and is not delivered, one of that size is', async (t) => {
  const { address } = await startEngine(t);
  const session = await Polling.open(address);
  assert.equal((await session.post(`4${'x'.repeat(1_000_000)}`)).status, 413);
  const largest = `4${'x'.repeat(999_999)}`;
  assert.equal((await session.post(largest)).status, 200);
  assert.equal((await session.get()).body.split('\x1e')[0], largest);
});

test('long-polling: two GETs at a time end the session', async (t) => {
  const { address, engine } = await startEngine(t);
  const session = await Polling.open(address);
  const first = session.get();
  while (!engine.clients[session.sid]!.transport.writable) await new Promise(setImmediate);
  assert.equal((await session.get()).status, 400);
  assert.deepEqual([(await first).status, (await first).body], [200, '1']);
  assert.equal((await session.get()).status, 400);
});

test('long-polling: bytes that are not text end the session', async (t) => {
  const { address } = await startEngine(t);
  const { sid } = await Polling.open(address);
  const url = `http://${address}?EIO=4&transport=polling&sid=${sid}`;
  const headers = { 'content-type': 'application/octet-stream' };
  assert.equal((await fetch(url, { method: 'POST', headers, body: '4hello' })).status, 400);
  assert.equal((await fetch(url)).status, 400);
});

test('WebSocket: text and bytes come back as they are', async (t) => {
  const { address } = await startEngine(t);
  const { client, inbox } = await openWebSocket(t, address);
  const bytes = Buffer.from([0, 1, 2, 3, 4, 255]);
  for (const message of ['4hello €✓😀', '4', bytes, `4${'x'.repeat(100_000)}`]) {
    client.send(message);
    const { data, isBinary } = await inbox.next();
    assert.equal(isBinary, typeof message !== 'string');
    assert.deepEqual(data, Buffer.from(message));
  }
});

test('WebSocket: bytes may come as base64 text', async (t) => {
  const { address } = await startEngine(t);
  const { client, inbox } = await openWebSocket(t, address);
  client.send('bAQIDBA==');
  assert.deepEqual(await inbox.next(), { data: Buffer.from([1, 2, 3, 4]), isBinary: true });
});

for (const [what, message] of [
  ['an unknown type', 'abc'],
  ['an empty text', ''],
  ['a ping of the client', '2'],
] as const) {
  test(`WebSocket: ${what} ends the connection`, async (t) => {
    const { address, engine } = await startEngine(t);
    const { client, inbox, sid } = await openWebSocket(t, address);
    client.send(message);
    await inbox.end();
    assert.equal(engine.clients[sid], undefined);
  });
}

test('WebSocket: a message over maxPayload is refused with 1009', async (t) => {
  const { address } = await startEngine(t);
  const { client, inbox } = await openWebSocket(t, address);
  client.send(`4${'x'.repeat(1_000_000)}`);
  assert.equal((await inbox.end()).code, 1009);
});
