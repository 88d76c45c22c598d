// Pings and pongs, and the end of sessions that do not answer (Engine.IO protocol, "Heartbeat").
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Deadlines } from '../../src/engine/deadlines.ts';
import { closing, event } from '../websocket/inbox.ts';
import { ending, stage } from './stage.ts';

const quick = { pingInterval: 50, pingTimeout: 40 };

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
    const run = await stage(t, { pingInterval: 30, pingTimeout: 20 });
    for (let i = 0; i < 10; i++) {
      const { sid } = await run.poll();
      await sleep(50);
      assert.equal((await run.get(sid)).body, '{"code":1,"message":"Session ID unknown"}');
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
});

describe('many waits on one timer', () => {
  test('end in their order, and not those that were given up', async () => {
    const due: string[] = [];
    await new Promise<void>((resolve) => {
      const deadlines = new Deadlines<string>(20, (item) => {
        due.push(item);
        if (item === 'd') resolve();
      });
      for (const item of ['a', 'b', 'c', 'd']) deadlines.add(item);
      deadlines.delete('b');
      deadlines.add('a');
      deadlines.delete('d');
      deadlines.add('d');
    });
    assert.deepEqual(due, ['c', 'a', 'd']);
  });

  test('may begin inside of the end of others', async () => {
    let rounds = 0;
    await new Promise<void>((resolve) => {
      const deadlines = new Deadlines<string>(5, (item) => {
        if (++rounds === 6) resolve();
        else if (rounds < 5) deadlines.add(item);
      });
      deadlines.add('a');
      deadlines.add('b');
    });
    assert.equal(rounds, 6);
  });

  test('may be longer than any timer', () => {
    const deadlines = new Deadlines<string>(Number.POSITIVE_INFINITY, () => assert.fail());
    deadlines.add('a');
    assert.equal(deadlines.isOverdue('a'), false);
    deadlines.delete('a');
  });

  test('that are over are so before the timer says it', () => {
    const deadlines = new Deadlines<string>(1000, () => assert.fail());
    deadlines.add('a', performance.now() - 1000);
    assert.equal(deadlines.isOverdue('a'), true);
    deadlines.delete('a');
    assert.equal(deadlines.isOverdue('a'), false);
  });
});
