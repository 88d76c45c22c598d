// Socket.IO protocol v5, "Connection to a namespace" and "Disconnection", over each transport.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { closeReason, type Packet, transports } from './peer.ts';
import { startHub } from './servers.ts';

for (const [name, open] of Object.entries(transports)) {
  const start = async (t: TestContext) => {
    const { io, address } = await startHub(t);
    return { io, peer: await open(t, address) };
  };
  /** The id of the socket that a packet accepts. */
  const accepted = (packet: Packet, namespace = '') => {
    const [, found, json] = /^40(\/\w+,)?(\{.*\})$/.exec(String(packet)) ?? [];
    assert.equal(found ?? '', namespace);
    const { sid, ...rest } = JSON.parse(json!);
    assert.match(sid, /^[\w-]{20}$/);
    assert.deepEqual(rest, {});
    return sid;
  };

  describe(name, { concurrency: true }, () => {
    test('the main namespace is joined without a payload', async (t) => {
      const { io, peer } = await start(t);
      await peer.send('40');
      const sid = accepted(await peer.next());
      assert.notEqual(sid, peer.sid, 'the id of the session is a secret');
      assert.ok(io.sockets.sockets.has(sid));
      assert.equal(await peer.next(), '42["auth",{}]');
    });

    test('the main namespace is joined with a payload', async (t) => {
      const { peer } = await start(t);
      await peer.send('40{"token":"123"}');
      accepted(await peer.next());
      assert.equal(await peer.next(), '42["auth",{"token":"123"}]');
    });

    test('another namespace is joined without a payload, with or without the comma', async (t) => {
      for (const packet of ['40/custom,', '40/custom']) {
        const { peer } = await start(t);
        await peer.send(packet);
        accepted(await peer.next(), '/custom,');
        assert.equal(await peer.next(), '42/custom,["auth",{}]');
      }
    });

    test('another namespace is joined with a payload', async (t) => {
      const { peer } = await start(t);
      await peer.send('40/custom,{"token":"abc"}');
      accepted(await peer.next(), '/custom,');
      assert.equal(await peer.next(), '42/custom,["auth",{"token":"abc"}]');
    });

    test('two namespaces share a connection, with an id each', async (t) => {
      const { peer } = await start(t);
      await peer.send('40', '40/custom,');
      const packets = await peer.take(4);
      const [main, custom] = packets.filter((packet) => String(packet).startsWith('40'));
      assert.notEqual(accepted(main!), accepted(custom!, '/custom,'));
    });

    test('a namespace that does not exist is refused, and another may be joined', async (t) => {
      const { peer } = await start(t);
      await peer.send('40/random');
      assert.equal(await peer.next(), '44/random,{"message":"Invalid namespace"}');
      await peer.send('40');
      accepted(await peer.next());
    });

    test('who joins no namespace in time is disconnected', async (t) => {
      const began = performance.now();
      const { peer } = await start(t);
      await peer.send('40/random');
      await peer.ended();
      assert.ok(performance.now() - began > 990, 'not before its time');
    });

    for (const packet of ['4abc', '47', '40[]', '40"text"', '40null', '40{', '42["early"]', '44{}', '41']) {
      test(`${packet} as the first packet closes the connection`, async (t) => {
        const { peer } = await start(t);
        await peer.send(packet);
        await peer.ended();
        assert.deepEqual(peer.waiting, []);
      });
    }

    test('joining a namespace twice closes the connection', async (t) => {
      const { peer } = await start(t);
      await peer.send('40');
      accepted(await peer.next());
      await peer.send('40');
      await peer.ended();
    });

    test('a client leaves the main namespace and may come back', async (t) => {
      const { io, peer } = await start(t);
      await peer.send('40');
      const sid = accepted(await peer.next());
      const reason = closeReason(io.sockets.sockets.get(sid)!);
      await peer.send('41');
      assert.equal(await reason, 'client namespace disconnect');
      await peer.send('40');
      const [, again] = await peer.take(2);
      assert.notEqual(accepted(again!), sid);
    });

    test('a client leaves another namespace and stays in the main one', async (t) => {
      const { io, peer } = await start(t);
      await peer.send('40');
      await peer.take(2);
      await peer.send('40/custom,');
      const sid = accepted((await peer.take(2))[0]!, '/custom,');
      const reason = closeReason(io.of('/custom').sockets.get(sid)!);
      await peer.send('41/custom,');
      assert.equal(await reason, 'client namespace disconnect');
      await peer.send('42["message","still here"]');
      assert.equal(await peer.next(), '42["message-back","still here"]');
    });

    test('the server disconnects a socket, and the connection stays', async (t) => {
      const { io, peer } = await start(t);
      await peer.send('40');
      const sid = accepted((await peer.take(2))[0]!);
      io.sockets.sockets.get(sid)!.disconnect();
      assert.equal(await peer.next(), '41');
      await peer.send('40');
      accepted(await peer.next());
    });

    test('the end of the connection ends its sockets', async (t) => {
      const { io, peer } = await start(t);
      await peer.send('40');
      const sid = accepted(await peer.next());
      const reason = closeReason(io.sockets.sockets.get(sid)!);
      await peer.send('1');
      assert.equal(await reason, 'transport close');
      assert.equal(io.sockets.sockets.size, 0);
    });

    test('a socket that is about to be gone still has its rooms', async (t) => {
      const { io, peer } = await start(t);
      await peer.send('40');
      const sid = accepted(await peer.next());
      const socket = io.sockets.sockets.get(sid)!;
      let seen: unknown;
      socket.on('disconnecting', (reason) => {
        seen = [reason, [...socket.rooms], socket.connected];
      });
      const reason = closeReason(socket);
      await peer.send('41');
      await reason;
      assert.deepEqual(seen, ['client namespace disconnect', [sid], true]);
      assert.deepEqual([socket.rooms.size, socket.connected], [0, false]);
    });
  });
}
