// What must hold between two nodes of a cluster, whatever the adapter that connects them.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { RemoteSocket } from '../../src/hub/remote-socket.ts';
import { Events, event, type Stage, within } from './stage.ts';

/** Two nodes that know each other, for one test. */
export type Nodes = (t: TestContext) => Promise<readonly [Stage, Stage]>;

/** Nodes learn of each other by messages: both are there when each counts two. */
export async function together(nodes: readonly [Stage, Stage]): Promise<readonly [Stage, Stage]> {
  for (const { io } of nodes) {
    while ((await io.of('/').adapter.serverCount()) < 2) await new Promise(setImmediate);
  }
  return nodes;
}

export function testNodes(name: string, nodes: Nodes, skip: string | false): void {
  test(`${name}: a broadcast reaches the clients of both nodes, binaries included`, {
    skip,
  }, async (t) => {
    const [one, two] = await nodes(t);
    const clients = [(await one.pair()).client, (await two.pair()).client];
    const received = clients.map((client) => new Events(client));
    one.io.emit('news', 1, { bytes: Buffer.from('abc') });
    for (const events of received) {
      assert.deepEqual((await events.next()).slice(0, 3), ['news', 1, { bytes: Buffer.from('abc') }]);
    }
  });

  test(`${name}: rooms span nodes; except and local hold`, { skip }, async (t) => {
    const [one, two] = await nodes(t);
    const [a, b, c] = [await one.pair(), await two.pair(), await two.pair()];
    a.socket.join('room');
    b.socket.join(['room', 'muted']);
    const received = [a, b, c].map(({ client }) => new Events(client));
    one.io.to('room').emit('to room');
    one.io.to('room').except('muted').emit('but one');
    one.io.local.emit('here');
    // Seen by all, so that what was not meant for somebody is known not to have come.
    one.io.emit('end');
    const seen = await Promise.all(received.map((events) => events.until('end')));
    assert.deepEqual(
      // What passes through the other system may come after what does not.
      seen.map((events) => events.map(([event]) => event).sort()),
      [['but one', 'here', 'to room'], ['to room'], []],
    );
  });

  test(`${name}: sockets of the other node join, leave and are disconnected`, { skip }, async (t) => {
    const [one, two] = await nodes(t);
    const { client, socket } = await two.pair();
    const joined = roomEvent(two, 'join-room', 'remote');
    one.io.in(socket.id).socketsJoin('remote');
    await within(joined, 'join');
    const left = roomEvent(two, 'leave-room', 'remote');
    one.io.in('remote').socketsLeave('remote');
    await within(left, 'leave');
    const gone = event(client, 'disconnect');
    one.io.in(socket.id).disconnectSockets(true);
    assert.deepEqual((await gone)[0], 'io server disconnect');
  });

  test(`${name}: fetchSockets finds sockets of both nodes and they can be used`, {
    skip,
  }, async (t) => {
    const [one, two] = await nodes(t);
    const [a, b] = [await one.pair(), await two.pair('/', { auth: { token: 'secret' } })];
    b.socket.data.name = 'remote';
    b.socket.join('room');
    const sockets = await within(one.io.fetchSockets(), 'sockets');
    assert.deepEqual(new Set(sockets.map(({ id }) => id)), new Set([a.socket.id, b.socket.id]));
    assert.equal(
      sockets.find(({ id }) => id === a.socket.id),
      a.socket,
    );
    const remote = sockets.find(({ id }) => id === b.socket.id) as RemoteSocket<
      Record<string, (...args: unknown[]) => void>,
      unknown
    >;
    assert.deepEqual(remote.data, { name: 'remote' });
    assert.deepEqual(remote.rooms, new Set([b.socket.id, 'room']));
    assert.deepEqual(remote.handshake.auth, { token: 'secret' });

    const heard = event(b.client, 'only you');
    remote.emit('only you', 1);
    assert.equal((await heard)[0], 1);
    b.client.on('question', (answer) => answer('single'));
    assert.equal(await remote.timeout(5000).emitWithAck('question'), 'single');
    b.client.on('ignored', () => {});
    await assert.rejects(remote.timeout(50).emitWithAck('ignored'), /timed out/);
    const gone = event(b.client, 'disconnect');
    remote.disconnect();
    await gone;
  });

  test(`${name}: serverSideEmit reaches the other node, which can answer`, { skip }, async (t) => {
    const [one, two] = await nodes(t);
    one.io.on('hello', () => assert.fail('not to itself'));
    const heard = event(two.io, 'hello');
    one.io.serverSideEmit('hello', 1, { a: 2 });
    assert.deepEqual(await heard, [1, { a: 2 }]);
    two.io.on('sum', (a: number, b: number, answer: (sum: number) => void) => answer(a + b));
    assert.deepEqual(await within(one.io.serverSideEmitWithAck('sum', 1, 2), 'answer'), [3]);
  });

  test(`${name}: a broadcast is acknowledged by the clients of both nodes`, { skip }, async (t) => {
    const [one, two] = await nodes(t);
    const [a, b] = [await one.pair(), await two.pair()];
    a.client.on('question', (answer) => answer('a'));
    b.client.on('question', (answer) => answer('b'));
    const answers = await one.io.timeout(5000).emitWithAck('question');
    assert.deepEqual(answers.sort(), ['a', 'b']);
    a.client.off('question');
    await assert.rejects(
      one.io.timeout(300).emitWithAck('question'),
      (error: Error & { responses: string[]; missing: string[] }) => {
        assert.deepEqual(error.responses, ['b']);
        assert.deepEqual(error.missing, [a.socket.id]);
        return true;
      },
    );
  });

  test(`${name}: namespaces stay apart`, { skip }, async (t) => {
    const [one, two] = await nodes(t);
    one.io.of('/chat');
    two.io.of('/chat');
    const [main, chat] = [await two.pair('/'), await two.pair('/chat')];
    const received = [main, chat].map(({ client }) => new Events(client));
    one.io.of('/chat').emit('chat only');
    one.io.of('/chat').emit('end');
    one.io.emit('end');
    assert.deepEqual(await received[0]!.until('end'), []);
    assert.equal((await received[1]!.until('end'))[0]![0], 'chat only');
  });
}

function roomEvent(stage: Stage, name: string, room: string): Promise<void> {
  return new Promise((resolve) => {
    stage.io.of('/').adapter.on(name, (one: string) => {
      if (one === room) resolve();
    });
  });
}
