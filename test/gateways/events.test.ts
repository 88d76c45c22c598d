// Event streams and POSTs beside clients of Socket.IO and plain WebSockets.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import type { EventGatewayOptions } from '../../src/gateways/options.ts';
import type { Socket } from '../../src/hub/socket.ts';
import type { ServerOptions } from '../../src/server-options.ts';
import { marked } from '../docs/pages.ts';
import { Events, event, type Stage, stage, within } from '../hub/stage.ts';
import { openStream, post } from './event-source.ts';
import { plain } from './plain.ts';

const withGateway = (
  t: TestContext,
  options: ServerOptions = {},
  events: Partial<EventGatewayOptions> = {},
) => stage(t, { gateways: { websocket: '/ws', events: { path: '/events', ...events } }, ...options });

/** A stream that is in, what it was told, and the server's end. */
async function join(t: TestContext, made: Stage, headers: Record<string, string> = {}) {
  const connected = event(made.io, 'connection');
  const stream = await openStream(t, `${made.url}/events`, headers);
  const told = await stream.connected();
  const [end] = (await connected) as [Socket];
  return { stream, end, ...told };
}

describe('GET', () => {
  test('sends what docs/gateways.md shows', async (t) => {
    const [block] = marked('tested').filter(({ mark }) => mark.of.endsWith('events.test.ts'));
    const made = await withGateway(t);
    const connected = event(made.io, 'connection');
    const abort = new AbortController();
    const response = await fetch(`${made.url}/events`, { signal: abort.signal });
    t.after(() => abort.abort());
    const [end] = (await connected) as [Socket];
    end.send('hello');
    end.emit('news', 1);
    end.disconnect();
    const secrets = /"sid":"[\w-]{20}","session":"[\w-]{20}"|[\w-]{20}(?=\.\d)/g;
    const steady = (text: string) => text.replace(secrets, '');
    const [shown] = (await response.text()).split('\nevent: disconnect');
    assert.equal(steady(shown!), steady(`${block!.lines.join('\n')}\n`));
  });

  test('begins a stream that no proxy holds back, with who the client is', async (t) => {
    const made = await withGateway(t);
    const { stream, end, sid, recovered } = await join(t, made);
    assert.equal(stream.response.status, 200);
    const { headers } = stream.response;
    assert.equal(headers.get('content-type'), 'text/event-stream; charset=utf-8');
    assert.equal(headers.get('cache-control'), 'no-cache, no-transform');
    assert.equal(headers.get('x-accel-buffering'), 'no');
    assert.equal(stream.retry, 2000);
    assert.equal(sid, end.id);
    assert.equal(recovered, false);
    assert.equal(end.conn.transport.name, 'event-stream');
  });

  test('hears what a plain WebSocket hears, and has an id for each', async (t) => {
    const { stream, end } = await join(t, await withGateway(t));
    end.send('hello');
    end.send('two\nlines');
    end.emit('news', 1, { a: 2 });
    end.emit('picture', Buffer.from([1, 2, 3]));
    assert.deepEqual(await stream.texts(4), [
      'hello',
      'two\nlines',
      '["news",1,{"a":2}]',
      '["picture",{"base64":"AQID"}]',
    ]);
    assert.match(stream.lastId, /^[\w-]{20}\.4$/);
  });

  test('is refused by a middleware with 403 and its reason', async (t) => {
    const made = await withGateway(t);
    made.io.use((socket, next) =>
      next(socket.handshake.auth.token === 'yes' ? undefined : new Error('Not today')),
    );
    const { response } = await openStream(t, `${made.url}/events`);
    assert.equal(response.status, 403);
    assert.equal(
      await within(openStream(t, `${made.url}/events?token=yes`), 'stream').then((s) => s.response.status),
      200,
    );
    await join(t, made, { authorization: 'Bearer yes' });
  });

  test('keeps the connection alive with comments', async (t) => {
    const { stream } = await join(t, await withGateway(t, { pingInterval: 20 }));
    await stream.until(() => stream.comments > 1);
  });

  test('who was disconnected by the program is told, and not to come back', async (t) => {
    const made = await withGateway(t);
    const { stream, end } = await join(t, made);
    const gone = event(end, 'disconnect');
    end.disconnect();
    assert.deepEqual(await stream.next(), {
      type: 'disconnect',
      data: '{"reason":"io server disconnect"}',
      id: 'end',
    });
    await within(stream.ended, 'end of the stream');
    assert.equal((await gone)[0], 'server namespace disconnect');
    const again = await fetch(`${made.url}/events`, { headers: { 'Last-Event-ID': stream.lastId } });
    assert.equal(again.status, 204);
  });

  test('a client that reads too slowly is ended, and volatile events are dropped before', async (t) => {
    const made = await withGateway(t, { maxBufferedAmount: 1_000_000 });
    const connected = event(made.io, 'connection');
    // A client that reads nothing at all.
    const socket = connect(made.port, '127.0.0.1').pause();
    t.after(() => socket.destroy());
    socket.write('GET /events HTTP/1.1\r\nHost: a\r\n\r\n');
    const [end] = (await connected) as [Socket];
    const gone = event(end, 'disconnect');
    for (let i = 0; i < 60 && end.connected; i++) {
      end.send('x'.repeat(500_000));
      await new Promise(setImmediate);
    }
    assert.equal((await gone)[0], 'transport error');
  });
});

