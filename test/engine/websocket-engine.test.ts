// The WebSocket server underneath: ours, which frames a shared message once, or any that looks like the one of `ws`.
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, test } from 'node:test';
import { WebSocketServer as OtherServer } from 'ws';
import { Session } from '../../src/engine/session.ts';
import type { WebSocketEngineClass } from '../../src/engine/websocket-engine.ts';
import type { WebSocketTransport } from '../../src/engine/websocket-transport.ts';
import { WebSocket, WebSocketServer } from '../../src/websocket/index.ts';
import { event } from '../websocket/inbox.ts';
import { echo, ending, stage, webSocket } from './stage.ts';

const other = OtherServer as unknown as WebSocketEngineClass;

test('a subclass that sends in its own way is asked for every message, broadcast or not', async (t) => {
  const sent: unknown[] = [];
  class Noting extends WebSocket {
    override send(...args: unknown[]): void {
      sent.push(args[0]);
      (super.send as (...args: unknown[]) => void)(...args);
    }
  }
  class NotingServer extends WebSocketServer {
    constructor(options: object) {
      super({ ...options, WebSocket: Noting });
    }
  }
  const run = await stage(t, { wsEngine: NotingServer as unknown as WebSocketEngineClass });
  const { session, inbox } = await run.connect();
  sent.length = 0;
  assert.equal(session.trySendText('one'), false);
  assert.equal(session.sharedWay?.tryShared('two', {}), false);
  session.send('one');
  session.send('two', { shared: {} });
  assert.deepEqual(await inbox.texts(2), ['4one', '4two']);
  assert.equal(sent.length, 2);
});

test('a session whose `write` was replaced is not passed by', async (t) => {
  const { session } = await (await stage(t)).connect();
  assert.equal(session.trySendText('one'), true);
  t.mock.method(session, 'write', () => session);
  assert.equal(session.trySendText('two'), false);
});

test('nor is a prototype that was patched', async (t) => {
  const run = await stage(t);
  const send = t.mock.method(WebSocket.prototype, 'send');
  const { session, inbox } = await run.connect();
  send.mock.resetCalls();
  session.send('one', { shared: {} });
  assert.equal(session.trySendText('two'), false);
  assert.equal(await inbox.text(), '4one');
  assert.equal(send.mock.callCount(), 1);
  send.mock.restore();
  assert.equal(session.trySendText('three'), true);
  t.mock.method(Session.prototype, 'write');
  assert.equal(session.trySendText('four'), false);
  assert.equal(session.sharedWay, undefined);
});

describe('a message that many sessions send', () => {
  test('is framed once for all of them, whatever it holds', async (t) => {
    const run = await stage(t);
    const peers = [await run.connect(), await run.connect(), await run.connect()];
    const prepare = t.mock.method(WebSocket, 'prepare');
    const shared = {};
    const bytes = Buffer.from([1, 2, 3]);
    for (const { session } of peers) session.send('with bytes', { shared });
    for (const { session } of peers) session.send(bytes, { shared });
    for (const { session } of peers) session.send('another', { shared: {} });
    for (const { inbox } of peers) {
      assert.deepEqual(await inbox.take(3), [
        { data: Buffer.from('4with bytes'), isBinary: false },
        { data: bytes, isBinary: true },
        { data: Buffer.from('4another'), isBinary: false },
      ]);
    }
    // The last one has an object of its own for each session.
    assert.equal(prepare.mock.callCount(), 2 + 3);
  });

  test('is text where only text can go, and is compressed where that was agreed', async (t) => {
    const run = await stage(t, { perMessageDeflate: { threshold: 0 } });
    const textOnly = await run.connect(`${webSocket}&b64=1`);
    const compressing = await run.connect(webSocket, { perMessageDeflate: true });
    const polled = await run.poll();
    const shared = {};
    for (const { session } of [textOnly, compressing, polled])
      session.send(Buffer.from([1, 2, 3, 4]), { shared });
    assert.equal(await textOnly.inbox.text(), 'bAQIDBA==');
    assert.deepEqual((await compressing.inbox.next()).data, Buffer.from([1, 2, 3, 4]));
    assert.equal((await run.get(polled.sid)).body, 'bAQIDBA==');
  });

  test('is framed only for those that can be given a frame, where engines differ', async (t) => {
    const [ours, theirs] = [await stage(t), await stage(t, { wsEngine: other })];
    const peers = [
      await ours.connect(),
      await theirs.connect(),
      await ours.connect(),
      await theirs.connect(),
    ];
    const shared = {};
    for (const { session } of peers) session.send('text', { shared });
    for (const { session } of peers.reverse()) session.send('text', { shared });
    for (const { inbox } of peers) assert.deepEqual(await inbox.texts(2), ['4text', '4text']);
  });

  test('is not compressed if its sender says so', async (t) => {
    const run = await stage(t, { perMessageDeflate: { threshold: 0 } });
    const { session, inbox } = await run.connect(webSocket, { perMessageDeflate: true });
    const socket = ((session.transport as WebSocketTransport).socket as WebSocket)._socket as Socket;
    const long = 'a'.repeat(1000);
    for (const [compress, sent] of [
      [true, (bytes: number) => bytes < 100],
      [false, (bytes: number) => bytes > 1000],
    ] as const) {
      const before = socket.bytesWritten;
      session.send(long, { shared: {}, compress });
      assert.equal(await inbox.text(), `4${long}`);
      assert.ok(sent(socket.bytesWritten - before), `compress: ${compress}`);
    }
  });
});

