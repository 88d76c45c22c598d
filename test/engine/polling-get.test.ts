// The way to the client: a GET that waits for packets (Engine.IO protocol, "HTTP long-polling").
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ending, stage, until, webSocket } from './stage.ts';

describe('poll', () => {
  test('is answered at once with all that waits', async (t) => {
    const run = await stage(t);
    const { sid, session } = await run.poll();
    session
      .send('one')
      .send(Buffer.from([1, 2, 3, 4]))
      .send('€');
    const { status, headers, body } = await run.get(sid);
    assert.equal(status, 200);
    assert.equal(body, '4one\x1ebAQIDBA==\x1e4€');
    assert.equal(headers['content-type'], 'text/plain; charset=UTF-8');
    assert.equal(headers['content-length'], String(Buffer.byteLength(body)));
    assert.equal(headers['cache-control'], 'no-store');
    assert.equal(headers['x-xss-protection'], undefined);
  });

  test('waits until there is something', async (t) => {
    const run = await stage(t);
    const polled = await run.poll();
    assert.equal(polled.session.transport.writable, false);
    const { waiting } = await run.waitingPoll(polled);
    assert.equal(polled.session.transport.writable, true);
    polled.session.send('at last');
    assert.equal(polled.session.transport.writable, false);
    polled.session.send('next time');
    assert.equal((await waiting).body, '4at last');
    assert.equal((await run.get(polled.sid)).body, '4next time');
  });

  test('is answered once: the first packet takes it', async (t) => {
    const run = await stage(t);
    const polled = await run.poll();
    for (const text of ['a', 'b', 'c']) {
      const { waiting } = await run.waitingPoll(polled);
      polled.session.send(text);
      assert.equal((await waiting).body, `4${text}`);
    }
  });

  test('a second one beside it ends the session', async (t) => {
    const run = await stage(t);
    const polled = await run.poll();
    const { waiting } = await run.waitingPoll(polled);
    const ended = ending(polled.session);
    const second = await run.get(polled.sid);
    assert.deepEqual([second.status, second.body], [400, '']);
    assert.equal((await waiting).body, '1');
    assert.deepEqual(await ended, { reason: 'transport error', message: 'overlap from client' });
    assert.equal((await run.get(polled.sid)).body, '{"code":1,"message":"Session ID unknown"}');
  });

  test('one that is broken off ends the session', async (t) => {
    const run = await stage(t);
    const { sid, session } = await run.poll();
    const request = run.open(`EIO=4&transport=polling&sid=${sid}`).end();
    request.on('error', () => {});
    await until(() => session.transport.writable, 'poll');
    const ended = ending(session);
    request.destroy();
    assert.deepEqual(await ended, {
      reason: 'transport error',
      message: 'poll connection closed prematurely',
    });
  });

  test('one on a connection that is kept does not end anything when that ends later', async (t) => {
    const run = await stage(t);
    const { sid, session } = await run.poll();
    session.send('a');
    const socket = await run.tcp();
    socket.write(`GET /engine.io/?EIO=4&transport=polling&sid=${sid} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await new Promise((resolve) => socket.once('data', resolve));
    socket.destroy();
    assert.equal((await run.post(sid, '4still here')).body, 'ok');
    assert.equal(session.readyState, 'open');
  });

  test('other methods get 500 and change nothing', async (t) => {
    const run = await stage(t);
    const { sid, session } = await run.poll();
    for (const method of ['PUT', 'HEAD', 'OPTIONS', 'DELETE', 'PATCH']) {
      const answer = await run.request(`EIO=4&transport=polling&sid=${sid}`, { method });
      assert.deepEqual([answer.status, answer.body], [500, ''], method);
    }
    assert.equal(session.readyState, 'open');
    session.send('a');
    assert.equal((await run.get(sid)).body, '4a');
  });

  test('Internet Explorer is told not to guess', async (t) => {
    const run = await stage(t);
    const { sid, session } = await run.poll();
    for (const agent of ['Mozilla/4.0 (compatible;MSIE 8.0)', 'Mozilla/5.0 Trident/7.0']) {
      session.send('a');
      assert.equal((await run.get(sid, { 'User-Agent': agent })).headers['x-xss-protection'], '0');
    }
  });

  test('bytes are always base64, with "b64" in the query or without', async (t) => {
    const run = await stage(t);
    const { sid, session } = await run.poll('EIO=4&transport=polling&b64=1');
    session.send(new Uint8Array([1, 2, 3, 4]));
    assert.equal((await run.get(sid)).body, 'bAQIDBA==');
  });
});

describe('WebSocket', () => {
  test('a packet is a message: text as text, bytes as bytes', async (t) => {
    const run = await stage(t);
    const { session, inbox } = await run.connect();
    session.send('text');
    session.send(Buffer.from([1, 2]));
    session.send(new Uint8Array([3, 4]).buffer);
    session.send(new DataView(new Uint8Array([0, 5, 6, 0]).buffer, 1, 2));
    session.send('');
    assert.deepEqual(await inbox.take(5), [
      { data: Buffer.from('4text'), isBinary: false },
      { data: Buffer.from([1, 2]), isBinary: true },
      { data: Buffer.from([3, 4]), isBinary: true },
      { data: Buffer.from([5, 6]), isBinary: true },
      { data: Buffer.from('4'), isBinary: false },
    ]);
  });

  test('for a client that takes only text bytes are base64, and it may send them so too', async (t) => {
    const run = await stage(t);
    const { session, inbox, client } = await run.connect(`${webSocket}&b64=1`);
    session.on('message', (data) => session.send(data));
    client.send('bAQIDBA==');
    assert.deepEqual(await inbox.next(), { data: Buffer.from('bAQIDBA=='), isBinary: false });
  });

  test('bytes come as a Buffer, text as a string', async (t) => {
    const run = await stage(t);
    const { session, client } = await run.connect();
    const messages: unknown[] = [];
    session.on('message', (data) => messages.push(data));
    client.send(Buffer.from([1, 2]));
    client.send('bAQI=');
    client.send('4€');
    client.send('4');
    await until(() => messages.length === 4, 'messages');
    assert.deepEqual(messages, [Buffer.from([1, 2]), Buffer.from([1, 2]), '€', '']);
    assert.ok(Buffer.isBuffer(messages[0]) && Buffer.isBuffer(messages[1]));
  });

  test('is writable again when what was sent has left', async (t) => {
    const run = await stage(t);
    const { session, inbox } = await run.connect();
    assert.equal(session.transport.writable, true);
    session.send('a');
    assert.equal(session.transport.writable, false);
    await inbox.text();
    assert.equal(session.transport.writable, true);
  });
});
