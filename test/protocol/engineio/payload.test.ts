// The bodies of long-polling: packets between separators, in order, up to the first that is none.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { base64 } from '../../../src/engine/base64.ts';
import type { EnginePacket } from '../../../src/protocol/engineio/packet.ts';
import { decodePayload, encodePayload, separator } from '../../../src/protocol/engineio/payload.ts';
import { vectors } from '../../vectors/vectors.ts';
import { packetsOf } from './vector-packets.ts';

const seed = 20_240_611;
const decode = (text: string) => [...decodePayload(text, base64)];

describe('payload encoding', () => {
  for (const [name, vector] of vectors('engineio')) {
    const packets = packetsOf(vector);
    const { body, meaning, broken } = vector;
    if (broken) {
      test(`${name}: ${meaning}: ${packets.length} packets, and one that is none`, () => {
        assert.deepEqual(decode(body), [...packets, undefined]);
      });
    } else {
      test(`${name}: ${meaning}, both ways`, () => {
        assert.equal(encodePayload(packets, base64), body);
        assert.deepEqual(decode(body), packets);
      });
    }
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
