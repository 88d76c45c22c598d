// Upgrades that fail half-way: the session stays with long-polling, loses nothing, and may try again.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { WebSocket as WsClient } from 'ws';
import { closing, event, type Inbox } from '../websocket/inbox.ts';
import { type Polled, type Stage, stage, until, webSocket } from './stage.ts';

type Candidate = { client: WsClient; inbox: Inbox };

/** The session works over long-polling, and a new attempt succeeds. */
async function goesOn(run: Stage, { sid, session }: Polled): Promise<void> {
  await until(() => !session.upgrading, 'end of the attempt');
  assert.deepEqual(
    [session.readyState, session.transport.name, session.upgraded],
    ['open', 'polling', false],
  );
  const message = event(session, 'message');
  assert.equal((await run.post(sid, '4to the server')).body, 'ok');
  assert.deepEqual(await message, ['to the server']);
  session.send('to the client');
  assert.equal((await run.get(sid)).body, '4before\x1e4during\x1e4to the client');
  const { client, inbox } = await run.candidate(sid);
  client.send('2probe');
  assert.equal(await inbox.text(), '3probe');
  client.send('5');
  await until(() => session.upgraded, 'upgrade');
}

/** What a candidate does wrong after its probe or, with `early`, instead of it. */
const wrongs: readonly [name: string, wrong: (candidate: Candidate) => void][] = [
  ['closes', ({ client }) => client.close()],
  ['vanishes', ({ client }) => client.terminate()],
  ['sends a message of text', ({ client }) => client.send('4hello')],
  ['sends a message of bytes', ({ client }) => client.send(Buffer.from([1, 2, 3]))],
  ['sends a plain ping', ({ client }) => client.send('2')],
  ['sends a pong', ({ client }) => client.send('3probe')],
  ['sends a close packet', ({ client }) => client.send('1')],
  ['sends a noop', ({ client }) => client.send('6')],
  ['sends what is no packet', ({ client }) => client.send('nonsense')],
  ['sends an empty message', ({ client }) => client.send('')],
  ['sends more than it may', ({ client }) => client.send(Buffer.alloc(2000))],
];

for (const early of [true, false]) {
  describe(early ? 'a candidate that never probes' : 'a candidate that has probed', () => {
    for (const [name, wrong] of wrongs) {
      test(`and ${name} is given up`, async (t) => {
        const run = await stage(t, { maxHttpBufferSize: 1000 });
        const polled = await run.poll();
        const candidate = await run.candidate(polled.sid);
        await until(() => polled.session.upgrading, 'candidate');
        polled.session.send('before');
        if (!early) {
          candidate.client.send('2probe');
          assert.equal(await candidate.inbox.text(), '3probe');
        }
        polled.session.send('during');
        wrong(candidate);
        await candidate.inbox.end();
        await goesOn(run, polled);
      });
    }
  });
}

describe('a candidate', () => {
  test('that takes too long is given up, and polls wait again', async (t) => {
    for (const probe of [true, false]) {
      const run = await stage(t, { upgradeTimeout: 30 });
      const polled = await run.poll();
      const { client, inbox } = await run.candidate(polled.sid);
      if (probe) client.send('2probe');
      assert.deepEqual(await inbox.end(), { code: 1005, reason: '' });
      assert.equal(polled.session.upgrading, false);
      const { waiting } = await run.waitingPoll(polled);
      polled.session.send('a');
      assert.equal((await waiting).body, '4a');
    }
  });

  test('that probes twice is given up', async (t) => {
    const run = await stage(t);
    const { sid, session } = await run.poll();
    const { client, inbox } = await run.candidate(sid);
    client.send('2probe');
    client.send('2probe');
    await inbox.end();
    assert.deepEqual([session.upgrading, session.readyState], [false, 'open']);
  });

  test('beside another is closed, and the first goes on', async (t) => {
    const run = await stage(t);
    const { sid, session } = await run.poll();
    const { client, inbox } = await run.candidate(sid);
    await until(() => session.upgrading, 'candidate');
    assert.deepEqual(await closing(run.dial(`${webSocket}&sid=${sid}`)), { code: 1005, reason: '' });
    client.send('2probe');
    assert.equal(await inbox.text(), '3probe');
    assert.deepEqual(await closing(run.dial(`${webSocket}&sid=${sid}`)), { code: 1005, reason: '' });
    client.send('5');
    await until(() => session.upgraded, 'upgrade');
  });

  test('can do nothing any more once it was given up', async (t) => {
    const run = await stage(t);
    const { sid, session } = await run.poll();
    const messages: unknown[] = [];
    session.on('message', (data) => messages.push(data));
    const { client, inbox } = await run.candidate(sid);
    for (const text of ['6', '2probe', '5', '4a']) client.send(text);
    await inbox.end();
    assert.deepEqual([session.upgraded, session.upgrading, messages, inbox.messages], [false, false, [], []]);
  });

  test('of a session that ends is closed', async (t) => {
    const run = await stage(t, { pingInterval: 20, pingTimeout: 20 });
    const { sid, session } = await run.poll();
    const { inbox } = await run.candidate(sid);
    assert.deepEqual(await inbox.end(), { code: 1005, reason: '' });
    assert.deepEqual([session.readyState, session.upgrading], ['closed', false]);
  });
});
