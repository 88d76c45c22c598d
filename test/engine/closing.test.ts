// How sessions end, from either side, and what each side is told.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Session } from '../../src/engine/session.ts';
import { closing, event } from '../websocket/inbox.ts';
import { ending, polling, stage, turn, until } from './stage.ts';

const forced = { reason: 'forced close', message: undefined };

/** Counts the ends of a session: there must be one. */
function ends(session: Session): () => number {
  let count = 0;
  session.on('close', () => count++);
  return () => count;
}

describe('the client ends a session', () => {
  test('of long-polling with a close packet: its waiting poll gets a noop', async (t) => {
    const run = await stage(t);
    const polled = await run.poll();
    const { waiting } = await run.waitingPoll(polled);
    const ended = ending(polled.session);
    assert.equal((await run.post(polled.sid, '1')).body, 'ok');
    assert.equal((await waiting).body, '6');
    assert.deepEqual(await ended, { reason: 'transport close', message: undefined });
    assert.equal(polled.session.readyState, 'closed');
    assert.equal((await run.get(polled.sid)).status, 400);
  });

  test('of a WebSocket with a close packet', async (t) => {
    const run = await stage(t);
    const { client, session } = await run.connect();
    const closed = closing(client);
    const ended = ending(session);
    client.send('1');
    assert.deepEqual(await ended, { reason: 'transport close', message: undefined });
    assert.equal((await closed).code, 1005);
  });

  test('of a WebSocket by closing it, or by vanishing', async (t) => {
    const run = await stage(t);
    for (const end of ['close', 'terminate'] as const) {
      const { client, session } = await run.connect();
      const count = ends(session);
      const ended = ending(session);
      client[end]();
      assert.deepEqual(await ended, { reason: 'transport close', message: undefined });
      assert.equal(count(), 1);
    }
  });

  test('of a WebSocket with a message that is no packet', async (t) => {
    const run = await stage(t);
    for (const text of ['', 'nonsense', '9']) {
      const { client, session } = await run.connect();
      const closed = closing(client);
      const ended = ending(session);
      client.send(text);
      assert.deepEqual(await ended, { reason: 'parse error', message: undefined });
      assert.deepEqual(await closed, { code: 1005, reason: '' });
    }
  });

  test('of a WebSocket with a message over maxHttpBufferSize', async (t) => {
    const run = await stage(t, { maxHttpBufferSize: 100 });
    const { client, session } = await run.connect();
    const messages: unknown[] = [];
    session.on('message', (data) => messages.push(data));
    client.send(`4${'a'.repeat(99)}`);
    await until(() => messages.length === 1, 'message');
    const closed = closing(client);
    const ended = event(session, 'close');
    client.send(Buffer.alloc(101));
    const [reason, error] = (await ended) as [string, Error & { type: string; description: Error }];
    assert.deepEqual(
      [reason, error.type, error.message],
      ['transport error', 'TransportError', 'websocket error'],
    );
    assert.ok(error.description instanceof Error);
    assert.equal((await closed).code, 1009);
  });

  test('of a WebSocket with a frame that breaks the rules', async (t) => {
    const run = await stage(t);
    const { client, session } = await run.connect();
    const ended = ending(session);
    (client as unknown as { _socket: import('node:net').Socket })._socket.write(Buffer.from([0x81, 0x00]));
    assert.equal((await ended).reason, 'transport error');
  });
});