describe('coming back', () => {
  test('within the time nothing is missed, and the program has not noticed', async (t) => {
    const made = await withGateway(t);
    const { stream, end, sid, session } = await join(t, made);
    let ends = 0;
    end.on('disconnect', () => ends++);
    made.io.send('one');
    made.io.send('two');
    assert.deepEqual(await stream.texts(2), ['one', 'two']);
    const cut = event(end.conn, 'cut');
    stream.cut();
    await cut;
    made.io.send('three');
    made.io.emit('four');
    made.io.volatile.emit('message', 'may be lost');
    const back = await openStream(t, `${made.url}/events`, { 'Last-Event-ID': stream.lastId });
    assert.deepEqual(await back.connected(), { sid, session, recovered: true });
    made.io.send('five');
    assert.deepEqual(await back.texts(3), ['three', '["four"]', 'five']);
    assert.equal(made.io.sockets.sockets.size, 1);
    assert.equal(ends, 0);
  });

  test('while the server has not noticed that the old connection is dead: the new one takes its place', async (t) => {
    const made = await withGateway(t);
    const { stream, end, sid } = await join(t, made);
    end.send('one');
    await stream.texts(1);
    end.send('two');
    const back = await openStream(t, `${made.url}/events?lastEventId=${stream.lastId}`);
    assert.equal((await back.connected()).sid, sid);
    assert.deepEqual(await back.texts(1), ['two']);
    await within(stream.ended, 'end of the old one');
  });

  test('after the time the client is gone, and begins anew', async (t) => {
    const made = await withGateway(t, {}, { resumeTime: 20 });
    const { stream, end } = await join(t, made);
    end.send('one');
    await stream.texts(1);
    const gone = event(end, 'disconnect');
    stream.cut();
    assert.equal((await gone)[0], 'transport close');
    const back = await openStream(t, `${made.url}/events`, { 'Last-Event-ID': stream.lastId });
    const { sid, recovered } = await back.connected();
    assert.equal(recovered, false);
    assert.notEqual(sid, end.id);
  });

  test('who has missed more than is remembered begins anew, and is told', async (t) => {
    const made = await withGateway(t, {}, { resumeSize: 500 });
    const { stream, end } = await join(t, made);
    end.send('one');
    await stream.texts(1);
    const cut = event(end.conn, 'cut');
    stream.cut();
    await cut;
    for (let i = 0; i < 10; i++) end.send(`missed ${i}`);
    const gone = event(end, 'disconnect');
    const back = await openStream(t, `${made.url}/events`, { 'Last-Event-ID': stream.lastId });
    assert.equal((await back.connected()).recovered, false);
    assert.equal((await gone)[0], 'transport close');
  });

  test('with connection state recovery, by what the hub remembers', async (t) => {
    const made = await withGateway(t, { connectionStateRecovery: {} });
    const { stream, end, sid, session } = await join(t, made);
    end.join('room');
    end.data.name = 'Ada';
    made.io.to('room').emit('message', 'one');
    assert.deepEqual(await stream.texts(1), ['one']);
    assert.ok(stream.lastId.startsWith(`${session}.`));
    const gone = event(end, 'disconnect');
    stream.cut();
    await gone;
    made.io.to('room').emit('message', 'two');
    made.io.to('another room').emit('message', 'not for you');
    const returned = event(made.io, 'connection');
    const back = await openStream(t, `${made.url}/events`, { 'Last-Event-ID': stream.lastId });
    assert.deepEqual(await back.connected(), { sid, session, recovered: true });
    const [again] = (await returned) as [Socket];
    assert.equal(again.recovered, true);
    assert.equal(again.data.name, 'Ada');
    made.io.to('room').emit('message', 'three');
    assert.deepEqual(await back.texts(2), ['two', 'three']);
    // And once more, by an id that came while it was away.
    back.cut();
    await event(again, 'disconnect');
    const third = await openStream(t, `${made.url}/events`, { 'Last-Event-ID': back.lastId });
    assert.equal((await third.connected()).recovered, true);
  });

  test('an id that nobody gave begins anew', async (t) => {
    const made = await withGateway(t);
    for (const id of ['x', '.', 'a.b', '.1', 'abc.', '__proto__.1', '../..', 'x'.repeat(2000)]) {
      const stream = await openStream(t, `${made.url}/events`, { 'Last-Event-ID': id });
      assert.equal((await stream.connected()).recovered, false);
    }
  });
});

