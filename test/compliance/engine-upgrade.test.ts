// Engine.IO protocol v4, "Upgrade": a session moves from long-polling to WebSocket, once, and only if it is done right.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startEngine } from './servers.ts';
import { type Dialed, dialFor, openWebSocket, Polling, whenOpen } from './wire.ts';

/** Makes the next packet that is no ping come back: by it is known that all before it was handled. */
async function echo({ client, inbox }: Dialed, message: string): Promise<void> {
  client.send(message);
  for (;;) {
    const text = await inbox.text();
    if (text === message) return;
    assert.equal(text, '2');
    client.send('3');
  }
}

async function upgraded(t: TestContext, session: Polling): Promise<Dialed> {
  const dialed = dialFor(t, session);
  whenOpen(dialed, '2probe');
  assert.equal(await dialed.inbox.text(), '3probe');
  dialed.client.send('5');
  return dialed;
}

test('after probe and upgrade packets the session goes on over the WebSocket', async (t) => {
  const { address } = await startEngine(t);
  const session = await Polling.open(address);
  await echo(await upgraded(t, session), '4hello');
});

test('a waiting GET is let go with a noop when the probe comes, and so is the next', async (t) => {
  const { address, engine } = await startEngine(t);
  const session = await Polling.open(address);
  const waiting = session.get();
  while (!engine.clients[session.sid]!.transport.writable) await new Promise(setImmediate);
  const dialed = dialFor(t, session);
  whenOpen(dialed, '2probe');
  assert.equal((await waiting).body, '6');
  assert.equal(await dialed.inbox.text(), '3probe');
  assert.equal((await session.get()).body, '6');
  dialed.client.send('5');
  await echo(dialed, '4hello');
});

test('what was waiting for a poll comes over the WebSocket, in order', async (t) => {
  const { address } = await startEngine(t);
  const session = await Polling.open(address);
  await session.post('4one\x1ebAQI=');
  const { inbox } = await upgraded(t, session);
  assert.equal(await inbox.text(), '4one');
  assert.deepEqual(await inbox.next(), { data: Buffer.from([1, 2]), isBinary: true });
});

test('after the upgrade requests get 400, and the session goes on', async (t) => {
  const { address } = await startEngine(t);
  const session = await Polling.open(address);
  const dialed = await upgraded(t, session);
  await echo(dialed, '4before');
  assert.equal((await session.get()).status, 400);
  assert.equal((await session.post('4lost')).status, 400);
  await echo(dialed, '4after');
});

test('a second WebSocket for a session that has one is closed, and the first goes on', async (t) => {
  const { address } = await startEngine(t);
  const session = await Polling.open(address);
  const dialed = await upgraded(t, session);
  await echo(dialed, '4before');
  const second = dialFor(t, session);
  whenOpen(second, '2probe');
  await second.inbox.end();
  assert.deepEqual(second.inbox.messages, []);
  await echo(dialed, '4after');
});

test('so is a WebSocket for a session that began with one', async (t) => {
  const { address } = await startEngine(t);
  const first = await openWebSocket(t, address);
  const second = dialFor(t, { address, sid: first.sid });
  whenOpen(second, '2probe');
  await second.inbox.end();
  await echo(first, '4still here');
});

test('a second WebSocket while one is on trial is closed, and the trial goes on', async (t) => {
  const { address } = await startEngine(t);
  const session = await Polling.open(address);
  const first = dialFor(t, session);
  whenOpen(first, '2probe');
  assert.equal(await first.inbox.text(), '3probe');
  const second = dialFor(t, session);
  whenOpen(second, '2probe');
  await second.inbox.end();
  first.client.send('5');
  await echo(first, '4hello');
});

for (const [what, message] of [
  ['a message', '4hello'],
  ['a ping without the word', '2'],
  ['bytes', Buffer.from([1, 2, 3])],
  ['what is no packet', 'abc'],
] as const) {
  test(`a WebSocket that begins with ${what} is closed, and the session stays with long-polling`, async (t) => {
    const { address } = await startEngine(t);
    const session = await Polling.open(address);
    const dialed = dialFor(t, session);
    whenOpen(dialed, message);
    await dialed.inbox.end();
    await session.post('4still polling');
    assert.match((await session.get()).body, /4still polling$/);
    await echo(await upgraded(t, session), '4a later try succeeds');
  });
}
