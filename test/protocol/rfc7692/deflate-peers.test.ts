// RFC 7692 §7: sequences of messages, with every window and either habit, to and from ourselves and strict peers.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ZlibOptions } from 'node:zlib';
import fc from 'fast-check';
import { runs } from '../chunking.ts';
import { BothDirections } from './both-directions.ts';
import { conversations, largeMessages } from './messages.ts';
import { StreamPeer } from './stream-peer.ts';
import { StrictInflater } from './strict-inflate.ts';

const tail = Buffer.from([0x00, 0x00, 0xff, 0xff]);

const same = (actual: Buffer, expected: Buffer, what: string) =>
  assert.ok(actual.equals(expected), `${what}: ${actual.length} bytes of ${expected.length}`);

/** Each message to us, to a zlib stream with the agreed window and back, and to a decoder that watches every distance. */
async function exchange(
  messages: readonly Buffer[],
  windowBits: number,
  forgets: boolean,
  zlibOptions: ZlibOptions = {},
): Promise<void> {
  const us = new BothDirections({ windowBits, forgets, zlibOptions });
  const them = new BothDirections({ windowBits, forgets });
  const fromPeer = new BothDirections({ windowBits, forgets });
  const peer = new StreamPeer(windowBits, forgets);
  let strict = new StrictInflater(windowBits);
  try {
    for (const message of messages) {
      const payload = await us.compress(message);
      same(await them.decompress(payload), message, 'read by us');
      same(await peer.decompress(payload), message, 'read by zlib');
      if (message.length < 5000) {
        if (forgets) strict = new StrictInflater(windowBits);
        same(strict.inflate(Buffer.concat([payload, tail])), message, 'read strictly');
      }
      same(await fromPeer.decompress(await peer.compress(message)), message, 'written by zlib');
    }
  } finally {
    peer.end();
  }
}

for (const forgets of [false, true]) {
  const habit = forgets ? 'without' : 'with';
  describe(`${habit} context takeover`, () => {
    for (let windowBits = 8; windowBits <= 15; windowBits++) {
      test(`§7.1.2 a window of ${windowBits} bits is kept to, by messages of any sequence`, async () => {
        await fc.assert(
          fc.asyncProperty(conversations, (messages) => exchange(messages, windowBits, forgets)),
          runs(25),
        );
      });
    }

    test('§7.2 long messages, which are compressed off the event loop, keep their order and window', async () => {
      for (const windowBits of [8, 9, 15]) await exchange(largeMessages, windowBits, forgets);
    });
  });
}

describe('options of zlib', () => {
  test('§7.1.2 a window that is larger than agreed would be noticed by these tests', async () => {
    const noise = Buffer.from(
      Array.from({ length: 300 }, (_, at) => (Math.imul(at, 2654435761) >>> 16) & 0xff),
    );
    const payload = await new BothDirections({ windowBits: 9 }).compress(Buffer.concat([noise, noise]));
    same(
      new StrictInflater(9).inflate(Buffer.concat([payload, tail])),
      Buffer.concat([noise, noise]),
      'at 9',
    );
    const late = Buffer.concat([noise, noise.subarray(0, 200), noise]);
    const wide = await new BothDirections({ windowBits: 15 }).compress(late);
    assert.throws(
      () => new StrictInflater(8).inflate(Buffer.concat([wide, tail])),
      /back, in a window of 256/,
    );
  });

  test('§7.1.2 whatever the level, memory and strategy, a window of 8 bits is kept to', async () => {
    const options = fc.record({
      level: fc.integer({ min: 0, max: 9 }),
      memLevel: fc.integer({ min: 1, max: 9 }),
      strategy: fc.integer({ min: 0, max: 4 }),
      chunkSize: fc.constantFrom(64, 1024),
    });
    await fc.assert(
      fc.asyncProperty(conversations, fc.boolean(), options, (messages, forgets, zlibOptions) =>
        exchange(messages, 8, forgets, zlibOptions),
      ),
      runs(60),
    );
  });

  test('§7.1.2 a window size among them does not override what was agreed', async () => {
    const messages = [300, 300].map((length) => Buffer.alloc(length, 'abcdefghij'.repeat(30)));
    await exchange(messages, 8, false, { windowBits: 15 });
  });
});

describe('context takeover', () => {
  test('§7.1.1 a message like the last one is a reference to it', async () => {
    const message = Buffer.from(
      Array.from({ length: 200 }, (_, at) => (Math.imul(at, 2654435761) >>> 16) & 0xff),
    );
    const keeping = new BothDirections();
    const forgetting = new BothDirections({ forgets: true });
    const sizes = async (side: BothDirections) => [
      (await side.compress(message)).length,
      (await side.compress(message)).length,
    ];
    const [first, second] = await sizes(keeping);
    assert.ok(second! < first! / 10, `${first}, then ${second}`);
    const [one, two] = await sizes(forgetting);
    assert.equal(one, two);
  });

  test('§7.2 fragments of a message, compressed one by one, are one message', async () => {
    const fragmented = fc.tuple(conversations, fc.integer({ min: 8, max: 15 }), fc.boolean());
    await fc.assert(
      fc.asyncProperty(fragmented, async ([fragments, windowBits, forgets]) => {
        const side = new BothDirections({ windowBits, forgets });
        const payloads: Buffer[] = [];
        for (const [index, fragment] of fragments.entries()) {
          payloads.push(await side.compress(fragment, index === fragments.length - 1));
        }
        const strict = new StrictInflater(windowBits);
        same(strict.inflate(Buffer.concat([...payloads, tail])), Buffer.concat(fragments), 'read strictly');
        same(await side.decompress(Buffer.concat(payloads)), Buffer.concat(fragments), 'read by us');
      }),
      runs(60),
    );
  });
});
