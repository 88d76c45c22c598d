// The move from long-polling to WebSocket: nothing is lost, doubled or reordered (Engine.IO protocol, "Upgrade").
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { closing, event } from '../websocket/inbox.ts';
import { ending, type Polled, type Stage, stage, turn, until, webSocket } from './stage.ts';

/** Brings a session to its WebSocket. */
async function upgraded(run: Stage) {
  const polled = await run.poll();
  const { client, inbox } = await run.candidate(polled.sid);
  client.send('2probe');
  assert.equal(await inbox.text(), '3probe');
  const done = event(polled.session, 'upgrade');
  client.send('5');
  await done;
  return { ...polled, client, inbox };
}

describe('upgrade', () => {
  test('probe, proof, switch', async (t) => {
    const run = await stage(t);
    const { sid, session } = await run.poll();
    const { client, inbox } = await run.candidate(sid);
    await until(() => session.upgrading, 'candidate');
    assert.deepEqual([session.upgraded, session.transport.name], [false, 'polling']);
    const trying = event(session, 'upgrading');
    client.send('2probe');
    assert.equal(await inbox.text(), '3probe');
    const [candidate] = await trying;
    const done = event(session, 'upgrade');
    client.send('5');
    assert.equal((await done)[0], candidate);
    assert.equal(session.transport, candidate);
    assert.deepEqual(
      [session.upgraded, session.upgrading, session.transport.name],
      [true, false, 'websocket'],
    );
    session.send('hello');
    assert.equal(await inbox.text(), '4hello');
    const message = event(session, 'message');
    client.send('4back');
    assert.deepEqual(await message, ['back']);
  });

  test('a poll that waits is let go with a noop, and so is the next', async (t) => {
    const run = await stage(t);
    const polled = await run.poll();
    const { waiting } = await run.waitingPoll(polled);
    const { client, inbox } = await run.candidate(polled.sid);
    client.send('2probe');
    assert.equal((await waiting).body, '6');
    assert.equal(await inbox.text(), '3probe');
    assert.equal((await run.get(polled.sid)).body, '6');
    assert.equal((await run.get(polled.sid)).body, '6');
  });

  test('without a probe polls are not let go', async (t) => {
    const run = await stage(t);
    const polled = await run.poll();
    await run.candidate(polled.sid);
    await until(() => polled.session.upgrading, 'candidate');
    const { waiting } = await run.waitingPoll(polled);
    polled.session.send('a');
    assert.equal((await waiting).body, '4a');
  });

  test('a packet before the switch goes through polling if a poll comes, and else waits for the WebSocket', async (t) => {
    const run = await stage(t);
    const { sid, session } = await run.poll();
    const { client, inbox } = await run.candidate(sid);
    client.send('2probe');
    await inbox.text();
    session.send('one');
    assert.equal((await run.get(sid)).body, '4one');
    session
      .send('two')
      .send('three')
      .send(Buffer.from([4]));
    session.once('upgrade', () => session.send('five'));
    client.send('5');
    assert.deepEqual(await inbox.texts(4), ['4two', '4three', '\x04', '4five']);
    session.send('six');
    assert.equal(await inbox.text(), '4six');
  });

  test('an upgrade packet without a probe is taken', async (t) => {
    const run = await stage(t);
    const { sid, session } = await run.poll();
    const { client, inbox } = await run.candidate(sid);
    session.send('a');
    client.send('5');
    assert.equal(await inbox.text(), '4a');
    assert.equal(session.transport.name, 'websocket');
  });

  test('a message right behind the switch, in the same chunk, arrives', async (t) => {
    const run = await stage(t);
    const { sid, session } = await run.poll();
    const { client } = await run.candidate(sid);
    const message = event(session, 'message');
    const socket = (client as unknown as { _socket: import('node:net').Socket })._socket;
    socket.cork();
    client.send('2probe');
    client.send('5');
    client.send('4hello');
    socket.uncork();
    assert.deepEqual(await message, ['hello']);
  });

  test('a poll that still waits at the switch is let go', async (t) => {
    const run = await stage(t);
    const polled = await run.poll();
    const { waiting } = await run.waitingPoll(polled);
    const { client } = await run.candidate(polled.sid);
    client.send('5');
    assert.equal((await waiting).body, '6');
    await until(() => polled.session.upgraded, 'upgrade');
    assert.equal(polled.session.readyState, 'open');
  });

  test('afterwards polls are refused, and another WebSocket is closed', async (t) => {
    const run = await stage(t);
    const { sid, session, client, inbox } = await upgraded(run);
    for (const answer of [await run.get(sid), await run.post(sid, '4a')]) {
      assert.deepEqual([answer.status, answer.body], [400, '{"code":3,"message":"Bad request"}']);
    }
    assert.deepEqual(await closing(run.dial(`${webSocket}&sid=${sid}`)), { code: 1005, reason: '' });
    const message = event(session, 'message');
    client.send('4still here');
    assert.deepEqual(await message, ['still here']);
    session.send('me too');
    assert.equal(await inbox.text(), '4me too');
  });

  test('the heartbeat goes on over the WebSocket', async (t) => {
    const run = await stage(t, { pingInterval: 30, pingTimeout: 5000 });
    const { session, client, inbox } = await upgraded(run);
    assert.equal(await inbox.text(), '2');
    const heard = event(session, 'heartbeat');
    client.send('3');
    await heard;
  });

  test('is served even if it was not offered', async (t) => {
    const run = await stage(t, { allowUpgrades: false });
    assert.equal((await upgraded(run)).session.transport.name, 'websocket');
  });

  test('the close of an upgraded session is that of its WebSocket', async (t) => {
    const run = await stage(t);
    const { session, client } = await upgraded(run);
    const ended = ending(session);
    client.close();
    assert.equal((await ended).reason, 'transport close');
  });
});