describe('POST', () => {
  test('says an event to everyone', async (t) => {
    const made = await withGateway(t);
    made.io.on('connection', (socket) => socket.on('message', (text) => made.io.send(text)));
    const { stream } = await join(t, made);
    const { inbox, socket } = plain(t, `${made.url}/ws`);
    await event(socket, 'open');
    const { client } = await made.pair();
    const heard = event(client, 'message');
    const response = await post(`${made.url}/events`, 'hello');
    assert.equal(response.status, 204);
    assert.deepEqual(await stream.texts(1), ['hello']);
    assert.equal(await inbox.text(), 'hello');
    assert.deepEqual(await heard, ['hello']);
  });

  test('as the client of a stream, by its session', async (t) => {
    const made = await withGateway(t);
    const { end, session } = await join(t, made);
    const events = new Events(end as never);
    const url = `${made.url}/events?session=${session}`;
    assert.equal((await post(url, '["news",1]', 'application/json')).status, 204);
    assert.equal((await post(url, 'hello')).status, 204);
    assert.deepEqual(await events.next(), ['news', 1]);
    assert.deepEqual(await events.next(), ['message', 'hello']);
    const unknown = await post(`${made.url}/events?session=nobody`, 'hello');
    assert.equal(unknown.status, 404);
    assert.match(await unknown.text(), /its stream tells it/);
  });

  test('alone it is a client of its own: it passes middlewares, and is gone soon', async (t) => {
    const made = await withGateway(t);
    made.io.use((socket, next) =>
      next(socket.handshake.auth.token === 'yes' ? undefined : new Error('Who?')),
    );
    const refused = await post(`${made.url}/events`, 'hello');
    assert.equal(refused.status, 403);
    assert.equal((await refused.text()).trim(), 'Who?');
    const heard = new Promise<[Socket, Promise<unknown[]>]>((resolve) => {
      made.io.on('connection', (socket) => {
        // It waits for middlewares of events, too.
        socket.use((_event, next) => void setImmediate(next));
        resolve([socket as unknown as Socket, event(socket, 'message')]);
      });
    });
    const response = await post(`${made.url}/events?token=yes`, 'hello');
    assert.equal(response.status, 204);
    const [end, message] = await within(heard, 'connection');
    assert.deepEqual(await message, ['hello']);
    assert.equal(end.conn.transport.name, 'post');
    assert.equal((await event(end, 'disconnect'))[0], 'client namespace disconnect');
    assert.equal(made.io.sockets.sockets.size, 0);
  });

  test('with ?ack the response is the acknowledgement', async (t) => {
    const made = await withGateway(t);
    made.io.on('connection', (socket) =>
      socket.on('sum', (a: number, b: number, reply: (...args: unknown[]) => void) =>
        reply(a + b, Buffer.from([1])),
      ),
    );
    const response = await post(`${made.url}/events?ack`, '["sum",1,2]', 'application/json');
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), [3, { base64: 'AQ==' }]);
  });

  test('what is wrong with a request is said', async (t) => {
    const made = await withGateway(t, { maxHttpBufferSize: 100 });
    const url = `${made.url}/events`;
    const cases: [() => Promise<Response>, number, RegExp][] = [
      [() => post(url, 'x', 'image/png'), 415, /text\/plain or application\/json, not image\/png/],
      [() => post(url, '{}', 'application/json'), 400, /array/],
      [() => post(url, new Uint8Array([0xff])), 400, /UTF-8/],
      [() => post(url, 'x'.repeat(101)), 413, /100 bytes/],
      [() => fetch(url, { method: 'DELETE' }), 405, /GET begins/],
      [() => fetch(url, { headers: { Origin: 'https://evil.example' } }), 403, /cors/],
      [
        () => fetch(url, { method: 'POST', body: 'x', headers: { Origin: 'https://evil.example' } }),
        403,
        /evil\.example may not connect/,
      ],
    ];
    for (const [ask, status, reason] of cases) {
      const response = await within(ask(), 'response');
      assert.equal(response.status, status);
      assert.match(await response.text(), reason);
    }
    assert.equal(made.io.sockets.sockets.size, 0);
  });

  test('a body without end is refused, then cut off', async (t) => {
    const made = await withGateway(t, { maxHttpBufferSize: 1000 });
    const socket = connect(made.port, '127.0.0.1');
    t.after(() => socket.destroy());
    socket.on('error', () => {});
    socket.write('POST /events HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
    const closed = event(socket, 'close');
    const chunk = `400\r\n${'x'.repeat(0x400)}\r\n`;
    const flood = () => {
      while (!socket.destroyed && socket.write(chunk));
      if (!socket.destroyed) socket.once('drain', flood);
    };
    flood();
    let heard = '';
    socket.on('data', (data) => {
      heard += data;
    });
    await closed;
    assert.match(heard, /^HTTP\/1\.1 413 /);
  });
});

