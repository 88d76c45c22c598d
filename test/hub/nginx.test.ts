// The configurations of nginx in docs/17-scaling.md, in front of two nodes that Redis connects.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, describe, type TestContext, test } from 'node:test';
import { createAdapter } from '@socket.io/redis-adapter';
import { connect } from 'socket.io-client';
import { WebSocket } from 'ws';
import { Page } from '../docs/page.ts';
import { nginx, redisServer } from '../support/tools.ts';
import { Nginx } from './nginx.ts';
import { together } from './nodes.ts';
import { Redis } from './redis.ts';
import { type ClientSocket, Events, event, type Stage, stage, within } from './stage.ts';

const skip = nginx().skip || redisServer().skip;
const configurations = new Page('docs/17-scaling.md').blocks
  .filter(({ language }) => language === 'nginx')
  .map(({ lines }) => lines.join('\n'));
const [byAddress, byCookie] = configurations as [string, string];

let redis: Redis;
before(async () => {
  if (skip === false) redis = await Redis.start();
});
after(() => redis?.stop());

async function node(t: TestContext, name: string): Promise<Stage> {
  const made = await stage(t, { adapter: createAdapter(await redis.client(), await redis.client()) });
  made.io.engine.on('initial_headers', (headers) => {
    headers['Set-Cookie'] = `node=${name}; Path=/; HttpOnly; SameSite=Lax`;
  });
  made.io.on('connection', (socket) => void socket.on('say', (text) => made.io.emit('said', text)));
  return made;
}

interface Front {
  nodes: readonly [Stage, Stage];
  proxy: Nginx;
}

async function front(t: TestContext, configuration: string): Promise<Front> {
  const nodes = await together([await node(t, 'one'), await node(t, 'two')]);
  const proxy = await Nginx.start(configuration, [nodes[0].port, nodes[1].port]);
  t.after(() => proxy.stop());
  return { nodes, proxy };
}

/** A client of the proxy at an address of its own on this machine. */
function clientAt(t: TestContext, { proxy }: Front, address: string, options: object): ClientSocket {
  const agent = new http.Agent({ localAddress: address, keepAlive: true });
  const client = connect(proxy.url, {
    forceNew: true,
    reconnection: false,
    withCredentials: true,
    agent: agent as never,
    ...options,
  });
  t.after(() => {
    client.close();
    agent.destroy();
  });
  return client;
}

for (const [name, configuration] of [
  ['by address', byAddress],
  ['by cookie', byCookie],
] as const) {
  describe(`nginx, sticky ${name}`, { skip }, () => {
    test('clients that poll are spread over both nodes, and hear each other', async (t) => {
      const made = await front(t, configuration);
      const addresses = Array.from({ length: 24 }, (_, at) => `127.0.1.${at + 1}`);
      const clients = addresses.map((address) => clientAt(t, made, address, { transports: ['polling'] }));
      const seen = clients.map((client) => new Events(client));
      await Promise.all(clients.map((client) => event(client, 'connect')));
      const shares = made.nodes.map(({ io }) => io.sockets.sockets.size);
      assert.equal(shares[0]! + shares[1]!, clients.length);
      assert.ok(Math.min(...shares) > 0, `shares ${shares}`);
      clients[0]!.emit('say', 'hello');
      for (const events of seen) assert.deepEqual(await events.next(), ['said', 'hello']);
    });

    test('a session moves to a WebSocket', async (t) => {
      const made = await front(t, configuration);
      const client = clientAt(t, made, '127.0.1.1', {});
      await event(client, 'connect');
      // It may have moved before it had joined.
      if (client.io.engine.transport.name === 'polling') await event(client.io.engine, 'upgrade');
      assert.equal(client.io.engine.transport.name, 'websocket');
      const said = event(client, 'said');
      client.emit('say', 'over a WebSocket');
      assert.deepEqual(await said, ['over a WebSocket']);
    });

    test('a page of this host may open a WebSocket, one of another may not', async (t) => {
      const made = await front(t, configuration);
      const open = (origin: string) =>
        new WebSocket(`${made.proxy.url}/socket.io/?EIO=4&transport=websocket`, { origin });
      const own = open(made.proxy.url);
      await event(own, 'open');
      own.terminate();
      const [, refusal] = await event(open('http://elsewhere.example'), 'unexpected-response');
      assert.equal((refusal as http.IncomingMessage).statusCode, 400);
    });

    test('the clients of a node that goes away find the other', async (t) => {
      const made = await front(t, configuration);
      const client = clientAt(t, made, '127.0.1.1', { reconnection: true, reconnectionDelay: 10 });
      await event(client, 'connect');
      const [gone, other] = made.nodes.toSorted(
        (a, b) => b.io.sockets.sockets.size - a.io.sockets.sockets.size,
      );
      const again = event(client, 'connect');
      gone!.http.closeAllConnections();
      await gone!.io.close();
      await again;
      assert.equal(other!.io.sockets.sockets.size, 1);
    });
  });
}

test('nginx without stickiness: the second request of a session is refused', { skip }, async (t) => {
  const { proxy } = await front(t, byAddress.replace(/^ *hash .*$/m, ''));
  const url = `${proxy.url}/socket.io/?EIO=4&transport=polling`;
  const opened = await within(fetch(url), 'answer');
  const sid = /"sid":"([^"]+)"/.exec(await opened.text())![1];
  const second = await within(fetch(`${url}&sid=${sid}`, { method: 'POST', body: '40' }), 'answer');
  assert.deepEqual(await second.json(), { code: 1, message: 'Session ID unknown' });
});
