// Pings and pongs, and the end of sessions that do not answer (Engine.IO protocol, "Heartbeat").
import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Heartbeat } from '../../src/engine/heartbeat.ts';
import { closing, event } from '../websocket/inbox.ts';
import { ending, stage } from './stage.ts';

const quick = { pingInterval: 120, pingTimeout: 80 };

describe('heartbeat', () => {
  test('a ping comes over long-polling as a packet of its own, and its answer leads to the next', async (t) => {
    const run = await stage(t, { pingInterval: 20, pingTimeout: 5000 });
    const { sid, session } = await run.poll();
    for (let i = 0; i < 3; i++) {
      assert.equal((await run.get(sid)).body, '2');
      const heard = event(session, 'heartbeat');
      assert.equal((await run.post(sid, '3')).body, 'ok');
      await heard;
    }
  });

  test('and over WebSocket', async (t) => {
    const run = await stage(t, { pingInterval: 20, pingTimeout: 5000 });
    const { client, inbox, session } = await run.connect();
    for (let i = 0; i < 3; i++) {
      assert.equal(await inbox.text(), '2');
      const heard = event(session, 'heartbeat');
      client.send('3');
      await heard;
    }
  });

  test('the first ping comes an interval after the beginning, the next an interval after the answer', async (t) => {
    const run = await stage(t, { pingInterval: 60, pingTimeout: 5000 });
    const { client, inbox } = await run.connect();
    for (let i = 0; i < 2; i++) {
      const before = performance.now();
      await inbox.text();
      assert.ok(performance.now() - before > 50);
      client.send('3');
    }
  });

  test('silence ends the session: long-polling', async (t) => {
    const run = await stage(t, quick);
    const { sid, session } = await run.poll();
    const ended = ending(session);
    assert.equal((await run.get(sid)).body, '2');
    const { waiting } = await run.waitingPoll({ sid, session });
    assert.deepEqual(await ended, { reason: 'ping timeout', message: undefined });
    assert.equal((await waiting).body, '1');
    assert.equal(run.engine.clientsCount, 0);
  });

  test('silence ends the session: WebSocket', async (t) => {
    const run = await stage(t, quick);
    const { client, session } = await run.connect();
    const closed = closing(client);
    assert.equal((await ending(session)).reason, 'ping timeout');
    assert.deepEqual(await closed, { code: 1005, reason: '' });
  });

  test('a session whose client polls no more ends too', async (t) => {
    const run = await stage(t, quick);
    const { session } = await run.poll();
    assert.equal((await ending(session)).reason, 'ping timeout');
  });

  test('it is gone exactly an interval and a timeout after it began', async (t) => {
    const run = await stage(t, { pingInterval: 50, pingTimeout: 50 });
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    t.after(() => delay.disable());
    // A process that stood still gives its clients time to answer; such a round says nothing.
    for (let round = 0, calm = 0; calm < 5; round++) {
      assert.ok(round < 50, 'the machine is never calm');
      const { sid } = await run.poll();
      delay.reset();
      await sleep(100);
      const stood = delay.max / 1e6;
      const { body } = await run.get(sid);
      if (stood > 25) continue;
      calm++;
      assert.equal(body, '{"code":1,"message":"Session ID unknown"}');
    }
  });

  test('messages alone do not keep a session that does not answer pings', async (t) => {
    const run = await stage(t, quick);
    const { client, session } = await run.connect();
    const talking = setInterval(() => client.readyState === 1 && client.send('4a'), 5);
    t.after(() => clearInterval(talking));
    assert.equal((await ending(session)).reason, 'ping timeout');
  });

  test('a pong that nobody asked for puts the next ping off', async (t) => {
    const run = await stage(t, { pingInterval: 60, pingTimeout: 5000 });
    const { client, inbox, session } = await run.connect();
    const began = performance.now();
    await sleep(30);
    const heard = event(session, 'heartbeat');
    client.send('3');
    await heard;
    assert.equal(await inbox.text(), '2');
    assert.ok(performance.now() - began > 80);
  });

  test('a ping of the client is the wrong way round', async (t) => {
    const run = await stage(t);
    const { client, session } = await run.connect();
    const ended = ending(session);
    client.send('2');
    assert.deepEqual(await ended, { reason: 'transport error', message: 'invalid heartbeat direction' });
  });

  test('a process that stood still gives its clients time to answer', async () => {
    const events: string[] = [];
    const heartbeat = new Heartbeat<{ ping(): void; onPingTimeout(): void }>(10, 200);
    const twice = new Promise<void>((resolve) => {
      const session = {
        ping() {
          events.push('ping');
          // The answer takes the event loop a few turns.
          if (events.length === 1) setTimeout(() => heartbeat.start(session), 1);
          else resolve(heartbeat.stop(session));
        },
        onPingTimeout: () => void events.push('timeout'),
      };
      heartbeat.start(session);
    });
    const until = performance.now() + 250;
    while (performance.now() < until);
    await twice;
    assert.deepEqual(events, ['ping', 'ping']);
  });
});
