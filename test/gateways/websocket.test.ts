// Plain WebSocket clients beside clients of Socket.IO: they are all the same to a program.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { Socket } from '../../src/hub/socket.ts';
import { Decoder } from '../../src/protocol/socketio/decoder.ts';
import { Encoder } from '../../src/protocol/socketio/encoder.ts';
import type { Chunk, SocketPacket } from '../../src/protocol/socketio/packet.ts';
import { Server } from '../../src/server.ts';
import type { ServerOptions } from '../../src/server-options.ts';
import { Events, event, type Stage, stage, within } from '../hub/stage.ts';
import { type Plain, plain } from './plain.ts';

const withGateway = (t: TestContext, options: ServerOptions = {}) =>
  stage(t, { gateways: { websocket: '/ws' }, ...options });

/** A plain client that is in, and the server's end. */
async function join(
  t: TestContext,
  made: Stage,
  target = '/ws',
  namespace = '/',
): Promise<Plain & { end: Socket }> {
  const connected = event(made.io.of(namespace), 'connection');
  const client = plain(t, made.url + target);
  const opened = event(client.socket, 'open');
  const [end] = (await connected) as [Socket];
  await opened;
  return { ...client, end };
}

/** What the server's end hears, as `[name, ...args]`. */
const heard = (socket: Socket) => new Events(socket as never);

describe('a plain WebSocket', () => {
  test('says events with text and JSON, and bytes', async (t) => {
    const { socket, end } = await join(t, await withGateway(t));
    const events = heard(end);
    socket.send('hello');
    socket.send('["news",1,{"a":2}]');
    socket.send(Buffer.from([1, 2, 3]));
    assert.deepEqual(await events.next(), ['message', 'hello']);
    assert.deepEqual(await events.next(), ['news', 1, { a: 2 }]);
    assert.deepEqual(await events.next(), ['message', Buffer.from([1, 2, 3])]);
  });

  test('hears events as text, JSON and bytes', async (t) => {
    const { inbox, end } = await join(t, await withGateway(t));
    end.send('hello');
    end.emit('news', 1, { a: 2 });
    end.send(Buffer.from([1, 2, 3]));
    end.emit('picture', { bytes: Buffer.from([1, 2, 3]) });
    assert.deepEqual(await inbox.take(4), [
      { data: Buffer.from('hello'), isBinary: false },
      { data: Buffer.from('["news",1,{"a":2}]'), isBinary: false },
      { data: Buffer.from([1, 2, 3]), isBinary: true },
      { data: Buffer.from('["picture",{"bytes":{"base64":"AQID"}}]'), isBinary: false },
    ]);
  });

  test('and clients of Socket.IO hear each other, in rooms too', async (t) => {
    const made = await withGateway(t);
    made.io.on('connection', (socket) => {
      socket.join('room');
      socket.on('message', (data: unknown) => socket.to('room').emit('message', data));
    });
    const { client } = await made.pair();
    const events = new Events(client);
    const [one, two] = [await join(t, made), await join(t, made)];
    one.socket.send('from one');
    assert.equal(await two.inbox.text(), 'from one');
    assert.deepEqual(await events.next(), ['message', 'from one']);
    client.send('from Socket.IO');
    client.send(Buffer.from('bytes'));
    for (const { inbox } of [one, two]) {
      assert.equal(await inbox.text(), 'from Socket.IO');
      assert.deepEqual(await inbox.next(), { data: Buffer.from('bytes'), isBinary: true });
    }
  });

  test('is found by fetchSockets, moved between rooms and disconnected as any other', async (t) => {
    const made = await withGateway(t);
    const { inbox, end } = await join(t, made, '/ws?name=Ada');
    const [remote] = await made.io.fetchSockets();
    assert.equal(remote!.id, end.id);
    assert.equal(remote!.handshake.query.name, 'Ada');
    assert.equal(end.conn.transport.name, 'plain-websocket');
    made.io.in(end.id).socketsJoin('room');
    made.io.to('room').emit('message', 'only you');
    assert.equal(await inbox.text(), 'only you');
    const gone = event(end, 'disconnect');
    made.io.in('room').disconnectSockets();
    assert.deepEqual(await inbox.end(), { code: 1000, reason: 'The server has disconnected this client' });
    assert.deepEqual(await gone, ['server namespace disconnect', undefined]);
    assert.equal(made.io.sockets.sockets.size, 0);
  });

  test('is kept from nobody when it vanishes', async (t) => {
    const made = await withGateway(t);
    for (const [leave, reason] of [
      [({ socket }: Plain) => socket.close(), 'client namespace disconnect'],
      [({ socket }: Plain) => socket.close(1000), 'client namespace disconnect'],
      [({ socket }: Plain) => socket.close(3000), 'transport close'],
      [({ socket }: Plain) => socket.terminate(), 'transport close'],
    ] as const) {
      const client = await join(t, made);
      const gone = event(client.end, 'disconnect');
      leave(client);
      assert.equal((await gone)[0], reason);
    }
    assert.equal(made.io.sockets.sockets.size, 0);
    assert.equal(made.io.sockets.adapter.rooms.size, 0);
  });
});

