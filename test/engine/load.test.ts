// Many clients that move to WebSocket while messages run both ways: nothing is lost, doubled or reordered.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Socket as Client } from 'engine.io-client';
import type { Session } from '../../src/engine/session.ts';
import { event, within } from '../websocket/inbox.ts';
import { stage, turn, until } from './stage.ts';

/** Sends numbers, some at a time, so that they meet every moment of an upgrade. */
async function sendNumbers(
  peer: { send(text: string): unknown },
  count: number,
  step: number,
): Promise<void> {
  for (let i = 0; i < count; i++) {
    peer.send(String(i));
    if (i % step === 0) await turn();
  }
}

/** Resolves when all numbers have come, one by one; fails at the first that is not the next. */
function receiveNumbers(
  peer: { on(event: 'message', listener: (data: never) => void): unknown },
  count: number,
): Promise<void> {
  let next = 0;
  return new Promise((resolve, reject) => {
    peer.on('message', (data: unknown) => {
      if (data !== String(next)) reject(new Error(`${data} came instead of ${next}`));
      if (++next === count) resolve();
    });
  });
}

describe('under load', () => {
  test('50 clients, 2,000 messages each way during the upgrade', async (t) => {
    const run = await stage(t);
    const count = 2000;
    const work: Promise<void>[] = [];
    run.engine.on('connection', (session: Session) => {
      work.push(receiveNumbers(session, count), sendNumbers(session, count, 1 + (work.length % 23)));
    });
    const clients = Array.from({ length: 50 }, (_, i) => {
      const client = new Client(run.origin, { transports: ['polling', 'websocket'] });
      work.push(receiveNumbers(client, count));
      client.on('open', () => work.push(sendNumbers(client, count, 1 + (i % 17))));
      t.after(() => client.close());
      return client;
    });
    await until(() => work.length === 200, 'connections');
    await within(Promise.all(work), 'all messages', 60_000);
    await until(() => Object.values(run.engine.clients).every((session) => session.upgraded), 'upgrades');
    assert.equal(run.engine.clientsCount, 50);
    assert.ok(clients.every((client) => client.readyState === 'open'));
  });

  test('a message at each moment of an upgrade arrives once, in its place', async (t) => {
    const run = await stage(t);
    const moments = ['poll waiting', 'candidate', 'probed', 'poll let go', 'upgrading', 'upgraded'];
    const polled = await run.poll();
    const { sid, session } = polled;
    const got: string[] = [];
    const poll = async () =>
      got.push(...(await run.get(sid)).body.split('\x1e').filter((text) => text !== '6'));
    const say = (moment: string) => session.send(moment);

    const { waiting } = await run.waitingPoll(polled);
    say('poll waiting');
    got.push((await waiting).body);
    const { client, inbox } = await run.candidate(sid);
    await until(() => session.upgrading, 'candidate');
    say('candidate');
    session.once('upgrading', () => say('probed'));
    client.send('2probe');
    await inbox.text();
    await poll();
    await poll();
    say('poll let go');
    session.once('upgrade', () => say('upgraded'));
    say('upgrading');
    client.send('5');
    await event(session, 'upgrade');
    got.push(...(await inbox.texts(3)));
    assert.deepEqual(
      got,
      moments.map((moment) => `4${moment}`),
    );
    assert.equal(inbox.messages.length, 0);
  });
});
