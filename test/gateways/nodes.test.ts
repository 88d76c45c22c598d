// Plain clients of one node and all kinds of clients of another, connected by the official adapters for Redis.
import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { createAdapter } from '@socket.io/redis-adapter';
import { createAdapter as createStreamsAdapter } from '@socket.io/redis-streams-adapter';
import type { AdapterFactory } from '../../src/hub/adapter-contract.ts';
import type { ServerOptions } from '../../src/server-options.ts';
import { Redis } from '../hub/redis.ts';
import { Events, event, type Stage, stage, within } from '../hub/stage.ts';
import { redisServer } from '../support/tools.ts';
import { openStream, post } from './event-source.ts';
import { plain } from './plain.ts';

const { skip } = redisServer();
let redis: Redis;

before(async () => {
  if (skip === false) redis = await Redis.start();
});
after(() => redis?.stop());

const gateways = { websocket: '/ws', events: '/events' };

async function twoNodes(
  t: TestContext,
  adapter: () => Promise<AdapterFactory>,
  options: ServerOptions = {},
): Promise<[Stage, Stage]> {
  const node = async () => stage(t, { gateways, adapter: await adapter(), ...options });
  const nodes: [Stage, Stage] = [await node(), await node()];
  for (const { io } of nodes) {
    io.on('connection', (socket) => socket.on('message', (data: unknown) => io.send(data)));
    while ((await io.of('/').adapter.serverCount()) < 2) await new Promise(setImmediate);
  }
  return nodes;
}

test('redis-adapter: everyone hears everyone, wherever they are', { skip }, async (t) => {
  const [one, two] = await twoNodes(t, async () => createAdapter(await redis.client(), await redis.client()));
  const webSocket = plain(t, `${one.url}/ws`);
  await event(webSocket.socket, 'open');
  const stream = await openStream(t, `${two.url}/events`);
  await stream.connected();
  const { client } = await two.pair();
  const events = new Events(client);

  const all = async (text: string) => {
    assert.equal(await webSocket.inbox.text(), text);
    assert.deepEqual(await stream.texts(1), [text]);
    assert.deepEqual(await events.next(), ['message', text]);
  };
  webSocket.socket.send('by WebSocket');
  await all('by WebSocket');
  client.send('by Socket.IO');
  await all('by Socket.IO');
  await post(`${one.url}/events`, 'by POST');
  await all('by POST');

  const transports = (await within(two.io.fetchSockets(), 'sockets')).length;
  assert.ok(transports >= 3);
  one.io.emit('news', Buffer.from('bytes'));
  assert.equal(await webSocket.inbox.text(), '["news",{"base64":"Ynl0ZXM="}]');
  assert.deepEqual(await stream.texts(1), ['["news",{"base64":"Ynl0ZXM="}]']);
});

test('redis-streams-adapter: a stream that is cut on one node goes on at the other', { skip }, async (t) => {
  const adapter = async () => createStreamsAdapter(await redis.client(), { streamName: 'gateways' });
  const [one, two] = await twoNodes(t, adapter, { connectionStateRecovery: {} });
  const stream = await openStream(t, `${one.url}/events`);
  const { sid } = await stream.connected();
  two.io.send('one');
  assert.deepEqual(await stream.texts(1), ['one']);
  const [end] = one.io.sockets.sockets.values();
  const gone = event(end!, 'disconnect');
  stream.cut();
  await gone;
  two.io.send('two');
  two.io.emit('news', 3);
  const back = await openStream(t, `${two.url}/events`, { 'Last-Event-ID': stream.lastId });
  assert.deepEqual({ ...(await back.connected()), session: '' }, { sid, session: '', recovered: true });
  assert.deepEqual(await back.texts(2), ['two', '["news",3]']);
});
