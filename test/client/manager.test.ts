// Managers: which socket shares which, the order of events around attempts, the settings, and what the engine below raises.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { io, Manager } from '../../src/client/index.ts';
import { type AnyServer, heard, type Kind, kinds, stage, until } from './servers.ts';

function echo(io: AnyServer): void {
  for (const namespace of [io.of('/'), io.of('/admin'), io.of('/with space')]) {
    namespace.on('connection', (socket) => socket.on('echo', (data, done) => done(data)));
  }
}

const still = { autoConnect: false };

describe('io()', () => {
  test('shares a manager between the namespaces of a server', () => {
    const url = 'http://shared.invalid';
    const [root, admin] = [io(url, still), io(`${url}/admin`, still)];
    assert.equal(root.io, admin.io);
    assert.deepEqual([root.nsp, admin.nsp], ['/', '/admin']);
  });

  test('makes another for a namespace it has, for another server or path, and if it is told to', () => {
    const url = 'http://alone.invalid';
    const first = io(url, still);
    for (const [other, options] of [
      [url, {}],
      [`${url}/one`, { forceNew: true }],
      [`${url}/two`, { multiplex: false }],
      ['http://alone.invalid:8080/three', {}],
      ['https://alone.invalid/four', {}],
      [`${url}/five`, { path: '/other' }],
    ] as const) {
      assert.notEqual(io(other, { ...still, ...options }).io, first.io);
    }
    assert.equal(io(`${url}/six`, still).io, first.io);
  });

  test('takes the namespace from the path, decoded, and not from the query', () => {
    assert.equal(io('http://path.invalid/with%20space?a=b#c', still).nsp, '/with space');
  });

  test('hands the options of the socket to each socket', () => {
    const url = 'http://options.invalid';
    io(url, { ...still, auth: { a: 1 } });
    const second = io(`${url}/two`, { auth: { b: 2 } });
    assert.deepEqual(second.auth, { b: 2 });
    assert.equal(second.io.opts.autoConnect, false);
  });
});

describe('a manager', () => {
  test('has a getter and setter for each setting, with the default', () => {
    const manager = new Manager('http://localhost', still);
    const names = [
      'reconnection',
      'reconnectionAttempts',
      'reconnectionDelay',
      'reconnectionDelayMax',
    ] as const;
    assert.deepEqual(
      [...names, 'randomizationFactor', 'timeout'].map((name) =>
        (manager[name as 'timeout'] as () => unknown)(),
      ),
      [true, Infinity, 1000, 5000, 0.5, 20_000],
    );
    assert.equal(manager.reconnectionDelay(7).reconnectionDelay(), 7);
    assert.equal(manager.timeout(false).timeout(), false);
    assert.equal(
      new Manager('http://localhost', { ...still, randomizationFactor: 0 }).randomizationFactor(),
      0,
    );
  });

  test('takes host, port and secure where there is no URL', async () => {
    const urls: string[] = [];
    const fetch = async (url: string) => {
      urls.push(url);
      return new Response('');
    };
    const options = { fetch, reconnection: false, host: 'example.invalid', port: 81 };
    for (const secure of [true, false]) await heard(new Manager({ ...options, secure }), 'error');
    await heard(new Manager('http://other.invalid', options), 'error');
    assert.deepEqual(
      urls.map((url) => new URL(url).origin),
      ['https://example.invalid:81', 'http://example.invalid:81', 'http://other.invalid'],
    );
  });

  test('gives the same socket for a namespace, and connects it again', async (t) => {
    const on = await stage(t, 'our server', echo);
    const client = await on.connected();
    const admin = client.io.socket('/admin');
    await heard(admin, 'connect');
    admin.disconnect();
    assert.equal(client.io.socket('/admin'), admin);
    await heard(admin, 'connect');
    assert.equal(client.connected, true);
  });
});

