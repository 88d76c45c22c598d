// The official cluster adapter connects two workers of node:cluster, of which this process is the primary.
import assert from 'node:assert/strict';
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import path from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { setupPrimary } from '@socket.io/cluster-adapter';
import { connect, type Socket } from 'socket.io-client';
import { Events, event, within } from './stage.ts';

interface Node {
  worker: Worker;
  port: number;
  pid: number;
}

const nodes: Node[] = [];

/** Adapters talk over the same channel: the message with the port is one of several. */
function startNode(): Promise<Node> {
  const worker = cluster.fork();
  const started = new Promise<Node>((resolve) => {
    worker.on('message', ({ port, pid }: Partial<Node>) => {
      if (port !== undefined) resolve({ worker, port, pid: pid! });
    });
  });
  return within(started, 'worker', 20_000);
}

before(async () => {
  cluster.setupPrimary({
    exec: path.join(import.meta.dirname, 'cluster-worker.ts'),
    execArgv: ['--import', 'tsx'],
    args: [],
    // Buffers travel between workers as what they are.
    serialization: 'advanced',
  });
  setupPrimary();
  nodes.push(...(await Promise.all([startNode(), startNode()])));
});

after(async () => {
  await Promise.all(
    Object.values(cluster.workers ?? {}).map(async (worker) => {
      const ended = once(worker!, 'exit');
      worker!.kill();
      await ended;
    }),
  );
});

/** A client of each worker, when the workers know each other. */
async function clients(t: TestContext): Promise<[Socket, Socket]> {
  const made = nodes.map(({ port }) =>
    connect(`http://127.0.0.1:${port}`, { forceNew: true, transports: ['websocket'] }),
  ) as [Socket, Socket];
  t.after(() => {
    for (const client of made) client.close();
  });
  for (const client of made) {
    if (!client.connected) await event(client, 'connect');
    while ((await client.emitWithAck('server count')) < 2);
  }
  return made;
}

test('cluster-adapter: broadcasts, and rooms across workers', async (t) => {
  const [one, two] = await clients(t);
  await two.emitWithAck('join', 'room');
  const news = event(two, 'news');
  const others = new Events(one);
  one.emit('broadcast', 'room', 1, Buffer.from('abc'));
  assert.deepEqual(await news, [1, Buffer.from('abc')]);
  one.emit('broadcast', [], 'end');
  assert.deepEqual(await others.next(), ['news', 'end']);
});

test('cluster-adapter: a socket of the other worker joins a room', async (t) => {
  const [one, two] = await clients(t);
  const joined = event(two, 'joined');
  one.emit('join remote', two.id, 'remote');
  assert.deepEqual(await joined, ['remote']);
});

test('cluster-adapter: fetchSockets and acknowledgements of both workers', async (t) => {
  const [one, two] = await clients(t);
  assert.deepEqual(new Set(await one.emitWithAck('fetch')), new Set([one.id, two.id]));
  one.on('question', (reply) => reply('one'));
  two.on('question', (reply) => reply('two'));
  assert.deepEqual((await one.emitWithAck('ask everyone')).sort(), ['one', 'two']);
});

test('cluster-adapter: serverSideEmit with the answer of the other worker', async (t) => {
  const [one] = await clients(t);
  assert.deepEqual(await one.emitWithAck('ask servers'), [nodes[1]!.pid]);
});
