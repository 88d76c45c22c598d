// What a session does whatever carries it: one suite over long-polling, WebSocket and the move between them, with the official client.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { Socket as Client } from 'engine.io-client';
import type { EngineOptions } from '../../src/engine/options.ts';
import type { Session } from '../../src/engine/session.ts';
import { event, within } from '../websocket/inbox.ts';
import { echo, ending, type Stage, stage, until } from './stage.ts';

const ways = [
  { name: 'long-polling', transports: ['polling'], settled: 'polling' },
  { name: 'WebSocket', transports: ['websocket'], settled: 'websocket' },
  { name: 'long-polling with upgrade', transports: ['polling', 'websocket'], settled: 'websocket' },
] as const;

/** The official client and the server's end of its session. */
class Peer {
  readonly client: Client;
  readonly session: Promise<Session>;
  readonly received: unknown[] = [];

  constructor(t: TestContext, run: Stage, transports: readonly string[]) {
    this.session = event(run.engine, 'connection').then(([session]) => session as Session);
    this.client = new Client(run.origin, { transports: [...transports] });
    this.client.binaryType = 'nodebuffer' as never;
    this.client.on('message', (data: unknown) => void this.received.push(data));
    t.after(() => this.client.close());
  }

  async take(count: number): Promise<unknown[]> {
    await until(() => this.received.length >= count, `message ${count}`);
    return this.received.splice(0, count);
  }
}

async function closeOf(client: Client): Promise<string> {
  return within(new Promise<string>((resolve) => client.once('close', (reason) => resolve(reason))), 'close');
}

for (const { name, transports, settled } of ways) {
  const begin = async (t: TestContext, options: EngineOptions = {}) => {
    const run = await stage(t, options);
    echo(run.engine);
    const peer = new Peer(t, run, transports);
    return { run, peer, client: peer.client, session: await peer.session };
  };

  const settle = (client: Client, session: Session) =>
    until(
      () =>
        client.readyState === 'open' &&
        client.transport.name === settled &&
        session.transport.name === settled,
      settled,
    );

  describe(`a session over ${name}`, () => {
    test('settles on its transport', async (t) => {
      const { client, session } = await begin(t);
      await settle(client, session);
      assert.equal(client.id, session.id);
      assert.equal(session.readyState, 'open');
    });

    test('carries text both ways', async (t) => {
      const { peer, client } = await begin(t);
      const texts = ['hello', '', '€ ✓ 🙂', '4', 'b', '{"a":[1,"\\u0000"]}', '\u0000\u007f\u2028'];
      for (const text of texts) client.send(text);
      assert.deepEqual(
        (await peer.take(texts.length)).map((text) => text ?? ''),
        texts,
      );
    });

    test('carries bytes both ways', async (t) => {
      const { peer, client, session } = await begin(t);
      const sent = [Buffer.alloc(0), Buffer.from([0, 1, 0x1e, 255]), Buffer.alloc(70_000, 7)];
      const atServer: unknown[] = [];
      session.on('message', (data) => atServer.push(data));
      for (const bytes of sent) client.send(bytes);
      assert.deepEqual(await peer.take(3), sent);
      assert.ok(atServer.every((data) => Buffer.isBuffer(data)));
    });

    test('carries a large message', async (t) => {
      const { peer, client, session } = await begin(t, { maxHttpBufferSize: 5_000_000 });
      const text = 'é'.repeat(1_000_000);
      client.send(text);
      assert.deepEqual(await peer.take(1), [text]);
      session.send(Buffer.alloc(3_000_000, 1));
      assert.deepEqual(await peer.take(1), [Buffer.alloc(3_000_000, 1)]);
    });

    test('keeps many messages in order, text among bytes', async (t) => {
      const { peer, client } = await begin(t);
      const sent = Array.from({ length: 1000 }, (_, i) => (i % 7 === 0 ? Buffer.from([i & 255]) : `m${i}`));
      for (const message of sent) client.send(message);
      assert.deepEqual(await peer.take(1000), sent);
    });

    test('calls back with the transport when a message has left, in order', async (t) => {
      const { peer, session } = await begin(t);
      const left: string[] = [];
      session.send('a', {}, (transport) => left.push(`a ${transport.name === session.transport.name}`));
      session.send('b');
      session.send('c', () => left.push('c'));
      await peer.take(3);
      await until(() => left.length === 2, 'callbacks');
      assert.deepEqual(
        left.map((entry) => entry[0]),
        ['a', 'c'],
      );
    });

    test('tells what it sends and receives', async (t) => {
      const { run, peer, client, session } = await begin(t);
      await until(() => session.transport.name === settled, settled);
      const seen: string[] = [];
      session.on('packetCreate', ({ type, data }) => seen.push(`create ${type} ${data}`));
      session.on('flush', (packets) => seen.push(`flush ${packets.length}`));
      run.engine.on('flush', (which) => seen.push(`engine flush ${which === session}`));
      session.on('packet', ({ type, data }) => seen.push(`packet ${type} ${data}`));
      session.on('data', (data) => seen.push(`data ${data}`));
      const drained = event(session, 'drain');
      const allDrained = event(run.engine, 'drain');
      client.send('x');
      await peer.take(1);
      await Promise.all([drained, allDrained]);
      const order = ['packet message x', 'data x', 'create message x', 'flush 1', 'engine flush true'];
      assert.deepEqual(seen.slice(0, 5), order);
    });

    test('what is sent in answer to a flush comes behind it', async (t) => {
      const { peer, session } = await begin(t);
      session.once('flush', () => session.send('second'));
      session.send('first');
      assert.deepEqual(await peer.take(2), ['first', 'second']);
    });

    test('lives on over many heartbeats', async (t) => {
      const { client, session } = await begin(t, { pingInterval: 20, pingTimeout: 2000 });
      let beats = 0;
      session.on('heartbeat', () => beats++);
      await until(() => beats >= 5, 'heartbeats');
      assert.deepEqual([session.readyState, client.readyState], ['open', 'open']);
    });

    test('ends when the client closes it', async (t) => {
      const { run, client, session } = await begin(t);
      await settle(client, session);
      const ended = ending(session);
      const closed = closeOf(client);
      client.close();
      assert.deepEqual(await ended, { reason: 'transport close', message: undefined });
      assert.equal(await closed, 'forced close');
      assert.equal(run.engine.clientsCount, 0);
    });

    test('ends when the server closes it, and what was sent arrives', async (t) => {
      const { peer, client, session } = await begin(t);
      const ended = ending(session);
      const closed = closeOf(client);
      session.send('one').send('two').close();
      assert.deepEqual(await peer.take(2), ['one', 'two']);
      assert.equal((await ended).reason, 'forced close');
      assert.equal(await closed, 'transport close');
    });

    test('ends when the server throws it away', async (t) => {
      const { client, session } = await begin(t);
      await settle(client, session);
      const closed = closeOf(client);
      session.close(true);
      assert.match(await closed, /^transport (close|error)$/);
    });
  });
}
