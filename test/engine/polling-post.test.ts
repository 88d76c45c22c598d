// The way from the client: packets in the body of a POST (Engine.IO protocol, "HTTP long-polling").
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Session } from '../../src/engine/session.ts';
import { event } from '../websocket/inbox.ts';
import { ending, polling, stage } from './stage.ts';

function collect(session: Session): unknown[] {
  const messages: unknown[] = [];
  session.on('message', (data) => messages.push(data));
  return messages;
}

describe('POST', () => {
  test('its packets are handled in order before it is answered', async (t) => {
    const run = await stage(t);
    const { sid, session } = await run.poll();
    const messages = collect(session);
    const { status, headers, body } = await run.post(sid, '4one\x1ebAQIDBA==\x1e4€\x1e4');
    assert.deepEqual(messages, ['one', Buffer.from([1, 2, 3, 4]), '€', '']);
    assert.deepEqual([status, body], [200, 'ok']);
    assert.equal(headers['content-type'], 'text/html');
    assert.equal(headers['content-length'], '2');
    assert.equal(headers['cache-control'], 'no-store');
  });

  test('a character may be cut in two between chunks', async (t) => {
    const run = await stage(t);
    const { sid, session } = await run.poll();
    const messages = collect(session);
    const request = run.open(`${polling}&sid=${sid}`, { method: 'POST' });
    const body = Buffer.from('4€');
    request.write(body.subarray(0, 2));
    await event(run.http, 'request');
    request.end(body.subarray(2));
    await event(request, 'response');
    assert.deepEqual(messages, ['€']);
  });

  for (const type of [
    'text/plain;charset=UTF-8',
    'application/json',
    'application/octet-stream; charset=x',
  ]) {
    test(`a body of type ${type} is text`, async (t) => {
      const run = await stage(t);
      const { sid, session } = await run.poll();
      const messages = collect(session);
      assert.equal((await run.post(sid, '4a', { 'Content-Type': type })).body, 'ok');
      assert.deepEqual(messages, ['a']);
    });
  }

  test('bytes are not taken, and end the session', async (t) => {
    const run = await stage(t);
    const { sid, session } = await run.poll();
    const ended = ending(session);
    const { status, body } = await run.post(sid, '4a', { 'Content-Type': 'application/octet-stream' });
    assert.deepEqual([status, body], [400, '']);
    assert.deepEqual(await ended, { reason: 'transport error', message: 'invalid content' });
  });

  test('a second one beside it ends the session, and the first', async (t) => {
    const run = await stage(t);
    const { sid, session } = await run.poll();
    const first = run.open(`${polling}&sid=${sid}`, { method: 'POST' });
    first.write('4a');
    const broken = event(first, 'error');
    await event(run.http, 'request');
    const ended = ending(session);
    const second = await run.post(sid, '4b');
    assert.deepEqual([second.status, second.body], [400, '']);
    assert.deepEqual(await ended, {
      reason: 'transport error',
      message: 'data request overlap from client',
    });
    await broken;
  });

  test('one that is broken off ends the session, and nothing of it is delivered', async (t) => {
    const run = await stage(t);
    const { sid, session } = await run.poll();
    const messages = collect(session);
    const request = run.open(`${polling}&sid=${sid}`, { method: 'POST' });
    request.on('error', () => {});
    request.write('4a\x1e4b');
    await event(run.http, 'request');
    const ended = ending(session);
    request.destroy();
    assert.deepEqual(await ended, {
      reason: 'transport error',
      message: 'data request connection closed prematurely',
    });
    assert.deepEqual(messages, []);
  });

  const broken: readonly [body: string, delivered: string[]][] = [
    ['', []],
    ['nonsense', []],
    ['4a\x1e4b\x1eabc\x1e4c', ['a', 'b']],
    ['4a\x1e', ['a']],
  ];
  for (const [body, delivered] of broken) {
    test(`${JSON.stringify(body)} is a parse error behind ${delivered.length} messages`, async (t) => {
      const run = await stage(t);
      const polled = await run.poll();
      const messages = collect(polled.session);
      const { waiting } = await run.waitingPoll(polled);
      const ended = ending(polled.session);
      await run.post(polled.sid, body);
      assert.deepEqual(await ended, { reason: 'parse error', message: undefined });
      assert.deepEqual(messages, delivered);
      assert.equal((await waiting).body, '1');
    });
  }

  test('a ping is the wrong way round', async (t) => {
    for (const packet of ['2', '2probe']) {
      const run = await stage(t);
      const { sid, session } = await run.poll();
      const ended = ending(session);
      assert.equal((await run.post(sid, packet)).body, 'ok');
      assert.deepEqual(await ended, { reason: 'transport error', message: 'invalid heartbeat direction' });
    }
  });

  test('packets that mean nothing here are ignored', async (t) => {
    const run = await stage(t);
    const { sid, session } = await run.poll();
    const messages = collect(session);
    assert.equal((await run.post(sid, '0{}\x1e5\x1e6\x1e3\x1e4a')).body, 'ok');
    assert.deepEqual(messages, ['a']);
    assert.equal(session.readyState, 'open');
  });

  test('what stands behind a close packet is not read', async (t) => {
    const run = await stage(t);
    const { sid, session } = await run.poll();
    const messages = collect(session);
    const ended = ending(session);
    assert.equal((await run.post(sid, '4a\x1e1\x1e4b')).body, 'ok');
    assert.deepEqual(messages, ['a']);
    assert.equal((await ended).reason, 'transport close');
  });

  test('one that is still coming when its session ends is told that nobody has read it', async (t) => {
    const run = await stage(t);
    const polled = await run.poll();
    const messages = collect(polled.session);
    const { waiting } = await run.waitingPoll(polled);
    const request = run.open(`${polling}&sid=${polled.sid}`, { method: 'POST' });
    const answered = event(request, 'response');
    request.write('4a');
    await event(run.http, 'request');
    polled.session.close();
    await waiting;
    request.end();
    const [response] = (await answered) as [import('node:http').IncomingMessage];
    assert.equal(response.statusCode, 400);
    response.resume();
    assert.deepEqual(messages, []);
  });

  test('a handler that ends the session keeps the rest of the body from being delivered', async (t) => {
    const run = await stage(t);
    const { sid, session } = await run.poll();
    const messages = collect(session);
    session.on('message', () => session.close(true));
    assert.equal((await run.post(sid, '4a\x1e4b')).body, 'ok');
    assert.deepEqual(messages, ['a']);
  });
});

