// Engine.IO protocol v4, "Heartbeat" and "Close": the server asks, the client answers or is gone; either may leave.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { event } from '../websocket/inbox.ts';
import { startEngine } from './servers.ts';
import { openWebSocket, Polling } from './wire.ts';

/** Asserts that so many milliseconds are over; timers and clocks may differ by a few. */
function assertPassed(since: number, milliseconds: number): void {
  assert.ok(performance.now() - since > milliseconds - 5, 'not before its time');
}

describe('heartbeat and close', { concurrency: true }, () => {
  test('long-polling: pings come, and each answer keeps the session', async (t) => {
    const { address } = await startEngine(t);
    const start = performance.now();
    const session = await Polling.open(address);
    for (let i = 1; i <= 3; i++) {
      assert.equal((await session.get()).body, '2');
      assertPassed(start, i * 300);
      assert.equal((await session.post('3')).body, 'ok');
    }
  });

  test('WebSocket: pings come, and each answer keeps the session', async (t) => {
    const { address } = await startEngine(t);
    const { client, inbox } = await openWebSocket(t, address);
    for (let i = 0; i < 3; i++) {
      assert.equal(await inbox.text(), '2');
      client.send('3');
    }
    client.send('4still here');
    assert.equal(await inbox.text(), '4still here');
  });

  test('long-polling: no answer ends the session after pingInterval + pingTimeout', async (t) => {
    const { address, engine } = await startEngine(t);
    const start = performance.now();
    const session = await Polling.open(address);
    const closed = event(engine.clients[session.sid]!, 'close');
    assert.equal((await session.get()).body, '2');
    assert.equal((await session.get()).body, '1');
    assert.deepEqual((await closed)[0], 'ping timeout');
    assertPassed(start, 500);
    const { status, body } = await session.get();
    assert.deepEqual([status, JSON.parse(body).code], [400, 1]);
  });

  test('long-polling: a client that never polls is gone as soon', async (t) => {
    const { address, engine } = await startEngine(t);
    const session = await Polling.open(address);
    await event(engine.clients[session.sid]!, 'close');
    assert.equal((await session.get()).status, 400);
  });

  test('WebSocket: no answer ends the connection', async (t) => {
    const { address } = await startEngine(t);
    const start = performance.now();
    const { inbox } = await openWebSocket(t, address);
    assert.equal(await inbox.text(), '2');
    await inbox.end();
    assertPassed(start, 500);
  });

  test('long-polling: a close packet ends the session and lets the waiting GET go', async (t) => {
    const { address, engine } = await startEngine(t);
    const session = await Polling.open(address);
    const waiting = session.get();
    while (!engine.clients[session.sid]!.transport.writable) await new Promise(setImmediate);
    const closed = event(engine.clients[session.sid]!, 'close');
    const { status, body } = await session.post('1');
    assert.deepEqual([status, body], [200, 'ok']);
    const answer = await waiting;
    assert.deepEqual([answer.status, answer.body], [200, '6']);
    assert.equal((await closed)[0], 'transport close');
    assert.equal((await session.get()).status, 400);
  });

  test('WebSocket: a close packet ends the connection', async (t) => {
    const { address, engine } = await startEngine(t);
    const { client, inbox, sid } = await openWebSocket(t, address);
    const closed = event(engine.clients[sid]!, 'close');
    client.send('1');
    await inbox.end();
    assert.equal((await closed)[0], 'transport close');
  });

  test('WebSocket: the end of the connection is the end of the session', async (t) => {
    const { address, engine } = await startEngine(t);
    const { client, sid } = await openWebSocket(t, address);
    const closed = event(engine.clients[sid]!, 'close');
    client.close();
    assert.equal((await closed)[0], 'transport close');
  });
});
