// The official Redis adapters, on a Redis server of this file, connect two nodes.
import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { createAdapter, createShardedAdapter } from '@socket.io/redis-adapter';
import { createAdapter as createStreamsAdapter } from '@socket.io/redis-streams-adapter';
import type { AdapterFactory } from '../../src/hub/adapter-contract.ts';
import type { ServerOptions } from '../../src/server-options.ts';
import { redisServer } from '../support/tools.ts';
import { type Nodes, testNodes, together } from './nodes.ts';
import { Redis } from './redis.ts';
import { event, type Stage, stage, within } from './stage.ts';

const { skip } = redisServer();
let redis: Redis;
let streams = 0;

before(async () => {
  if (skip === false) redis = await Redis.start();
});
after(() => redis?.stop());

async function node(t: TestContext, adapter: AdapterFactory, options: ServerOptions = {}): Promise<Stage> {
  return stage(t, { adapter, ...options });
}

const classic: Nodes = async (t) => {
  const factory = async () => {
    const clients = [await redis.client(), await redis.client()];
    return createAdapter(clients[0], clients[1]);
  };
  return together([await node(t, await factory()), await node(t, await factory())]);
};

const sharded: Nodes = async (t) => {
  const factory = async () => {
    const clients = [await redis.client(), await redis.client()];
    return createShardedAdapter(clients[0], clients[1]);
  };
  return together([await node(t, await factory()), await node(t, await factory())]);
};

async function streamNode(t: TestContext, streamName: string, options: ServerOptions = {}): Promise<Stage> {
  const client = await redis.client();
  const adapter = createStreamsAdapter(client, { streamName, blockTimeInMs: 100 });
  return node(t, adapter, options);
}

const byStreams: Nodes = async (t) => {
  const name = `stream-${streams++}`;
  return together([await streamNode(t, name), await streamNode(t, name)]);
};

testNodes('redis-adapter', classic, skip);
testNodes('redis-adapter, sharded', sharded, skip);
testNodes('redis-streams-adapter', byStreams, skip);

test('redis-streams-adapter: recovery on another node than the one that died', {
  skip,
}, async (t) => {
  const name = `stream-${streams++}`;
  const options = { connectionStateRecovery: {} };
  const [one, two] = await together([await streamNode(t, name, options), await streamNode(t, name, options)]);
  const { client, socket } = await one.pair();
  const { id } = socket;
  socket.join('room');
  socket.data.name = 'kept';
  const first = event(client, 'first');
  two.io.to('room').emit('first');
  await first;

  const gone = event(socket, 'disconnect');
  await one.io.close();
  assert.deepEqual((await gone)[0], 'server shutting down');
  two.io.to('room').emit('missed', 1);
  two.io.to('elsewhere').emit('not for it');

  // The client's own memory of the connection, on its way to the other node.
  const returned = two.client('/', { auth: recoveryOf(client) });
  const received: unknown[][] = [];
  returned.onAny((...args) => received.push(args.slice(0, 2)));
  const accepted = event(two.io, 'connection');
  const end = event(returned, 'end');
  const [again] = (await accepted) as [typeof socket];
  assert.equal(again.recovered, true);
  assert.equal(again.id, id);
  assert.deepEqual(again.data, { name: 'kept' });
  assert(again.rooms.has('room'));
  again.emit('end');
  await within(end, 'end');
  assert.deepEqual(received, [
    ['missed', 1],
    ['end', received.at(-1)?.[1]],
  ]);
});

/** What a client of the protocol sends to be recognised: it keeps both to itself. */
function recoveryOf(client: object): { pid: string; offset: string } {
  const { _pid, _lastOffset } = client as { _pid: string; _lastOffset: string };
  return { pid: _pid, offset: _lastOffset };
}