describe('joining', () => {
  test('the namespace is an option; the query and a bearer token are what others send as auth', async (t) => {
    const made = await withGateway(t, {
      gateways: { websocket: ['/ws', { path: '/admin', namespace: '/admin' }] },
    });
    const one = await join(t, made, '/ws?token=secret&__proto__=x');
    assert.equal(one.end.nsp.name, '/');
    assert.equal(one.end.handshake.auth.token, 'secret');
    const connected = event(made.io.of('/admin'), 'connection');
    plain(t, `${made.url}/admin`, { headers: { authorization: 'Bearer abc' } });
    const [admin] = (await connected) as [Socket];
    assert.equal(admin.nsp.name, '/admin');
    assert.deepEqual(admin.handshake.auth, { token: 'abc' });
  });

  test('a middleware refuses with 1008 and its reason, cut to what fits', async (t) => {
    const made = await withGateway(t);
    made.io.use((_socket, next) => next(new Error('Not today')));
    assert.deepEqual(await plain(t, `${made.url}/ws`).inbox.end(), { code: 1008, reason: 'Not today' });
    const long = await withGateway(t);
    long.io.use((_socket, next) => next(new Error('ü'.repeat(100))));
    assert.deepEqual(await plain(t, `${long.url}/ws`).inbox.end(), { code: 1008, reason: 'ü'.repeat(61) });
  });

  test('a namespace that there is not', async (t) => {
    const made = await withGateway(t, { gateways: { websocket: { path: '/ws', namespace: '/nowhere' } } });
    assert.deepEqual(await plain(t, `${made.url}/ws`).inbox.end(), {
      code: 1008,
      reason: 'Invalid namespace',
    });
  });

  test('what it says before it is let in waits, in order', async (t) => {
    const made = await withGateway(t);
    let letIn = () => {};
    const asked = new Promise<void>((resolve) => {
      made.io.use((_socket, next) => {
        letIn = () => next();
        resolve();
      });
    });
    const connected = new Promise<Events>((resolve) =>
      made.io.on('connection', (socket) => resolve(heard(socket))),
    );
    const { socket } = plain(t, `${made.url}/ws`);
    await event(socket, 'open');
    for (let i = 0; i < 100; i++) socket.send(`["number",${i}]`);
    await within(asked, 'middleware');
    letIn();
    const events = await within(connected, 'connection');
    for (let i = 0; i < 100; i++) assert.deepEqual(await events.next(), ['number', i]);
  });

  test('allowRequest and middlewares of the engine decide here too', async (t) => {
    const made = await withGateway(t, {
      allowRequest: (req, callback) => callback('Not you', req.headers['x-key'] === 'yes'),
    });
    made.io.engine.use((req, _res, next) => {
      Object.assign(req, { marked: true });
      next();
    });
    const [response] = await event(plain(t, `${made.url}/ws`).socket, 'unexpected-response').then(
      ([, one]) => [one as { statusCode: number }],
    );
    assert.equal(response!.statusCode, 403);
    const connected = event(made.io, 'connection');
    plain(t, `${made.url}/ws`, { headers: { 'x-key': 'yes' } });
    const [end] = (await connected) as [Socket];
    assert.equal((end.request as { marked?: boolean }).marked, true);
  });

  test('RFC 6455 §10.2 pages of other sites are refused with 403, unless cors lets them in', async (t) => {
    const made = await withGateway(t, { cors: { origin: 'https://friend.example' } });
    const refused = plain(t, `${made.url}/ws`, { origin: 'https://evil.example' });
    const [, response] = (await event(refused.socket, 'unexpected-response')) as [
      unknown,
      { statusCode: number },
    ];
    assert.equal(response.statusCode, 403);
    await event(plain(t, `${made.url}/ws`, { origin: 'https://friend.example' }).socket, 'open');
    await event(plain(t, `${made.url}/ws`, { origin: made.url }).socket, 'open');
  });

  test('a request that is no upgrade is told what to do', async (t) => {
    const made = await withGateway(t);
    const response = await fetch(`${made.url}/ws`);
    assert.equal(response.status, 426);
    assert.equal(response.headers.get('upgrade'), 'websocket');
    assert.match(await response.text(), /WebSocket clients/);
  });

  test('without the option there is no gateway', async (t) => {
    const made = await stage(t, { destroyUpgradeTimeout: 10 });
    await event(plain(t, `${made.url}/ws`).socket, 'error');
  });
});

describe('acknowledgements', () => {
  test('a plain client has none: nobody waits for its reply for ever, and the hub hears of no false one', async (t) => {
    const made = await withGateway(t);
    const { inbox, end } = await join(t, made);
    await assert.rejects(end.timeout(50).emitWithAck('question', 1), /timed out/);
    assert.equal(await inbox.text(), '["question",1]');
    await assert.rejects(
      made.io.timeout(50).emitWithAck('question', 2),
      (error: Error & { missing: string[] }) => {
        assert.deepEqual(error.missing, [end.id]);
        return true;
      },
    );
  });
});

