// The wire inspector's stream: a page is told all of its own traffic, nothing of anybody else's, and no more than it can take.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { io as connect, type Socket } from 'socket.io-client';
import WebSocket from 'ws';
import { traceLimits } from '../../src/demo/wire/trace.ts';
import { Traces, tracesLimits } from '../../src/demo/wire/traces.ts';
import { dissect } from '../../src/protocol/rfc6455/dissection.ts';
import { acceptFor } from '../../src/protocol/rfc6455/handshake.ts';
import { type TestDemo, testDemo } from '../support/demo.ts';
import { bytes, vectors } from '../vectors/vectors.ts';
import { within } from '../websocket/inbox.ts';
import { newToken, type Told, WireStream } from './wire-stream.ts';

let demo: TestDemo;
before(async () => {
  demo = await testDemo();
});
after(() => demo.close(0));

const of = <Kind extends Told['kind']>(records: readonly Told[], kind: Kind) =>
  records.filter((record) => record.kind === kind) as (Told & { kind: Kind })[];

/** A client of the hub that carries a token. */
function client(token: string, transports?: string[]): Socket {
  return connect(`http://127.0.0.1:${demo.port}`, {
    query: { wire: token },
    forceNew: true,
    reconnection: false,
    ...(transports && { transports }),
  });
}

/** For the emitters of `socket.io-client`, which are not Node's. */
function heard(emitter: { once(name: never, listener: () => void): unknown }, name: string): Promise<void> {
  return new Promise((resolve) => void emitter.once(name as never, resolve));
}

