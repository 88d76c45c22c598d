// Sockets, with the official server and ours: events both ways, catch-all listeners, acknowledgements, retries, volatile events, late pings.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Emitter } from '../../src/client/emitter.ts';
import { type AnyServer, heard, type Kind, kinds, stage } from './servers.ts';

function chat(io: AnyServer): void {
  io.on('connection', (socket) => {
    socket.on('echo', (...args) => args.pop()(...args));
    socket.on('back', (...args) => socket.emit(...(args as [string])));
    socket.on('silent', () => {});
    socket.on('twice', (done) => {
      done(1);
      done(2);
    });
  });
}

for (const kind of Object.keys(kinds) as Kind[]) {
  describe(kind, () => {
    test('onAny and its family hear all events of the server, first of all listeners', async (t) => {
      const on = await stage(t, kind, chat);
      const client = await on.connected();
      const calls: unknown[] = [];
      const any = (...args: unknown[]) => calls.push(['any', ...args]);
      const first = (...args: unknown[]) => calls.push(['first', ...args]);
      client.on('news', (...args) => calls.push(['news', ...args]));
      assert.equal(client.onAny(any), client);
      client.prependAny(first);
      assert.deepEqual(client.listenersAny(), [first, any]);
      client.emit('back', 'news', 1, 'a');
      await client.emitWithAck('echo', 0);
      assert.deepEqual(calls.splice(0), [
        ['first', 'news', 1, 'a'],
        ['any', 'news', 1, 'a'],
        ['news', 1, 'a'],
      ]);
      client.offAny(first);
      assert.deepEqual(client.listenersAny(), [any]);
      // Those of events are others.
      client.off();
      assert.deepEqual(client.listenersAny(), [any]);
      client.offAny();
      assert.deepEqual(client.listenersAny(), []);
    });

    test('onAnyOutgoing and its family hear events when they are sent, and no acknowledgements', async (t) => {
      const on = await stage(t, kind, chat);
      const client = on.client('/', { autoConnect: false });
      const calls: unknown[] = [];
      const any = (...args: unknown[]) => calls.push(args);
      const first = () => calls.push('first');
      client.onAnyOutgoing(any).prependAnyOutgoing(first);
      assert.deepEqual(client.listenersAnyOutgoing(), [first, any]);
      client.emit('silent', 1);
      client.volatile.emit('silent', 'dropped');
      assert.deepEqual(calls, []);
      client.connect();
      await heard(client, 'connect');
      assert.deepEqual(calls.splice(0), ['first', ['silent', 1]]);
      client.offAnyOutgoing(first);
      client.on('question', (answer) => answer('an acknowledgement'));
      await client.emitWithAck('echo', 'with one');
      assert.deepEqual(calls.splice(0), [['echo', 'with one']]);
      client.offAnyOutgoing();
      assert.deepEqual(client.listenersAnyOutgoing(), []);
    });

    test('events, acknowledgement both ways, and send, are what they are in the other direction', async (t) => {
      const on = await stage(t, kind, (io) => {
        io.on('connection', (socket) => {
          socket.on('message', async (...args) => {
            socket.emit('reply', await socket.emitWithAck('question', ...args));
          });
        });
      });
      const client = await on.connected();
      client.on('question', (...args) => {
        const answer = args.pop();
        answer(args);
        answer('a second one, which is not sent');
      });
      assert.equal(client.send('one', 2), client);
      assert.deepEqual(await heard(client, 'reply'), [['one', 2]]);
    });

    test('names that the library raises are refused', async (t) => {
      const on = await stage(t, kind, chat);
      const client = await on.connected();
      for (const name of [
        'connect',
        'connect_error',
        'disconnect',
        'disconnecting',
        'newListener',
        'removeListener',
      ]) {
        assert.throws(() => client.emit(name), new RegExp(`"${name}" is a reserved event name`));
      }
    });

    test('a callback is called once, plain or with an error first', async (t) => {
      const on = await stage(t, kind, chat);
      const client = await on.connected();
      const plain: unknown[] = [];
      client.emit('twice', (answer: number) => plain.push(answer));
      assert.deepEqual(
        await new Promise((done) => client.timeout(5000).emit('echo', 1, (...args: unknown[]) => done(args))),
        [null, 1],
      );
      assert.deepEqual(plain, [1]);
      const strict = await on.connected('/', { ackTimeout: 20 });
      const [error] = await new Promise<[Error]>((done) =>
        strict.emit('silent', (...args: [Error]) => done(args)),
      );
      assert.equal(error.message, 'operation has timed out');
      await assert.rejects(strict.emitWithAck('silent'), /operation has timed out/);
      // The own time of an event wins.
      assert.deepEqual(await strict.timeout(5000).emitWithAck('echo', 2), 2);
    });

    test('a disconnection answers those that take an error, and no others', async (t) => {
      const on = await stage(t, kind, chat);
      const client = await on.connected();
      const answered = new Promise((done) => client.timeout(60_000).emit('silent', done));
      const promised = client.emitWithAck('silent').catch((error: Error) => error);
      client.emit('silent', () => assert.fail('it takes no error'));
      await client.emitWithAck('echo', 0);
      client.disconnect();
      assert.match(String(await answered), /socket has been disconnected/);
      assert.match(String(await promised), /socket has been disconnected/);
    });

    test('with retries one event at a time is under way, in order, and is given up after so many', async (t) => {
      const got: unknown[] = [];
      let answer = false;
      const on = await stage(t, kind, (io) => {
        io.on('connection', (socket) =>
          socket.on('event', (number, done) => {
            got.push(number);
            if (answer || number > 1) done?.('done');
          }),
        );
      });
      const client = await on.connected('/', { retries: 2, ackTimeout: 50 });
      const outcomes = await Promise.allSettled(
        [1, 2, 3].map((number) => client.emitWithAck('event', number)),
      );
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ['rejected', 'fulfilled', 'fulfilled'],
      );
      assert.deepEqual(got.splice(0), [1, 1, 1, 2, 3]);
      answer = true;
      // Without a callback it is sent until it is acknowledged, too; volatile events pass by.
      client.volatile.emit('event', 9);
      client.emit('event', 1);
      client.emit('event', 4);
      await client.emitWithAck('event', 5);
      assert.deepEqual(got, [9, 1, 4, 5]);
    });

    test('what can never be sent does not stop the queue of retries', async (t) => {
      const on = await stage(t, kind, chat, { maxHttpBufferSize: 1000 });
      const client = await on.connected('/', { retries: 3, ackTimeout: 5000 });
      const large = client.emitWithAck('echo', 'x'.repeat(1000));
      const next = client.emitWithAck('echo', 'next');
      await assert.rejects(large, /maxPayload/);
      assert.equal(await next, 'next');
    });

    test('volatile events are dropped while the transport is busy, others wait', async (t) => {
      const got: unknown[] = [];
      const on = await stage(t, kind, (io) => {
        chat(io);
        io.on('connection', (socket) => socket.on('event', (number) => got.push(number)));
      });
      const client = await on.connected('/', { transports: ['polling'] });
      client.volatile.emit('event', 1);
      // The request with the first is not even made: all that is emitted in one go leaves in one go.
      client.volatile.emit('event', 2);
      client.emit('event', 3);
      await client.emitWithAck('echo', 0);
      assert.deepEqual(got, [1, 3]);
    });

    test('a heartbeat that is overdue, since a timer has slept, ends the connection before more is sent', async (t) => {
      const got: unknown[] = [];
      const on = await stage(t, kind, (io) => {
        chat(io);
        io.on('connection', (socket) => socket.on('event', (number) => got.push(number)));
      });
      const client = await on.connected('/', { transports: ['websocket'] });
      const lost = heard(client, 'disconnect');
      const { now } = Date;
      t.after(() => Object.assign(Date, { now }));
      // As after a night's sleep of the machine.
      Object.assign(Date, { now: () => now() + 8 * 3600_000 });
      client.emit('event', 1);
      Object.assign(Date, { now });
      assert.equal(client.sendBuffer.length, 1);
      assert.equal((await lost)[0], 'ping timeout');
      await heard(client, 'connect');
      await client.emitWithAck('echo', 0);
      assert.deepEqual(got, [1]);
    });

    test('auth is asked at each connection, as a function or as it is then', async (t) => {
      const on = await stage(t, kind, (io) => {
        io.on('connection', (socket) => socket.emit('auth', socket.handshake.auth));
      });
      let asked = 0;
      const client = on.client('/', { auth: (send) => setImmediate(() => send({ asked: ++asked })) });
      assert.deepEqual(await heard(client, 'auth'), [{ asked: 1 }]);
      client.disconnect().connect();
      assert.deepEqual(await heard(client, 'auth'), [{ asked: 2 }]);
      client.auth = { plain: true };
      client.disconnect().connect();
      assert.deepEqual(await heard(client, 'auth'), [{ plain: true }]);
    });

    test('events that come before the reply to joining are delivered after it', async (t) => {
      const on = await stage(t, kind, (io) => {
        io.on('connection', (socket) => socket.emit('hello'));
      });
      const client = on.client();
      const order: string[] = [];
      client.on('hello', () => order.push(`hello ${client.connected}`));
      client.on('connect', () => order.push('connect'));
      await heard(client, 'hello');
      assert.ok(order.includes('hello true'));
      assert.equal(client.receiveBuffer.length, 0);
    });

    test('compress(false) asks for no compression of one event', async (t) => {
      const on = await stage(t, kind, chat, { perMessageDeflate: { threshold: 0 } });
      const client = await on.connected('/', { transports: ['websocket'] });
      const packets: unknown[] = [];
      client.io.engine.on('packetCreate', ({ options }) => packets.push(options?.compress));
      client.compress(false).emit('silent');
      client.emit('silent');
      assert.deepEqual(packets, [false, undefined]);
      assert.equal(await client.compress(true).emitWithAck('echo', 1), 1);
    });
  });
}

describe('an emitter', () => {
  test('removes one listener, one given to once, those of an event, or all', () => {
    const emitter = new Emitter();
    const calls: number[] = [];
    const one = () => calls.push(1);
    const two = () => calls.push(2);
    emitter.on('a', one).on('a', one).once('a', two).on('b', two);
    emitter.off('a', one);
    assert.equal(emitter.listeners('a').length, 2);
    emitter.removeListener('a', two);
    emitter._raise('a');
    assert.deepEqual(calls, [1]);
    assert.equal(emitter.hasListeners('a'), true);
    emitter.removeEventListener('a');
    assert.equal(emitter.hasListeners('a'), false);
    emitter.removeAllListeners();
    assert.equal(emitter.hasListeners('b'), false);
  });

  test('a listener may add and remove others while it is called', () => {
    const emitter = new Emitter();
    const calls: number[] = [];
    emitter.addEventListener('a', () => {
      calls.push(1);
      emitter.off('a');
      emitter.on('a', () => calls.push(3));
    });
    emitter.on('a', () => calls.push(2));
    emitter._raise('a');
    emitter._raise('a');
    assert.deepEqual(calls, [1, 2, 3]);
  });
});
