// The bodies of long-polling: packets between separators, in order, up to the first that is none.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { base64 } from '../../../src/engine/base64.ts';
import type { EnginePacket } from '../../../src/protocol/engineio/packet.ts';
import { decodePayload, encodePayload, separator } from '../../../src/protocol/engineio/payload.ts';

const seed = 20_240_611;
const decode = (text: string) => [...decodePayload(text, base64)];

describe('payload encoding', () => {
  test('packets of all kinds, between separators', () => {
    const packets: EnginePacket[] = [
      { type: 'message', data: 'hello' },
      { type: 'ping' },
      { type: 'message', data: Buffer.from([1, 2, 3, 4]) },
      { type: 'message', data: '€' },
    ];
    assert.equal(encodePayload(packets, base64), '4hello\x1e2\x1ebAQIDBA==\x1e4€');
    assert.deepEqual(decode('4hello\x1e2\x1ebAQIDBA==\x1e4€'), packets);
  });

  test('one packet stands alone', () => {
    assert.equal(encodePayload([{ type: 'noop' }], base64), '6');
    assert.deepEqual(decode('6'), [{ type: 'noop' }]);
  });

  const broken: readonly (readonly [string, number])[] = [
    ['', 0],
    ['\x1e', 0],
    ['\x1e4a', 0],
    ['4a\x1e', 1],
    ['4a\x1e\x1e4b', 1],
    ['4a\x1e4b\x1eabc\x1e4c', 2],
    ['9', 0],
  ];
  for (const [text, good] of broken) {
    test(`${JSON.stringify(text)} has ${good} packets before what is none`, () => {
      const packets = decode(text);
      assert.deepEqual([packets.length, packets.at(-1)], [good + 1, undefined]);
    });
  }

  test('any packets come back as they were, in order', () => {
    const data = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1 }).filter((text) => !text.includes(separator)),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    );
    const packet = fc.oneof(
      data.map((one): EnginePacket => ({ type: 'message', data: one })),
      fc.constantFrom<EnginePacket>({ type: 'ping' }, { type: 'pong', data: 'probe' }, { type: 'close' }),
    );
    fc.assert(
      fc.property(fc.array(packet, { minLength: 1 }), (packets) => {
        assert.deepEqual(decode(encodePayload(packets, base64)), packets);
      }),
      { seed },
    );
  });

  test('any text ends in packets or in the one that is none, and never in an exception', () => {
    const text = fc.string({ unit: fc.constantFrom('0', '4', '6', 'b', 'x', '=', separator, '€', '\ud800') });
    fc.assert(
      fc.property(text, (body) => {
        const packets = decode(body);
        assert.ok(packets.length >= 1);
        assert.ok(packets.slice(0, -1).every((packet) => packet !== undefined));
      }),
      { seed, numRuns: 1000 },
    );
  });

  test('what is wrong at the end of a long body does not take what was right before', () => {
    const packets = decode(`${'6\x1e'.repeat(100_000)}nonsense`);
    assert.equal(packets.length, 100_001);
    assert.equal(packets.at(-1), undefined);
  });
});
