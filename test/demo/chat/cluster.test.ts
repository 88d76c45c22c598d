// The same chat on two servers, which the official Redis adapters connect: people, histories and pictures of both.
import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { createAdapter } from '@socket.io/redis-adapter';
import { createAdapter as createStreamsAdapter } from '@socket.io/redis-streams-adapter';
import type { Person } from '../../../src/demo/chat/events.ts';
import type { ServerOptions } from '../../../src/index.ts';
import { Redis } from '../../hub/redis.ts';
import { type TestDemo, testDemo } from '../../support/demo.ts';
import { redisServer } from '../../support/tools.ts';
import { PlainClient } from '../plain-client.ts';
import { Member } from './member.ts';

const { skip } = redisServer();
let redis: Redis;

before(async () => {
  if (skip === false) redis = await Redis.start();
});
after(() => redis?.stop());

type Adapter = NonNullable<ServerOptions['adapter']>;

const adapters: Record<string, (test: number) => Promise<Adapter>> = {
  'redis-adapter': async (test) =>
    createAdapter(await redis.client(), await redis.client(), { key: `chat-${test}` }) as Adapter,
  'redis-streams-adapter': async (test) =>
    createStreamsAdapter(await redis.client(), { streamName: `chat-${test}`, blockTimeInMs: 100 }) as Adapter,
};

let tests = 0;

/** Two servers that know each other, and somebody in the lobby of each. */
async function twoServers(t: TestContext, adapter: (test: number) => Promise<Adapter>) {
  tests += 1;
  const demos: TestDemo[] = [];
  for (let i = 0; i < 2; i += 1) {
    const demo = await testDemo(0, { adapter: await adapter(tests) });
    t.after(() => demo.close(0));
    demos.push(demo);
  }
  const [one, two] = demos as [TestDemo, TestDemo];
  const ada = await Member.inLobby(one.port, 'Ada');
  // The first message of the other server shows that they know each other.
  let bob = await Member.inLobby(two.port, 'Bob');
  while ((await bob.ask('join', 'lobby')).room!.count < 2) {
    bob.socket.disconnect();
    bob = await Member.inLobby(two.port, 'Bob');
  }
  t.after(() => {
    for (const { socket } of [ada, bob]) socket.disconnect();
  });
  return { one, two, ada, bob };
}

for (const [name, adapter] of Object.entries(adapters)) {
  test(`${name}: who is here, and what is said, in rooms and alone, is the same on both servers`, {
    skip,
  }, async (t) => {
    const { two, ada, bob } = await twoServers(t, adapter);
    const { room } = await ada.ask('join', 'lobby');
    assert.deepEqual(new Set(room!.people.map(({ name: called }) => called)), new Set(['Ada', 'Bob']));
    const { message } = await ada.ask('say', '#lobby', 'across');
    assert.deepEqual(await bob.hearText('across'), message);
    await bob.ask('say', `/msg`, 'x');
    await bob.ask('say', '#lobby', '/msg Ada psst');
    assert.equal((await ada.hearText('psst')).from.id, bob.me.id);
    assert.match((await bob.ask('say', '#lobby', '/nick ada')).error ?? '', /already/);
    const plain = await PlainClient.join(two.port);
    await ada.ask('say', '#lobby', 'to the terminal');
    await plain.hear('Ada: to the terminal');
    plain.socket.close();
  });

  test(`${name}: a server that comes later knows what was said, changed and shown before`, {
    skip,
  }, async (t) => {
    const { ada, bob } = await twoServers(t, adapter);
    await ada.ask('join', 'early');
    const { message } = await ada.ask('say', '#early', 'helo');
    await ada.ask('edit', message!.id, 'hello');
    const png = Buffer.from('89504e470d0a1a0a0000000d4948445200000002000000030806000000000000', 'hex');
    const shown = await ada.ask('show', '#early', png);
    const { room } = await bob.ask('join', 'early');
    assert.deepEqual(
      room!.messages.map(({ text, picture }) => text || picture!.type),
      ['hello', 'image/png'],
    );
    assert.deepEqual((await bob.ask('look', shown.message!.picture!.id)).picture, png);
    // From now on each server is told by the other.
    await ada.ask('say', '#early', 'later');
    await bob.hearText('later');
    assert.equal((await bob.ask('join', 'early')).room!.messages.length, 3);
  });

  test(`${name}: who leaves one server is gone for those of the other`, { skip }, async (t) => {
    const { ada, bob } = await twoServers(t, adapter);
    bob.socket.disconnect();
    const [, gone] = await ada.hear('left', (_room, { id }: Person) => id === bob.me.id);
    assert.deepEqual(gone, bob.me);
  });
}
