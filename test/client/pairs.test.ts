// The four pairs, each client with each server, through one suite: what programs may expect of any of them.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { describe, test } from 'node:test';
import type { AnyServer } from './servers.ts';
import { heard, pairs, type ServerOptions, stage as stageOf } from './servers.ts';

/** Answers with what it gets, and knows rooms. */
function chat(io: AnyServer): void {
  for (const namespace of [io.of('/'), io.of('/admin')]) {
    namespace.on('connection', (socket) => {
      socket.on('echo', (...args) => args.pop()(...args));
      socket.on('say', (text) => namespace.emit('said', text));
      socket.on('join', (room, joined) => {
        socket.join(room);
        joined();
      });
      socket.on('to', (room, text) => socket.to(room).emit('said', text));
      socket.on('ask', (question) =>
        socket.emit('question', question, (answer: unknown) => socket.emit('answer', answer)),
      );
      socket.on('leave me', () => socket.disconnect());
      socket.emit('auth', socket.handshake.auth);
    });
  }
}

const transports = {
  'polling, then an upgrade': {},
  'polling alone': { transports: ['polling'] },
  'polling without an upgrade': { upgrade: false },
  'WebSocket alone': { transports: ['websocket'] },
  'WebSocket first': { transports: ['websocket', 'polling'] },
  'base64 over WebSocket': { transports: ['websocket'], forceBase64: true },
};

