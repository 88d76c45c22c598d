// server.drain(ms): no more clients, and those there are told to come back, a part of them at a time.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { openingRequest } from '../../conformance/opening-request.ts';
import { RawClient } from '../../conformance/raw-client.ts';
import { event, within } from '../inbox.ts';
import { type Pair, Stage, stage, WebSocketServer } from '../stage.ts';

test('§7.4.1 closes every client with 1012 and resolves when all are gone', async (t) => {
  const on = await stage(t);
  const pairs = await Promise.all([on.pair(), on.pair(), on.pair()].map(async (pair) => pair));
  await within(on.server.drain(10), 'end of drain');
  for (const { inbox } of pairs) {
    assert.deepEqual(await inbox.end(), { code: 1012, reason: 'The server is restarting' });
  }
  assert.equal(on.server.clients.size, 0);
});

test('closes in steps: part of the clients, a pause, the next part', async (t) => {
  const on = await stage(t);
  const pairs: Pair[] = [];
  for (let i = 0; i < 45; i++) pairs.push(await on.pair());
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const closing = () => pairs.filter(({ peer }) => peer.readyState !== peer.OPEN).length;
  let done = false;
  const drained = on.server.drain(2000).then(() => {
    done = true;
  });
  const counts: number[] = [];
  for (let step = 0; step < 20 && !done; step++) {
    for (let turns = 0; turns < 5; turns++) await new Promise(setImmediate);
    counts.push(closing());
    t.mock.timers.tick(99);
    await new Promise(setImmediate);
    assert.equal(closing(), counts.at(-1), 'a step came early');
    t.mock.timers.tick(1);
  }
  t.mock.timers.reset();
  await drained;
  assert.ok(counts[0]! < 10, `${counts}`);
  assert.ok(
    counts.every((count, i) => i === 0 || count >= counts[i - 1]!),
    `${counts}`,
  );
  assert.ok(new Set(counts).size >= 10, `${counts}`);
  assert.equal(counts.at(-1), 45);
});

test('resolves at once when nobody is connected, and when it was closed before', async (t) => {
  const { server } = await stage(t);
  await within(server.drain(60_000), 'end of drain', 500);
  await within(server.drain(60_000), 'end of drain', 500);
});

test('waits for messages that are on their way to a client before its close frame', async (t) => {
  const on = await stage(t);
  const { peer, inbox } = await on.pair();
  peer.send(Buffer.alloc(5 << 20));
  peer.send(new Blob([Buffer.alloc(100)]));
  await on.server.drain(0);
  assert.deepEqual(
    (await inbox.take(2)).map(({ data }) => data.length),
    [5 << 20, 100],
  );
  assert.equal((await inbox.end()).code, 1012);
});

test('cuts off clients that do not answer, after closeTimeout', async (t) => {
  const on = await stage(t, { closeTimeout: 50 });
  const { raw } = await on.raw();
  raw.socket.pause();
  await within(on.server.drain(0), 'end of drain');
  assert.equal(on.server.clients.size, 0);
});

test('RFC 9110 §15.6.4 refuses new clients with 503 while it drains', async (t) => {
  const http = createServer().listen(0, '127.0.0.1');
  t.after(() => http.close());
  await event(http, 'listening');
  const server = new WebSocketServer({ noServer: true });
  const on = new Stage(server, () => (http.address() as AddressInfo).port);
  t.after(() => on.end());
  http.on('upgrade', (req, socket, head) => {
    server.handleUpgrade(req, socket, head, (peer) => server.emit('connection', peer, req));
  });
  const { raw } = await on.raw();
  const drained = server.drain(0);
  assert.equal((await on.refusal()).status, 503);
  raw.destroy();
  await drained;
});

test('answers 503 on a port of its own to a handshake that was under way', async (t) => {
  const on = await stage(t);
  const late = await RawClient.connect(on.port);
  t.after(() => late.destroy());
  const { raw } = await on.raw();
  const drained = on.server.drain(0);
  late.socket.write(openingRequest());
  const answer = await late.answer();
  assert.equal(answer.status, 503);
  raw.destroy();
  await drained;
});
