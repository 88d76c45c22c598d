// server.broadcast(): one message to many, framed once; who gets it, as what, and in which order with all else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../conformance/random.ts';
import { event } from '../inbox.ts';
import { type Pair, stage } from '../stage.ts';

const deflated = { perMessageDeflate: { threshold: 0 } };

async function crowd(on: Awaited<ReturnType<typeof stage>>, size: number, options = {}): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let i = 0; i < size; i++) pairs.push(await on.pair(options));
  return pairs;
}

const next = (pairs: Pair[]) =>
  Promise.all(
    pairs.map(async ({ inbox }) => {
      const { data, isBinary } = await inbox.next();
      return isBinary ? data : data.toString();
    }),
  );

test('sends text, numbers, bytes, views and arrays to all, and says to how many', async (t) => {
  const on = await stage(t);
  const pairs = await crowd(on, 3);
  const bytes = Buffer.from([0, 1, 254, 255]);
  const cases = [
    ['grüße', 'grüße'],
    ['', ''],
    [7, '7'],
    [bytes, bytes],
    [new Uint8Array(bytes).buffer, bytes],
    [new DataView(new Uint8Array(bytes).buffer, 1, 2), bytes.subarray(1, 3)],
    ['ä'.repeat(100_000), 'ä'.repeat(100_000)],
    [Buffer.alloc(300_000, 3), Buffer.alloc(300_000, 3)],
  ] as const;
  for (const [sent, received] of cases) {
    assert.equal(on.server.broadcast(sent), 3);
    assert.deepEqual(await next(pairs), [received, received, received]);
  }
});

test('sends as binary or text what `binary` says', async (t) => {
  const on = await stage(t, { perMessageDeflate: true });
  const pairs = [...(await crowd(on, 1)), ...(await crowd(on, 1, deflated))];
  on.server.broadcast('text', { binary: true });
  on.server.broadcast(Buffer.from('bytes'), { binary: false });
  assert.deepEqual(await next(pairs), [Buffer.from('text'), Buffer.from('text')]);
  assert.deepEqual(await next(pairs), ['bytes', 'bytes']);
});

test('leaves out one, several, and whoever the filter leaves out', async (t) => {
  const on = await stage(t);
  const pairs = await crowd(on, 4);
  const peers = pairs.map(({ peer }) => peer);
  assert.equal(on.server.broadcast('1', { except: peers[0] }), 3);
  assert.equal(on.server.broadcast('2', { except: [peers[0]!, peers[1]!] }), 2);
  assert.equal(on.server.broadcast('3', { except: new Set(peers) }), 0);
  assert.equal(on.server.broadcast('4', { filter: (peer) => peer === peers[3] }), 1);
  assert.equal(on.server.broadcast('5', { except: peers[3], filter: (peer) => peers.indexOf(peer) > 1 }), 1);
  assert.equal(on.server.broadcast('end'), 4);
  const heard = await Promise.all(
    [['end'], ['1', 'end'], ['1', '2', '5', 'end'], ['1', '2', '4', 'end']].map(async (expected, i) => {
      assert.deepEqual(await pairs[i]!.inbox.texts(expected.length), expected);
      return i;
    }),
  );
  assert.deepEqual(heard, [0, 1, 2, 3]);
});

test('refuses a Blob, which cannot be read at once', async (t) => {
  const { server } = await stage(t);
  assert.throws(() => server.broadcast(new Blob(['x'])), TypeError);
});

test('reaches nobody without clients, and clients that are not tracked too', async (t) => {
  const on = await stage(t, { clientTracking: false });
  assert.equal(on.server.broadcast('x'), 0);
  const { peer, inbox } = await on.pair();
  assert.equal(on.server.broadcast('y'), 1);
  assert.equal(await inbox.text(), 'y');
  peer.terminate();
});

test('leaves the data to the caller, who may change it afterwards', async (t) => {
  const on = await stage(t);
  const pairs = await crowd(on, 2);
  const data = Buffer.alloc(20_000, 1);
  on.server.broadcast(data);
  data.fill(2);
  assert.deepEqual(await next(pairs), [Buffer.alloc(20_000, 1), Buffer.alloc(20_000, 1)]);
});

test('RFC 7692 §6 reaches clients with and without permessage-deflate', async (t) => {
  const on = await stage(t, { perMessageDeflate: { threshold: 0 } });
  const pairs = [...(await crowd(on, 2)), ...(await crowd(on, 2, deflated)), ...(await crowd(on, 1))];
  assert.deepEqual(
    pairs.map(({ peer }) => peer.extensions !== ''),
    [false, false, true, true, false],
  );
  for (const text of ['one', 'one again', 'x'.repeat(100_000), '']) {
    assert.equal(on.server.broadcast(text), 5);
    assert.deepEqual(await next(pairs), Array(5).fill(text));
  }
});