describe('limits', () => {
  test('a reserved name is refused with an event, and the client stays', async (t) => {
    const { socket, inbox, end } = await join(t, await withGateway(t));
    socket.send('["disconnect"]');
    assert.equal(await inbox.text(), '["error",{"message":"\\"disconnect\\" is a reserved event name"}]');
    const events = heard(end);
    socket.send('still here');
    assert.deepEqual(await events.next(), ['message', 'still here']);
  });

  test('a message that is too large: 1009', async (t) => {
    const made = await withGateway(t, { maxHttpBufferSize: 100 });
    const { socket, inbox } = await join(t, made);
    socket.send('x'.repeat(101));
    assert.equal((await inbox.end()).code, 1009);
  });

  test('hostile messages disturb nobody', async (t) => {
    const made = await withGateway(t);
    const { socket, end } = await join(t, made);
    end.on('error', () => {});
    const { client, socket: other } = await made.pair();
    for (const text of [
      `["a",${'['.repeat(100_000)}`,
      `["a"${',1'.repeat(400_000)}]`,
      '["__proto__",{"__proto__":null}]',
      '["a",{"_placeholder":true,"num":0}]',
      '["newListener"]',
      '\u0000',
    ]) {
      socket.send(text);
    }
    const done = event(end, 'done');
    socket.send('["done"]');
    await done;
    const answer = event(client, 'fine');
    other.emit('fine');
    await answer;
  });

  test('volatile events are dropped while a client reads slowly; above the limit it is closed with 1013', async (t) => {
    const made = await withGateway(t, { maxBufferedAmount: 1_000_000 });
    const { socket, inbox, end } = await join(t, made);
    socket.pause();
    const big = 'x'.repeat(500_000);
    // More than the system takes, and then more than may wait.
    for (let i = 0; i < 60; i++) {
      end.send(big);
      await new Promise(setImmediate);
      if (!end.conn.transport.writable) end.volatile.emit('message', 'lost');
    }
    const gone = event(end, 'disconnect');
    socket.resume();
    assert.equal((await inbox.end()).code, 1013);
    await gone;
    assert.ok(inbox.messages.every(({ data }) => data.toString() !== 'lost'));
  });

  test('silent clients are pinged, and dropped when they stay silent', async (t) => {
    const made = await withGateway(t, { pingInterval: 50 });
    const alive = await join(t, made);
    await event(alive.socket, 'ping');
    const dead = await join(t, made);
    dead.socket.pause();
    assert.equal((await event(dead.end, 'disconnect'))[0], 'transport close');
    assert.equal(alive.end.connected, true);
  });
});

describe('the server', () => {
  test('closes plain clients with 1001 when it ends', async (t) => {
    const made = await withGateway(t);
    const { inbox, end } = await join(t, made);
    const gone = event(end, 'disconnect');
    await within(made.io.close(), 'end');
    assert.equal((await inbox.end()).code, 1001);
    assert.equal((await gone)[0], 'server shutting down');
  });

  test('brings no gateways by io.bind(engine)', async (t) => {
    const made = await stage(t);
    made.http.on('request', (_request, response) => response.writeHead(404).end());
    new Server({ gateways: { websocket: '/ws', events: '/events' } }).bind(made.io.engine);
    assert.equal((await fetch(`${made.url}/events`)).status, 404);
    assert.equal((await fetch(`${made.url}/ws`)).status, 404);
  });

  test('encodes and translates a broadcast once for all, with any parser', async (t) => {
    const counts = { encoded: 0, decoded: 0 };
    class CountingEncoder extends Encoder {
      override encode(packet: SocketPacket) {
        if (packet.data?.[0] === 'news') counts.encoded++;
        return super.encode(packet);
      }
    }
    class CountingDecoder extends Decoder {
      override add(message: Chunk) {
        if (String(message).includes('"news"')) counts.decoded++;
        super.add(message);
      }
    }
    const made = await withGateway(t, { parser: { Encoder: CountingEncoder, Decoder: CountingDecoder } });
    const clients: Plain[] = [];
    for (let i = 0; i < 5; i++) clients.push(await join(t, made));
    made.io.emit('news', Buffer.from('bytes'));
    for (const { inbox } of clients) assert.equal(await inbox.text(), '["news",{"base64":"Ynl0ZXM="}]');
    assert.deepEqual(counts, { encoded: 1, decoded: 1 });
  });

  test('with connection state recovery: plain clients do not see the offsets of packets', async (t) => {
    const made = await withGateway(t, { connectionStateRecovery: {} });
    const { inbox, end } = await join(t, made);
    made.io.send('hello');
    made.io.emit('news');
    end.emit('news', 1);
    assert.deepEqual(await inbox.texts(3), ['hello', '["news"]', '["news",1]']);
    made.io.volatile.emit('message', 'volatile');
    assert.equal(await inbox.text(), 'volatile');
  });
});