describe('a body over maxHttpBufferSize', () => {
  test('a byte less is taken, and the limit itself', async (t) => {
    const run = await stage(t, { maxHttpBufferSize: 100 });
    const { sid, session } = await run.poll();
    const messages = collect(session);
    assert.equal((await run.post(sid, `4${'a'.repeat(99)}`)).status, 200);
    assert.equal(messages.length, 1);
    const over = await run.post(sid, `4${'a'.repeat(97)}€`);
    assert.deepEqual([over.status, over.body], [413, '']);
    assert.equal(messages.length, 1);
  });

  test('is refused, and the session goes on', async (t) => {
    const run = await stage(t, { maxHttpBufferSize: 100 });
    const { sid, session } = await run.poll();
    const messages = collect(session);
    assert.equal((await run.post(sid, `4${'a'.repeat(1000)}`)).status, 413);
    assert.equal((await run.post(sid, '4b')).body, 'ok');
    assert.deepEqual(messages, ['b']);
    assert.equal(session.readyState, 'open');
  });

  test('is refused as soon as it is too long, without waiting for its end', async (t) => {
    const run = await stage(t, { maxHttpBufferSize: 100 });
    const { sid } = await run.poll();
    const request = run.open(`${polling}&sid=${sid}`, { method: 'POST' });
    request.on('error', () => {});
    const answered = event(request, 'response');
    request.write('4'.repeat(101));
    const [response] = (await answered) as [import('node:http').IncomingMessage];
    assert.equal(response.statusCode, 413);
    request.destroy();
  });

  test('that never ends is read for a while, and then cut off', async (t) => {
    const run = await stage(t, { maxHttpBufferSize: 1000 });
    const { sid, session } = await run.poll();
    const socket = await run.tcp();
    const closed = event(socket, 'close');
    const answered = event(socket, 'data');
    socket.write(
      `POST /engine.io/?${polling}&sid=${sid} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    const chunk = `1f4\r\n${'4'.repeat(500)}\r\n`;
    for (let sent = 0; sent < 3000; sent += 500) socket.write(chunk);
    assert.match(String((await answered)[0]), /^HTTP\/1.1 413 /);
    assert.equal(session.readyState, 'open');
    for (let sent = 0; sent < 20_000; sent += 500) socket.write(chunk);
    await closed;
    assert.equal(session.readyState, 'open');
  });
});