test('skips clients that are closing or closed', async (t) => {
  const on = await stage(t);
  const [stays, closes, leaves] = (await crowd(on, 3)) as [Pair, Pair, Pair];
  closes.peer.close(4000);
  const gone = event(leaves.peer, 'close');
  leaves.client.terminate();
  await gone;
  assert.equal(on.server.broadcast('who is here?'), 1);
  assert.equal(await stays.inbox.text(), 'who is here?');
  assert.equal((await closes.inbox.end()).code, 4000);
  assert.deepEqual(closes.inbox.messages, []);
});

test('goes on when one client closes, or is terminated, within a broadcast', async (t) => {
  const on = await stage(t);
  const pairs = await crowd(on, 4);
  const count = on.server.broadcast('text', {
    filter(peer) {
      if (peer === pairs[1]!.peer) pairs[2]!.peer.close(4001);
      if (peer === pairs[1]!.peer) pairs[0]!.peer.terminate();
      return true;
    },
  });
  assert.ok(count >= 2);
  assert.deepEqual(await next([pairs[1]!, pairs[3]!]), ['text', 'text']);
  assert.equal((await pairs[2]!.inbox.end()).code, 4001);
});

test('§5.4 does not put a message between the fragments of another', async (t) => {
  const on = await stage(t);
  const [within, other] = (await crowd(on, 2)) as [Pair, Pair];
  within.peer.send('begun, ', { fin: false });
  assert.equal(on.server.broadcast('everybody'), 2);
  within.peer.send('ended');
  assert.equal(on.server.broadcast('again'), 2);
  assert.deepEqual(await other.inbox.texts(2), ['everybody', 'again']);
  assert.deepEqual(await within.inbox.texts(3), ['begun, ended', 'everybody', 'again']);
});

test('keeps the order of broadcasts, sends, pings and closes of one tick for each client', async (t) => {
  const on = await stage(t, { perMessageDeflate: { threshold: 0 } });
  const pairs = [...(await crowd(on, 6)), ...(await crowd(on, 2, deflated))];
  const random = new Random(9);
  const expected = pairs.map((): string[] => []);
  const say = (index: number, text: string) => void expected[index]!.push(text);
  for (let round = 0; round < 40; round++) {
    for (let step = random.below(12); step > 0; step--) {
      const text = `${round}.${step} ${'x'.repeat(random.below(8) === 0 ? 40_000 : random.below(300))}`;
      const one = random.below(pairs.length);
      const peer = pairs[one]!.peer;
      if (random.below(3) > 0) {
        const toAll = random.below(2) === 0;
        on.server.broadcast(text, toAll ? {} : { except: peer });
        for (const index of expected.keys()) if (toAll || index !== one) say(index, text);
      } else if (random.below(4) === 0) {
        peer.send(new Blob([text]), { binary: false });
        say(one, text);
      } else {
        peer.send(text);
        say(one, text);
      }
    }
    if (random.below(2) === 0) await new Promise(setImmediate);
  }
  for (const [index, { inbox }] of pairs.entries()) {
    assert.deepEqual(await inbox.texts(expected[index]!.length), expected[index], `client ${index}`);
  }
});

test('a broadcast keeps its place among all that a connection sends', async (t) => {
  const on = await stage(t);
  const [one, two] = [await on.pair(), await on.pair()];
  on.server.broadcast('first');
  one!.peer.send('own');
  on.server.broadcast('behind own');
  one!.peer.send('begun, ', { fin: false });
  on.server.broadcast('behind a message under way');
  one!.peer.send('ended');
  one!.peer.send(new Blob(['read later']), { binary: false });
  on.server.broadcast('behind a Blob');
  assert.deepEqual(await one!.inbox.texts(7), [
    'first',
    'own',
    'behind own',
    'begun, ended',
    'behind a message under way',
    'read later',
    'behind a Blob',
  ]);
  assert.deepEqual(await two!.inbox.texts(4), [
    'first',
    'behind own',
    'behind a message under way',
    'behind a Blob',
  ]);
  on.server.broadcast('last');
  one!.peer.close();
  assert.equal(on.server.broadcast('too late for one'), 1);
  assert.equal(await one!.inbox.text(), 'last');
  assert.deepEqual(await two!.inbox.texts(2), ['last', 'too late for one']);
  await one!.inbox.end();
  assert.equal(one!.inbox.messages.length, 0);
});