async function echo(token: string, options: WebSocket.ClientOptions = {}): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${demo.port}/inspector/echo?wire=${token}`, options);
  await within(once(socket, 'open'), 'open');
  return socket;
}

/** The payloads of frames, in order; of compressed ones what they say. */
const payloads = (records: readonly Told[]) =>
  of(records, 'frame').map(({ bytes, connection, from, offset }) => {
    const { rsv1, payload } = dissect(Buffer.from(bytes, 'base64'));
    const inflated = of(records, 'inflated').find(
      (one) => one.connection === connection && one.from === from && one.offset === offset,
    );
    return (rsv1 ? Buffer.from(inflated?.bytes ?? '', 'base64') : Buffer.from(payload)).toString();
  });

describe('what a page is told', () => {
  test('§4.2.2 the opening handshake, with the accept value worked out', async (t) => {
    const stream = await WireStream.open(t, demo.port);
    const socket = await echo(stream.token);
    const open = await stream.until((records) => of(records, 'open')[0], 'open');
    assert.match(open.request, new RegExp(`^GET /inspector/echo\\?wire=${stream.token} HTTP/1.1\r\n`));
    assert.match(
      open.response,
      new RegExp(`\r\nSec-WebSocket-Accept: ${open.steps.accept.replaceAll('+', '\\+')}\r\n`),
    );
    const { key, guid, sha1, accept } = open.steps;
    assert.equal(acceptFor(key), accept);
    assert.equal(guid, '258EAFA5-E914-47DA-95CA-C5AB0DC85B11');
    assert.equal(Buffer.from(sha1, 'hex').toString('base64'), accept);
    socket.terminate();
  });

  test('chunks, frames with their very bytes, and the end', async (t) => {
    const stream = await WireStream.open(t, demo.port);
    const socket = await echo(stream.token, { perMessageDeflate: false });
    socket.send('one');
    socket.send('two');
    await within(once(socket, 'message'), 'echo');
    socket.close(1000);
    const close = await stream.until((records) => of(records, 'close')[0], 'close');
    assert.deepEqual([close.received, close.sent], [2 * 9 + 8, 2 * 5 + 4]);
    const chunks = of(stream.records, 'chunk');
    for (const from of ['client', 'server'] as const) {
      const total = chunks
        .filter((chunk) => chunk.from === from)
        .reduce((sum, { length }) => sum + length, 0);
      assert.equal(total, from === 'client' ? close.received : close.sent);
    }
    assert.deepEqual(payloads(stream.records).slice(0, 4).sort(), ['one', 'one', 'two', 'two']);
  });

  test('RFC 7692 §7.2.3.2 compressed messages inflated, with the window that the connection keeps', async (t) => {
    const stream = await WireStream.open(t, demo.port);
    const socket = await echo(stream.token, { perMessageDeflate: true });
    const text = 'Hello, hello, hello';
    for (let i = 0; i < 2; i++) socket.send(text, { compress: true });
    const inflated = await stream.until((records) => {
      const found = of(records, 'inflated');
      return found.length === 4 ? found : undefined;
    }, 'four inflated messages');
    for (const { bytes } of inflated) assert.equal(Buffer.from(bytes, 'base64').toString(), text);
    const [before, behind] = inflated.filter(({ from }) => from === 'server');
    assert.ok(behind!.compressed < before!.compressed, 'the second refers back to the first');
    socket.terminate();
  });

  test('RFC 7692 §7.2.3: the examples of the document', async (t) => {
    const stream = await WireStream.open(t, demo.port);
    for (const [name, { payloads, messages }] of vectors('compressed')) {
      const before = of(stream.records, 'inflated').length;
      const frames = payloads.map((payload) => {
        const data = bytes(payload);
        return Buffer.concat([Buffer.from([0xc2, 0x80 | data.length, 0, 0, 0, 0]), data]);
      });
      await stream.experiment({ deflate: true, writes: frames.map((frame) => frame.toString('base64')) });
      const found = await stream.until((records) => {
        const own = of(records, 'inflated')
          .slice(before)
          .filter(({ from }) => from === 'client');
        return own.length === messages.length ? own : undefined;
      }, `messages of ${name}`);
      assert.deepEqual(
        found.map(({ bytes }) => Buffer.from(bytes, 'base64').toString('hex')),
        messages.map((message) => bytes(message).toString('hex')),
        name,
      );
    }
  });

  test('requests of long-polling, the probe and the upgrade', async (t) => {
    const stream = await WireStream.open(t, demo.port);
    const socket = client(stream.token);
    t.after(() => socket.disconnect());
    await within(heard(socket.io.engine, 'upgrade'), 'upgrade');
    const frames = await stream.until((records) => {
      const texts = payloads(records);
      return texts.includes('5') ? texts : undefined;
    }, 'upgrade packet');
    assert.deepEqual(frames.slice(0, 3), ['2probe', '3probe', '5']);
    const { session, head, body } = of(stream.records, 'response')[0]!;
    assert.match(head, /^HTTP\/1\.1 200 OK\r\nContent-Type: text\/plain/);
    assert.match(Buffer.from(body.bytes, 'base64').toString(), new RegExp(`^0{"sid":"${session}"`));
    assert.match(of(stream.records, 'open')[0]!.target, new RegExp(`sid=${session}`));
    const post = of(stream.records, 'request').find((record) => record.head.startsWith('POST'))!;
    assert.equal(Buffer.from(post.body.bytes, 'base64').toString(), '40');
    assert.equal(post.session, session);
  });

  test('what came before it began to watch', async (t) => {
    const token = newToken();
    const socket = await echo(token);
    socket.send('early');
    await within(once(socket, 'message'), 'echo');
    const stream = await WireStream.open(t, demo.port, token);
    await stream.until((records) => (of(records, 'frame').length >= 2 ? true : undefined), 'frames');
    assert.equal(of(stream.records, 'open').length, 1);
    socket.terminate();
  });

  test('nothing of another page, nor of those who carry no token, whatever comes', async (t) => {
    const [mine, other] = [await WireStream.open(t, demo.port), await WireStream.open(t, demo.port)];
    const socket = client(other.token);
    t.after(() => socket.disconnect());
    await within(heard(socket, 'connect'), 'connect');
    const [theirs, nobody] = [
      await echo(other.token),
      new WebSocket(`ws://127.0.0.1:${demo.port}/inspector/echo`),
    ];
    await once(nobody, 'open');
    theirs.send('secret');
    nobody.send('secret');
    await Promise.all([once(theirs, 'message'), once(nobody, 'message')]);
    const own = await echo(mine.token);
    own.send('mine');
    await mine.until((records) => (of(records, 'frame').length >= 2 ? true : undefined), 'own frames');
    assert.equal(of(mine.records, 'open').length, 1);
    assert.ok(!JSON.stringify(mine.records).includes(other.token));
    assert.equal(of(mine.records, 'request').length, 0);
    for (const one of [theirs, nobody, own]) one.terminate();
  });
});

