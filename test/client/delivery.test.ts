// What the client has accepted: it arrives once and in order, or its callback gets an error, whatever happens to the server.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Random } from '../conformance/random.ts';
import { type AnyServer, heard, type Kind, kinds, pairs, stage } from './servers.ts';

for (const kind of Object.keys(kinds) as Kind[]) {
  describe(kind, () => {
    for (const seed of [1, 2, 3]) {
      test(`with retries all arrives although the server is killed at random (seed ${seed})`, async (t) => {
        const chance = new Random(seed);
        const next = () => chance.below(1000) / 1000;
        const got: number[] = [];
        const count = 40;
        let untilKill = 1 + Math.floor(next() * 5);
        let killed = Promise.resolve();
        const on = await stage(t, kind, (io: AnyServer) => {
          io.on('connection', (socket) => {
            socket.on('number', (number, done) => {
              got.push(number);
              // Before the acknowledgement, or behind it.
              const before = next() < 0.5;
              if (!before) done();
              if (--untilKill > 0) {
                if (before) done();
                return;
              }
              untilKill = 1 + Math.floor(next() * 8);
              killed = killed.then(() => on.kill()).then(() => on.start());
            });
          });
        });
        const client = on.client('/', {
          retries: 100,
          ackTimeout: 1000,
          transports: next() < 0.5 ? ['polling'] : ['polling', 'websocket'],
        });
        const outcomes = await Promise.all(
          Array.from({ length: count }, (_, number) =>
            client.emitWithAck('number', number).then(() => 'done', String),
          ),
        );
        await killed;
        assert.deepEqual(outcomes, Array(count).fill('done'));
        const once = got.filter((number, index) => got.indexOf(number) === index);
        assert.deepEqual(once, [...Array(count).keys()]);
      });
    }

    test('what was emitted before the first connection arrives once and in order', async (t) => {
      const got: unknown[] = [];
      const on = await stage(t, kind, (io) => {
        io.on('connection', (socket) =>
          socket.on('number', (number, done) => {
            got.push(number);
            done?.();
          }),
        );
      });
      const client = on.client('/', { autoConnect: false });
      for (let number = 0; number < 100; number++) client.emit('number', number);
      client.connect();
      await client.emitWithAck('number', 100);
      assert.deepEqual(got, [...Array(101).keys()]);
    });

    test('the body of a request stays within what the server takes', async (t) => {
      const got: number[] = [];
      const setUp = (io: AnyServer) => {
        io.on('connection', (socket) =>
          socket.on('text', (text, done) => {
            got.push(text.length);
            done?.();
          }),
        );
      };
      const on = await stage(t, kind, setUp, { maxHttpBufferSize: 1000 });
      const client = on.client('/', { transports: ['polling'], autoConnect: false });
      for (let index = 0; index < 20; index++) client.emit('text', 'ä'.repeat(100));
      client.connect();
      await client.emitWithAck('text', '');
      assert.deepEqual(got, [...Array(20).fill(100), 0]);
    });

    for (const transports of [['polling'], ['websocket']]) {
      test(`what is larger than the server takes fails, and the connection stays, over ${transports}`, async (t) => {
        const setUp = (io: AnyServer) => {
          io.on('connection', (socket) => socket.on('echo', (data, done) => done(data)));
        };
        const on = await stage(t, kind, setUp, { maxHttpBufferSize: 1000 });
        const client = await on.connected('/', { transports });
        client.on('disconnect', () => assert.fail('disconnected'));
        assert.throws(() => client.emit('echo', 'x'.repeat(1000)), /maxPayload \(1000\)/);
        assert.throws(() => client.emit('echo', 'ä'.repeat(500)), RangeError);
        await assert.rejects(client.emitWithAck('echo', Buffer.alloc(1001)), /maxPayload/);
        await assert.rejects(
          client.timeout(5000).emitWithAck('echo', new Blob(['x'.repeat(1001)])),
          /maxPayload/,
        );
        assert.equal(await client.emitWithAck('echo', 'still here'), 'still here');
        client.off('disconnect');
      });
    }
  });
}

describe('the offline buffer', () => {
  test('refuses what is more than its limit', async (t) => {
    const on = await stage(t, 'our server');
    const client = on.client('/', { autoConnect: false, bufferLimit: 2 });
    client.emit('one').emit('two');
    assert.throws(() => client.emit('three'), /bufferLimit/);
    await assert.rejects(client.timeout(1000).emitWithAck('four'), /bufferLimit/);
    client.volatile.emit('five');
    assert.equal(client.sendBuffer.length, 2);
  });

  test('gives up what has waited longer than its lifetime', async (t) => {
    const on = await stage(t, 'our server');
    const client = on.client('/', { autoConnect: false, bufferLifetime: 10 });
    client.emit('one');
    await assert.rejects(client.emitWithAck('two'), /bufferLifetime/);
    assert.equal(client.sendBuffer.length, 0);
  });

  test('a timeout takes what waits out of it', async (t) => {
    const on = await stage(t, 'our server');
    const client = on.client('/', { autoConnect: false });
    const answered = new Promise((resolve) => client.timeout(10).emit('one', resolve));
    assert.match(String(await answered), /operation has timed out/);
    assert.equal(client.sendBuffer.length, 0);
  });
});

test('a listener that throws stops neither the others nor the connection', async (t) => {
  const on = await stage(t, 'our server', (io) => {
    io.on('connection', (socket) => {
      socket.emit('one');
      socket.emit('two');
    });
  });
  const thrown = new Promise((resolve) => {
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.once('uncaughtException', (error) => {
      for (const listener of listeners) process.on('uncaughtException', listener);
      resolve(error.message);
    });
  });
  const client = on.client('/', { transports: ['polling'] });
  client.on('one', () => {
    throw new Error('mine');
  });
  const other = heard(client, 'one');
  const next = heard(client, 'two');
  await Promise.all([other, next]);
  assert.equal(await thrown, 'mine');
  assert.equal(client.connected, true);
});

for (const { client: end, server: kind } of pairs) {
  test(`a reconnection storm of 500 clients is spread by chance, of ${end} with ${kind}`, async (t) => {
    const on = await stage(t, kind, undefined, {}, end);
    const times: number[] = [];
    const clients = await Promise.all(
      Array.from({ length: 500 }, () =>
        on.connected('/', { transports: ['websocket'], reconnectionDelay: 1000, reconnectionDelayMax: 5000 }),
      ),
    );
    const lost = Promise.all(clients.map((client) => heard(client, 'disconnect')));
    const back = Promise.all(
      clients.map((client) =>
        heard(client.io, 'reconnect_attempt').then(() => {
          times.push(performance.now());
          return heard(client, 'connect');
        }),
      ),
    );
    await on.kill();
    await lost;
    const start = performance.now();
    await on.start();
    await back;
    const tenths = new Map<number, number>();
    for (const time of times) {
      const tenth = Math.floor((time - start) / 100);
      tenths.set(tenth, (tenths.get(tenth) ?? 0) + 1);
    }
    t.diagnostic(`attempts in each tenth of a second: ${[...tenths.values()].join(' ')}`);
    // 500 over a second: 50 in each tenth, give or take, and more where the machine stood still. Without chance: all in one.
    assert.ok(Math.max(...tenths.values()) < 250);
  });
}
