// Random bytes, and valid conversations with random damage, against a running server: it ends each cleanly or goes on (§7.1.7).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as frame from '../conformance/frames.ts';
import { Random } from '../conformance/random.ts';
import { RawClient } from '../conformance/raw-client.ts';
import { echo, type Pair, type Stage, stage } from './stage.ts';

const seed = 20_260_101;
const offer = 'permessage-deflate; client_max_window_bits';

/** A conversation without fault. */
function conversation(random: Random): Buffer {
  const frames: Buffer[] = [];
  for (let count = 1 + random.below(6); count > 0; count--) {
    const size = [random.below(20), random.below(200), random.below(5000)][random.below(3)]!;
    const kind = random.below(5);
    if (kind === 0) frames.push(frame.text(random.prose(size)));
    else if (kind === 1) frames.push(frame.binary(random.bytes(size)));
    else if (kind === 2)
      frames.push(...frame.fragments(frame.BINARY, random.bytes(size), 1 + random.below(500)));
    else if (kind === 3) frames.push(frame.ping(random.bytes(random.below(126))));
    else frames.push(frame.text(Buffer.from('f248cdc9c90700', 'hex'), { rsv: frame.RSV1 }));
  }
  return Buffer.concat(frames);
}

const damages: ((bytes: Buffer, random: Random) => Buffer)[] = [
  (bytes, random) => {
    const at = random.below(bytes.length);
    bytes[at]! ^= 1 << random.below(8);
    return bytes;
  },
  (bytes, random) => bytes.subarray(0, random.below(bytes.length)),
  (bytes, random) => {
    const at = random.below(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), random.bytes(1 + random.below(9)), bytes.subarray(at)]);
  },
  (bytes, random) => {
    const at = random.below(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(5))]);
  },
  (bytes, random) => Buffer.concat([bytes, bytes.subarray(random.below(bytes.length))]),
  (bytes, random) => Buffer.concat([bytes, random.bytes(random.below(300))]),
];

/** What a server may say: replies, and at the end perhaps a close frame that blames the client, then the end of TCP. */
function judge(said: string[], what: string): void {
  assert.match(said.at(-1)!, /^(fin|reset)$/, what);
  for (const [i, item] of said.slice(0, -1).entries()) {
    if (!item.startsWith('close')) assert.match(item, /^(text|binary|pong) of /, what);
    else {
      assert.match(item, /^close (1\d\d\d|[34]\d\d\d)$/, what);
      assert.equal(i, said.length - 2, what);
    }
  }
}

async function attack(on: Stage, bytes: Buffer, random: Random): Promise<string[]> {
  const raw = await RawClient.open(on.port, random.below(2) ? offer : undefined);
  try {
    await raw.deliver(bytes, random.below(2) ? 'whole' : 'cut at random');
    raw.socket.end();
    return await raw.untilEnd();
  } finally {
    raw.destroy();
  }
}

/** A connection that has nothing to do with all this. */
async function undisturbed({ client, inbox }: Pair, i: number): Promise<void> {
  client.send(`bystander ${i}`);
  assert.equal(await inbox.text(), `bystander ${i}`);
}

const kinds: [what: string, count: number, make: (random: Random) => Buffer][] = [
  ['random bytes', 250, (random) => random.bytes(1 + random.below(2000))],
  [
    'random bytes behind a valid first byte',
    250,
    (random) => {
      const first = Buffer.from([
        [0x01, 0x81, 0x02, 0x82, 0x88, 0x89, 0xc1, 0xc2][random.below(8)]!,
        0x80 | random.below(128),
      ]);
      return Buffer.concat([first, random.bytes(random.below(1000))]);
    },
  ],
  [
    'damaged conversations',
    400,
    (random) => {
      let bytes = conversation(random);
      for (let times = 1 + random.below(3); times > 0 && bytes.length > 0; times--) {
        bytes = damages[random.below(damages.length)]!(bytes, random);
      }
      return bytes;
    },
  ],
];
for (const [what, count, make] of kinds) {
  test(`§7.1.7 survives ${count} times ${what}`, async (t) => {
    const on = await stage(t, { perMessageDeflate: true, maxPayload: 1 << 20 });
    echo(on.server);
    const bystander = await on.pair();
    const random = new Random(seed + count);
    for (let i = 0; i < count; i++) {
      const bytes = make(random);
      judge(
        await attack(on, bytes, random),
        `seed ${seed + count}, attack ${i}: ${bytes.toString('hex', 0, 40)}…`,
      );
      if (i % 10 === 0) await undisturbed(bystander, i);
    }
    await undisturbed(bystander, count);
  });
}

test('§5.4 answers conversations without damage in full', async (t) => {
  const on = await stage(t, { perMessageDeflate: true });
  echo(on.server);
  const random = new Random(seed);
  for (let i = 0; i < 60; i++) {
    const raw = await RawClient.open(on.port, offer);
    await raw.deliver(Buffer.concat([conversation(random), frame.close(1000)]), 'cut at random');
    assert.deepEqual((await raw.untilEnd()).slice(-2), ['close 1000', 'fin'], `conversation ${i}`);
  }
});
