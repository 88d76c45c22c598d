// Clients that break the rules: each ends by itself, everybody else is served on, and nothing piles up.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { event } from '../websocket/inbox.ts';
import { echo, polling, type Stage, stage, until, webSocket } from './stage.ts';

/** Somebody who behaves, to be served before and after. */
async function bystander(run: Stage): Promise<() => Promise<void>> {
  echo(run.engine);
  const { client, inbox } = await run.connect();
  const polled = await run.poll();
  return async () => {
    client.send('4hello');
    assert.equal(await inbox.text(), '4hello');
    const { waiting } = await run.waitingPoll(polled);
    assert.equal((await run.post(polled.sid, '4hello')).body, 'ok');
    assert.equal((await waiting).body, '4hello');
    assert.equal(run.engine.clientsCount, 2);
  };
}

describe('others are not disturbed by', () => {
  test('10,000 ids of no session', { timeout: 60_000 }, async (t) => {
    const run = await stage(t);
    const isServed = await bystander(run);
    const socket = await run.tcp();
    let answers = 0;
    socket.on('data', (chunk: Buffer) => {
      answers += chunk.toString().split('HTTP/1.1 400 ').length - 1;
    });
    for (let i = 0; i < 10_000; i++) {
      socket.write(`GET /engine.io/?${polling}&sid=${i}__proto__ HTTP/1.1\r\nHost: a\r\n\r\n`);
    }
    await until(() => answers > 9900, 'answers');
    await isServed();
  });

  test('polls that overlap', async (t) => {
    const run = await stage(t);
    const isServed = await bystander(run);
    const polled = await run.poll();
    const answers = await Promise.all(Array.from({ length: 20 }, () => run.get(polled.sid)));
    assert.ok(answers.every(({ status, body }) => (status === 200 ? body === '1' : status === 400)));
    assert.equal(polled.session.readyState, 'closed');
    await isServed();
  });

  test('many WebSockets for one session', async (t) => {
    const run = await stage(t);
    const isServed = await bystander(run);
    const { sid, session } = await run.poll();
    const clients = Array.from({ length: 30 }, () => run.dial(`${webSocket}&sid=${sid}`));
    let closed = 0;
    for (const client of clients) client.on('close', () => closed++);
    await until(() => closed === 29, 'end of all but one');
    assert.deepEqual([session.upgrading, session.readyState], [true, 'open']);
    session.close(true);
    await isServed();
  });

  test('uploads that stop half-way', async (t) => {
    const run = await stage(t);
    const isServed = await bystander(run);
    const slow = await Promise.all(Array.from({ length: 30 }, () => run.poll()));
    const requests = slow.map(({ sid }) => {
      const request = run.open(`${polling}&sid=${sid}`, { method: 'POST' });
      request.on('error', () => {});
      request.write('4never');
      return request;
    });
    await isServedBeside(run, slow.length);
    for (const { session } of slow) session.close(true);
    for (const request of requests) request.destroy();
    await isServed();
  });

  test('requests and handshakes that are cut off at any byte', async (t) => {
    const run = await stage(t);
    const isServed = await bystander(run);
    const { sid, session } = await run.poll();
    const post = `POST /engine.io/?${polling}&sid=${sid} HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n4hello`;
    const upgrade =
      `GET /engine.io/?${webSocket} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n';
    for (const request of [post, upgrade]) {
      for (let cut = 1; cut < request.length; cut += 7) {
        const socket = await run.tcp();
        const closed = event(socket, 'close');
        socket.write(request.slice(0, cut), () => socket.resetAndDestroy());
        await closed;
      }
    }
    session.close(true);
    await isServed();
  });

  test('any text as body or as WebSocket message', async (t) => {
    const run = await stage(t);
    const isServed = await bystander(run);
    const text = fc.string({
      unit: fc.constantFrom('0', '1', '2', '3', '4', '5', '6', 'b', 'x', '\x1e', '€'),
    });
    await fc.assert(
      fc.asyncProperty(text, async (body) => {
        const { sid, session } = await run.poll();
        assert.equal((await run.post(sid, body)).body, 'ok');
        session.close(true);
        const { client, session: other } = await run.connect();
        client.send(body);
        client.close();
        await until(() => other.readyState === 'closed', 'end');
      }),
      { seed: 20_240_611, numRuns: 60 },
    );
    await isServed();
  });
});

/** Long-polling works while others hold sessions open. */
async function isServedBeside(run: Stage, others: number): Promise<void> {
  const { sid, session } = await run.poll();
  assert.equal((await run.post(sid, '4hello')).body, 'ok');
  assert.equal((await run.get(sid)).body, '4hello');
  assert.equal(run.engine.clientsCount, others + 3);
  session.close(true);
}

test('a client that does not poll: what waits for it is bounded, and then its session is ended', async (t) => {
  const on = await stage(t, { maxBufferedAmount: 100_000 });
  const { session } = await on.poll();
  const other = await on.poll();
  const ended = event(session, 'close');
  let sent = 0;
  while (session.readyState === 'open' && sent < 1000) {
    session.send('x'.repeat(1000));
    sent++;
  }
  const [reason, error] = (await ended) as [string, Error];
  assert.equal(reason, 'transport error');
  assert.equal(error.message, 'too much is waiting for the next poll');
  assert.ok(sent > 80 && sent < 120, `${sent} messages`);
  other.session.send('nobody else notices');
  assert.equal((await on.get(other.sid)).body, '4nobody else notices');
});

test('a client that polls may be sent more than may wait', async (t) => {
  const on = await stage(t, { maxBufferedAmount: 100_000 });
  const { session, sid } = await on.poll();
  for (let round = 0; round < 5; round++) {
    for (let i = 0; i < 50; i++) session.send('x'.repeat(1000));
    assert.equal((await on.get(sid)).body.length, 50 * 1001 + 49);
  }
  assert.equal(session.readyState, 'open');
});