for (const kind of Object.keys(kinds) as Kind[]) {
  describe(`attempts, with ${kind}`, () => {
    test('events come in the order that programs rely on, until attempts are exhausted', async (t) => {
      const on = await stage(t, kind, echo);
      await on.kill();
      const client = on.client('/', { autoConnect: false, reconnectionAttempts: 2 });
      const heardOf: unknown[] = [];
      client.on('connect_error', ({ message }) => heardOf.push(`connect_error ${message}`));
      for (const name of ['error', 'reconnect_attempt', 'reconnect_error', 'reconnect_failed'] as const) {
        client.io.on(name as 'reconnect_attempt', (one) =>
          heardOf.push(typeof one === 'number' ? `${name} ${one}` : name),
        );
      }
      client.connect();
      await heard(client.io, 'reconnect_failed');
      const failure = ['connect_error xhr poll error', 'error'];
      assert.deepEqual(heardOf, [
        ...failure,
        ...['reconnect_attempt 1', ...failure, 'reconnect_error'],
        ...['reconnect_attempt 2', ...failure, 'reconnect_failed', 'reconnect_error'],
      ]);
      assert.equal(client.active, true);
      await on.start();
      client.connect();
      await heard(client, 'connect');
    });

    test('success is open, then reconnect with the number of the attempt', async (t) => {
      const on = await stage(t, kind, echo);
      const client = await on.connected();
      const heardOf: unknown[] = [];
      client.io.on('close', (reason) => heardOf.push(reason));
      client.io.on('open', () => heardOf.push('open'));
      client.io.on('reconnect', (attempt) => heardOf.push(attempt));
      const lost = heard(client, 'disconnect');
      await on.kill();
      await lost;
      await heard(client.io, 'reconnect_error');
      const reconnected = heard<[number]>(client.io, 'reconnect');
      await on.start();
      const [attempt] = await reconnected;
      assert.ok(attempt > 1);
      assert.match(String(heardOf[0]), /^transport (close|error)$/);
      assert.deepEqual(heardOf.slice(1), ['open', attempt]);
    });

    test('open() calls back once, and a failure of it is not followed by another attempt', async (t) => {
      const on = await stage(t, kind, echo);
      const manager = new Manager(on.url, { autoConnect: false, transports: ['polling'] });
      t.after(() => manager._close());
      manager.on('reconnect_attempt', () => assert.fail('there is no further attempt'));
      await new Promise<void>((resolve, reject) =>
        manager.open((error) => (error ? reject(error) : resolve())),
      );
      assert.equal(manager._readyState, 'open');
      manager._close();
      await on.kill();
      const error = await new Promise((resolve) => manager.connect(resolve));
      assert.match(String(error), /xhr poll error/);
      assert.equal(manager._reconnecting, false);
    });

    test('reconnection(false) and disconnect() end the attempts', async (t) => {
      const on = await stage(t, kind, echo);
      for (const stop of ['setting', 'disconnect'] as const) {
        const client = await on.connected();
        const lost = heard(client, 'disconnect');
        await on.kill();
        await lost;
        await heard(client.io, 'reconnect_attempt');
        if (stop === 'setting') client.io.reconnection(false);
        else client.disconnect();
        assert.equal(client.io._reconnecting, false);
        await on.start();
        assert.equal(client.connected, false);
        client.io.reconnection(true);
        client.connect();
        await heard(client, 'connect');
        client.disconnect();
      }
    });

    test('a listener of reconnect_attempt can change the options of the attempt, or call it off', async (t) => {
      const on = await stage(t, kind, (io) => {
        io.use((socket, next) => next(socket.handshake.query.token === 'new' ? undefined : new Error('old')));
      });
      await on.kill();
      const client = on.client('/', { query: { token: 'old' } });
      client.io.once('reconnect_attempt', () => {
        client.io.opts.query = { token: 'new' };
      });
      await heard(client.io, 'reconnect_error');
      await on.start();
      await heard(client, 'connect');
    });

    test('the engine raises what happens to it, in order', async (t) => {
      const on = await stage(t, kind, echo, { pingInterval: 100 });
      const client = on.client();
      const { engine } = client.io;
      const names = ['handshake', 'open', 'upgrading', 'upgrade', 'close'] as const;
      const order: string[] = [];
      for (const name of names) engine.on(name as 'open', () => order.push(name));
      const counts: Record<string, number> = {};
      for (const name of [
        'packetCreate',
        'packet',
        'data',
        'message',
        'flush',
        'drain',
        'heartbeat',
        'ping',
        'pong',
      ]) {
        engine.on(name as 'open', () => {
          counts[name] = (counts[name] ?? 0) + 1;
        });
      }
      await Promise.all([heard(client, 'connect'), heard(engine, 'upgrade'), heard(client.io, 'ping')]);
      await client.emitWithAck('echo', 1);
      client.disconnect();
      await until(engine, 'close', () => engine.readyState === 'closed');
      assert.deepEqual(order, names);
      assert.equal(counts.packetCreate, 3, 'CONNECT, an event, DISCONNECT');
      assert.equal(counts.message, 2, 'CONNECT, an acknowledgement');
      assert.equal(counts.data, counts.message);
      assert.ok(counts.ping! >= 1 && counts.pong === counts.ping);
      assert.ok(counts.heartbeat === counts.packet && counts.packet! >= 4);
      assert.ok(counts.flush! >= 2 && counts.drain! >= 2);
    });
  });
}