for (const { client: ends, server: kind } of pairs) {
  const stage = (t: TestContext, setUp: (io: AnyServer) => void, options: Partial<ServerOptions> = {}) =>
    stageOf(t, kind, setUp, options, ends);
  describe(`${ends} with ${kind}`, () => {
    for (const [name, options] of Object.entries(transports)) {
      describe(name, () => {
        test('events come and go in order', async (t) => {
          const on = await stage(t, chat);
          const client = await on.connected('/', options);
          const said: unknown[] = [];
          client.on('said', (text) => said.push(text));
          const expected = Array.from({ length: 50 }, (_, index) => `line ${index} ☃`);
          for (const line of expected) client.emit('say', line);
          await client.emitWithAck('echo', 'done');
          assert.deepEqual(said, expected);
        });

        test('acknowledgements answer both ways', async (t) => {
          const on = await stage(t, chat);
          const client = await on.connected('/', options);
          assert.deepEqual(await client.emitWithAck('echo', { a: [1, null, 'x'] }), { a: [1, null, 'x'] });
          client.on('question', (question, answer) => answer(`${question}!`));
          client.emit('ask', 'why');
          assert.deepEqual(await heard(client, 'answer'), ['why!']);
        });

        test('binaries come back as Buffers, wherever they are', async (t) => {
          const on = await stage(t, chat);
          const client = await on.connected('/', options);
          const bytes = new Uint8Array([0, 1, 30, 254, 255]);
          const nested = { list: [bytes, { deep: bytes.buffer }], view: new DataView(bytes.buffer, 1, 2) };
          const buffer = Buffer.from(bytes);
          assert.deepEqual(await client.emitWithAck('echo', nested), {
            list: [buffer, { deep: buffer }],
            view: buffer.subarray(1, 3),
          });
          // The official client sends Blobs in pages only.
          if (ends === 'our client') {
            assert.deepEqual(await client.emitWithAck('echo', new Blob(['grüße'])), Buffer.from('grüße'));
          }
          assert.deepEqual(await client.emitWithAck('echo', Buffer.alloc(0)), Buffer.alloc(0));
        });

        test('namespaces share a connection', async (t) => {
          const on = await stage(t, chat);
          const client = await on.connected('/', options);
          const admin = client.io.socket('/admin', { auth: { token: 'x' } });
          assert.deepEqual(await heard(admin, 'auth'), [{ token: 'x' }]);
          assert.equal(admin.io, client.io);
          assert.equal(await admin.emitWithAck('echo', 1), 1);
          admin.disconnect();
          assert.equal(await client.emitWithAck('echo', 2), 2);
          client.disconnect();
          assert.equal(client.io._readyState, 'closed');
        });
      });
    }

    test('rooms reach those who are in them', async (t) => {
      const on = await stage(t, chat);
      const [one, two, three] = await Promise.all([on.connected(), on.connected(), on.connected()]);
      await two.emitWithAck('join', 'room');
      const said = heard(two, 'said');
      three.on('said', () => assert.fail('it is not in the room'));
      one.emit('to', 'room', 'hello');
      assert.deepEqual(await said, ['hello']);
      await three.emitWithAck('echo', 0);
    });

    test('an upgrade loses nothing and keeps the order', async (t) => {
      const on = await stage(t, chat);
      const client = on.client();
      const said: number[] = [];
      client.on('said', (number) => said.push(number));
      let sent = 0;
      let over = false;
      client.io.on('open', () => {
        client.io.engine.once('upgrade', () => {
          over = true;
        });
      });
      while (!over || !client.connected) {
        client.emit('say', sent++);
        await new Promise(setImmediate);
      }
      await client.emitWithAck('echo', 0);
      assert.equal(client.io.engine.transport.name, 'websocket');
      assert.ok(sent > 1);
      assert.deepEqual(said, [...Array(sent).keys()]);
    });

    test('disconnection by the server is final', async (t) => {
      const on = await stage(t, chat);
      const client = await on.connected();
      client.emit('leave me');
      assert.equal((await heard(client, 'disconnect'))[0], 'io server disconnect');
      assert.equal(client.active, false);
      client.connect();
      await heard(client, 'connect');
    });

    test('a refusal by a middleware is told with its data, and is final', async (t) => {
      const on = await stage(t, (io) => {
        io.use((socket, next) => {
          const error = Object.assign(new Error('not you'), { data: { code: 7 } });
          next(socket.handshake.auth.token === 'good' ? undefined : error);
        });
        chat(io);
      });
      const client = on.client('/', { auth: { token: 'bad' } });
      const [error] = await heard<[Error & { data: unknown }]>(client, 'connect_error');
      assert.equal(error.message, 'not you');
      assert.deepEqual(error.data, { code: 7 });
      assert.equal(client.active, false);
      client.auth = (send) => send({ token: 'good' });
      client.connect();
      await heard(client, 'connect');
    });

    test('an unknown namespace is refused', async (t) => {
      const on = await stage(t, chat);
      const [error] = await heard<[Error]>(on.client('/nowhere'), 'connect_error');
      assert.equal(error.message, 'Invalid namespace');
    });

    for (const transport of ['polling', 'websocket']) {
      test(`a killed server is found again, and what was emitted meanwhile arrives once, over ${transport}`, async (t) => {
        const got: number[] = [];
        const on = await stage(t, (io) => {
          chat(io);
          io.on('connection', (socket) => socket.on('number', (number) => got.push(number)));
        });
        const client = await on.connected('/', { transports: [transport] });
        const disconnected = heard(client, 'disconnect');
        await on.kill();
        const [reason] = await disconnected;
        assert.match(String(reason), /^transport (close|error)$/);
        const late: number[] = [];
        for (let number = 0; number < 20; number++) client.emit('number', number);
        client.emit('echo', 'late', (answer: number) => late.push(answer));
        // The official client takes a WebSocket that has gone for one that can be written to, and keeps it.
        if (ends === 'our client') client.volatile.emit('number', -1);
        const reconnected = heard(client.io, 'reconnect');
        await on.start();
        await reconnected;
        await heard(client, 'connect');
        await client.emitWithAck('echo', 0);
        assert.deepEqual(got, [...Array(20).keys()]);
        assert.deepEqual(late, ['late']);
      });
    }

    test('missed messages come after a short absence', async (t) => {
      const on = await stage(t, chat, { connectionStateRecovery: {} });
      const client = await on.connected('/', { transports: ['websocket'] });
      const { id } = client;
      const said: unknown[] = [];
      client.on('said', (text) => said.push(text));
      client.emit('say', 'one');
      await heard(client, 'said');
      const gone = heard(on.io.sockets.sockets.get(id!), 'disconnect');
      const lost = heard(client, 'disconnect');
      client.io.engine.transport.close();
      await Promise.all([lost, gone]);
      on.io.emit('said', 'two');
      on.io.emit('said', 'three');
      if (!client.connected) await heard(client, 'connect');
      await client.emitWithAck('echo', 0);
      assert.equal(client.recovered, true);
      assert.equal(client.id, id);
      assert.deepEqual(said, ['one', 'two', 'three']);
    });
  });
}