describe('upgrade of a session that closes', () => {
  const probed = async (run: Stage): Promise<Polled & Awaited<ReturnType<Stage['candidate']>>> => {
    const polled = await run.poll();
    const candidate = await run.candidate(polled.sid);
    candidate.client.send('2probe');
    await candidate.inbox.text();
    return { ...polled, ...candidate };
  };

  test('at once: the candidate goes with it', async (t) => {
    const run = await stage(t);
    const { session, inbox } = await probed(run);
    session.close(true);
    assert.deepEqual(await inbox.end(), { code: 1005, reason: '' });
  });

  test('with packets waiting: the switch brings them, then the end', async (t) => {
    const run = await stage(t);
    const { session, client, inbox } = await probed(run);
    const ended = ending(session);
    session.send('last words').close();
    assert.equal(session.readyState, 'closing');
    client.send('5');
    assert.deepEqual(await ended, { reason: 'forced close', message: undefined });
    assert.equal(await inbox.text(), '4last words');
    assert.equal((await inbox.end()).code, 1005);
  });

  test('while it waits for a poll: the switch brings the end', async (t) => {
    const run = await stage(t);
    const { session, client, inbox } = await probed(run);
    const ended = ending(session);
    session.close();
    await turn();
    assert.equal(session.readyState, 'closing');
    client.send('5');
    assert.equal((await ended).reason, 'forced close');
    assert.equal((await inbox.end()).code, 1005);
  });

  test('with a poll instead of the switch', async (t) => {
    const run = await stage(t);
    const { sid, session, inbox } = await probed(run);
    session.send('last words').close();
    assert.equal((await run.get(sid)).body, '4last words');
    const ended = ending(session);
    assert.equal((await run.get(sid)).body, '6\x1e1');
    assert.equal((await ended).reason, 'forced close');
    assert.equal((await inbox.end()).code, 1005);
  });

  test('in its upgrade event, with packets waiting: they arrive, then the end', async (t) => {
    const run = await stage(t);
    const { session, client, inbox } = await probed(run);
    const ended = ending(session);
    session.send('last words');
    session.once('upgrade', () => session.close());
    client.send('5');
    assert.equal((await ended).reason, 'forced close');
    assert.equal(await inbox.text(), '4last words');
  });
});