describe('HEAD and OPTIONS', () => {
  test('HEAD has the headers of a stream and makes no client', async (t) => {
    const made = await withGateway(t);
    const response = await fetch(`${made.url}/events`, { method: 'HEAD' });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
    assert.equal(made.io.sockets.sockets.size, 0);
  });

  test('OPTIONS says what is possible; with cors it is a preflight', async (t) => {
    const options = { method: 'OPTIONS' };
    const alone = await fetch(`${(await withGateway(t)).url}/events`, options);
    assert.equal(alone.status, 204);
    assert.equal(alone.headers.get('allow'), 'GET, HEAD, POST, OPTIONS');
    const made = await withGateway(t, { cors: { origin: 'https://friend.example' } });
    const preflight = await fetch(`${made.url}/events`, {
      method: 'OPTIONS',
      headers: { Origin: 'https://friend.example', 'Access-Control-Request-Method': 'POST' },
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get('access-control-allow-origin'), 'https://friend.example');
    const stream = await openStream(t, `${made.url}/events`, { Origin: 'https://friend.example' });
    assert.equal(stream.response.headers.get('access-control-allow-origin'), 'https://friend.example');
    assert.equal((await stream.connected()).recovered, false);
  });
});

describe('nothing is left behind', () => {
  test('by hundreds of streams that are opened and dropped', async (t) => {
    const made = await withGateway(t, {}, { resumeTime: 10 });
    const dropped = Array.from({ length: 300 }, () => {
      const socket = connect(made.port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write('GET /events HTTP/1.1\r\nHost: a\r\n\r\n');
      return socket;
    });
    await Promise.all(dropped.map((socket) => event(socket, 'data')));
    assert.equal(made.io.sockets.sockets.size, 300);
    const gone = new Promise<void>((resolve) => {
      made.io.sockets.adapter.on('delete-room', () => {
        if (made.io.sockets.adapter.rooms.size === 0) resolve();
      });
    });
    for (const socket of dropped) socket.destroy();
    await within(gone, 'end of all');
    assert.equal(made.io.sockets.sockets.size, 0);
  });

  test('when the server ends: streams end, cut ones too', async (t) => {
    const made = await withGateway(t);
    const [one, two] = [await join(t, made), await join(t, made)];
    const cut = event(two.end.conn, 'cut');
    two.stream.cut();
    await cut;
    const gone = [event(one.end, 'disconnect'), event(two.end, 'disconnect')];
    await within(made.io.close(), 'end');
    await within(one.stream.ended, 'end of the stream');
    for (const [reason] of await Promise.all(gone)) assert.equal(reason, 'server shutting down');
  });
});