describe('the server ends a session', () => {
  test('of a WebSocket: a close frame without code, behind all that was sent', async (t) => {
    const run = await stage(t);
    const { client, inbox, session } = await run.connect();
    const ended = ending(session);
    session.send('last words').close();
    session.send('too late');
    assert.deepEqual(await ended, forced);
    assert.equal(await inbox.text(), '4last words');
    assert.deepEqual(await inbox.end(), { code: 1005, reason: '' });
    assert.equal(inbox.messages.length, 0);
    assert.equal(client.readyState, client.CLOSED);
  });

  test('of long-polling while a poll waits: at once', async (t) => {
    const run = await stage(t);
    const polled = await run.poll();
    const { waiting } = await run.waitingPoll(polled);
    const ended = ending(polled.session);
    polled.session.close();
    assert.equal(polled.session.readyState, 'closed');
    assert.equal((await waiting).body, '1');
    assert.deepEqual(await ended, forced);
  });

  test('of long-polling while none waits: with the next poll, and no earlier', async (t) => {
    const run = await stage(t);
    const { sid, session } = await run.poll();
    const count = ends(session);
    session.close();
    session.send('too late');
    assert.deepEqual([session.readyState, session.transport.readyState], ['closing', 'closing']);
    await turn();
    assert.equal(count(), 0);
    const ended = ending(session);
    assert.equal((await run.get(sid)).body, '6\x1e1');
    assert.deepEqual(await ended, forced);
    assert.equal(count(), 1);
  });

  test('of long-polling with packets waiting: they are delivered first', async (t) => {
    const run = await stage(t);
    const { sid, session } = await run.poll();
    session.send('one').send('two').close();
    assert.equal((await run.get(sid)).body, '4one\x1e4two');
    assert.equal(session.readyState, 'closing');
    const ended = ending(session);
    assert.equal((await run.get(sid)).body, '6\x1e1');
    assert.deepEqual(await ended, forced);
  });

  test('of long-polling during an upload: that is broken off, and the next poll is told', async (t) => {
    const run = await stage(t);
    const { sid, session } = await run.poll();
    const request = run.open(`${polling}&sid=${sid}`, { method: 'POST' });
    const broken = event(request, 'error');
    request.write('4a');
    await event(run.http, 'request');
    session.close();
    await broken;
    const ended = ending(session);
    assert.equal((await run.get(sid)).body, '6\x1e1');
    assert.deepEqual(await ended, forced);
  });

  test('and discards what waits, if told so', async (t) => {
    const run = await stage(t);
    const { sid, session } = await run.poll();
    const ended = ending(session);
    session.send('never').close(true);
    assert.equal(session.readyState, 'closed');
    assert.deepEqual(await ended, forced);
    assert.equal((await run.get(sid)).body, '{"code":1,"message":"Session ID unknown"}');
  });

  test('and discards it also when it was closing before', async (t) => {
    const run = await stage(t);
    const { session } = await run.poll();
    const count = ends(session);
    session.send('never').close();
    assert.equal(session.readyState, 'closing');
    session.close();
    session.close(true);
    session.close(true);
    assert.deepEqual([session.readyState, count()], ['closed', 1]);
  });

  test('a client that never polls again does not keep a closing session for ever', async (t) => {
    const run = await stage(t, { pingInterval: 20, pingTimeout: 20 });
    const { session } = await run.poll();
    session.send('never').close();
    assert.equal((await ending(session)).reason, 'ping timeout');
  });

  test('in its own close event nothing can be sent any more', async (t) => {
    const run = await stage(t);
    const { session } = await run.connect();
    session.on('close', () => session.send('too late').close(true));
    const count = ends(session);
    session.close(true);
    assert.equal(count(), 1);
  });
});

describe('the engine closes', () => {
  test('and with it all sessions, at once', async (t) => {
    const run = await stage(t);
    const waitingOne = await run.poll();
    const { waiting } = await run.waitingPoll(waitingOne);
    const idle = await run.poll();
    const { client, session } = await run.connect();
    const closed = closing(client);
    const all = Promise.all([waitingOne.session, idle.session, session].map(ending));
    run.engine.close();
    assert.deepEqual(await all, [forced, forced, forced]);
    assert.equal((await waiting).body, '1');
    assert.equal((await closed).code, 1005);
    assert.equal(run.engine.clientsCount, 0);
  });

  test('with its HTTP server', async (t) => {
    const run = await stage(t);
    const { session } = await run.poll();
    const ended = ending(session);
    run.http.close();
    assert.deepEqual(await ended, forced);
  });
});