describe('with the server of ws', () => {
  test('messages, headers, upgrades and ends are the same', async (t) => {
    const run = await stage(t, { wsEngine: other, maxHttpBufferSize: 1000 });
    echo(run.engine);
    run.engine.on('headers', (headers) => {
      headers['X-One'] = '1';
    });
    const client = run.dial();
    const [response] = (await event(client, 'upgrade')) as [import('node:http').IncomingMessage];
    assert.equal(response.headers['x-one'], '1');

    const { sid, session } = await run.poll();
    const trial = await run.candidate(sid);
    trial.client.send('2probe');
    assert.equal(await trial.inbox.text(), '3probe');
    trial.client.send('5');
    trial.client.send('4hello');
    trial.client.send(Buffer.from([1, 2]));
    assert.equal(await trial.inbox.text(), '4hello');
    assert.deepEqual(await trial.inbox.next(), { data: Buffer.from([1, 2]), isBinary: true });
    session.send('to many', { shared: {} });
    assert.equal(await trial.inbox.text(), '4to many');
    const ended = ending(session);
    trial.client.send(Buffer.alloc(1001));
    assert.equal((await ended).reason, 'transport error');
    assert.equal((await trial.inbox.end()).code, 1009);
  });

  test('without any there is no WebSocket', async (t) => {
    const run = await stage(t, { wsEngine: undefined });
    assert.equal((await run.refusedUpgrade(webSocket)).body, 'Bad request');
    assert.match((await run.request('EIO=4&transport=polling')).body, /^0\{/);
  });
});

describe('on our own WebSockets', () => {
  test('a session adds no listeners, and a program that listens to one hears all messages too', async (t) => {
    const run = await stage(t);
    const { client, session } = await run.connect();
    const socket = (session.transport as WebSocketTransport).socket as WebSocket;
    assert.deepEqual(socket.eventNames(), []);
    const heard: unknown[] = [];
    const messages: unknown[] = [];
    socket.on('message', (data, isBinary) => heard.push([String(data), isBinary]));
    session.on('message', (data) => messages.push(String(data)));
    for (const data of ['4text', '4grüße ☃', `4${'long '.repeat(30_000)}`]) client.send(data);
    client.send(Buffer.from('bytes'));
    while (messages.length < 4) await event(session, 'message');
    assert.deepEqual(messages, ['text', 'grüße ☃', 'long '.repeat(30_000), 'bytes']);
    assert.deepEqual(
      heard,
      messages.map((data, index) => (index < 3 ? [`4${data}`, false] : [data, true])),
    );
  });

  test('texts that were compressed, or came in fragments, are the same strings', async (t) => {
    const run = await stage(t, { perMessageDeflate: { threshold: 0 } });
    const { client, session } = await run.connect(webSocket, { perMessageDeflate: true });
    const messages: unknown[] = [];
    session.on('message', (data) => messages.push(data));
    client.send('4grü', { fin: false });
    client.send('ße', { fin: true });
    client.send('4plain', { compress: false });
    while (messages.length < 2) await event(session, 'message');
    assert.deepEqual(messages, ['grüße', 'plain']);
  });
});