describe('the stream', () => {
  const refusal = async (target: string, headers = {}) => {
    const socket = new WebSocket(`ws://127.0.0.1:${demo.port}${target}`, { headers });
    const [, response] = (await within(once(socket, 'unexpected-response'), 'refusal')) as [
      unknown,
      { statusCode: number },
    ];
    return response.statusCode;
  };

  test('refuses who has no token, a short one, or comes from a page of another site', async () => {
    assert.equal(await refusal('/inspector/stream'), 400);
    assert.equal(await refusal('/inspector/stream?wire=abc'), 400);
    const target = `/inspector/stream?wire=${newToken()}`;
    assert.equal(await refusal(target, { Origin: 'https://elsewhere.example' }), 403);
  });

  test('serves four watchers of a token, and tells a fifth to come later', async (t) => {
    const token = newToken();
    for (let i = 0; i < traceLimits.watchers; i++) await WireStream.open(t, demo.port, token);
    const { socket } = await WireStream.open(t, demo.port, token);
    assert.equal((await within(once(socket, 'close'), 'close'))[0], 1013);
  });

  test('says how many records it has left out above its rate, and keeps no more than its limit', async (t) => {
    const token = newToken();
    const socket = await echo(token, { perMessageDeflate: false });
    for (let i = 0; i < traceLimits.burst; i++) socket.send('flood');
    const last = new Promise<void>((resolve) => {
      socket.on('message', (data) => String(data) === 'last' && resolve());
    });
    socket.send('last');
    await within(last, 'last echo');
    const stream = await WireStream.open(t, demo.port, token);
    const told = await stream.until(
      (records) => (of(records, 'frame').length > 0 ? of(records, 'omitted') : undefined),
      'history',
    );
    const reasons = new Set(told.map(({ why }) => why));
    assert.deepEqual(reasons, new Set(['only the last part is kept', 'more came than is shown at a time']));
    assert.ok(stream.records.length <= traceLimits.records + 2);
    // Each message is a frame in and one out; their chunks come on top.
    const frames = of(stream.records, 'frame').length + told.reduce((sum, { records }) => sum + records, 0);
    assert.ok(frames >= 2 * traceLimits.burst, `${frames} of ${2 * traceLimits.burst}`);
    socket.terminate();
  });

  test('shows of a large frame its beginning and its length', async (t) => {
    const stream = await WireStream.open(t, demo.port);
    const socket = await echo(stream.token, { perMessageDeflate: false });
    socket.send(Buffer.alloc(50_000));
    const frame = await stream.until((records) => of(records, 'frame')[0], 'frame');
    assert.equal(frame.length, 50_008);
    assert.equal(Buffer.from(frame.bytes, 'base64').length, 4096);
    socket.terminate();
  });
});

test('traces of pages are bounded in number: one that nobody watches makes room', () => {
  const traces = new Traces();
  const tokens = Array.from({ length: tracesLimits.traces + 10 }, newToken);
  for (const token of tokens) assert.ok(traces.of(token) !== undefined);
  assert.equal(traces.size, tracesLimits.traces);
  traces.close();
});
