// Packets as text and as WebSocket messages, with the examples of the protocol and with any text or bytes.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { base64 } from '../../../src/engine/base64.ts';
import {
  decodeText,
  type EnginePacket,
  encodeAsMessage,
  encodeAsText,
} from '../../../src/protocol/engineio/packet.ts';
import { vectors } from '../../vectors/vectors.ts';
import { packetsOf } from './vector-packets.ts';

const seed = 20_240_611;

/** Those with one packet, whose body is that packet's text. */
const single = [...vectors('engineio')].filter(([, { packets, broken }]) => packets.length === 1 && !broken);

describe('packet encoding', () => {
  for (const [name, vector] of single) {
    const { body, meaning } = vector;
    const packet = packetsOf(vector)[0]!;
    test(`${name}: ${meaning}, both ways`, () => {
      assert.deepEqual(decodeText(body, base64), packet);
      assert.equal(encodeAsText(packet, base64), body);
      assert.equal(encodeAsMessage(packet), typeof packet.data === 'object' ? packet.data : body);
    });
  }

  test('bytes come as a Buffer', () => {
    assert.ok(Buffer.isBuffer(decodeText('bAQIDBA==', base64)?.data));
  });

  test('bytes of a view that begins inside of its buffer', () => {
    const data = new Uint8Array([9, 9, 1, 2, 3, 4, 9]).subarray(2, 6);
    assert.equal(encodeAsText({ type: 'message', data }, base64), 'bAQIDBA==');
  });

  for (const [name, { body, meaning, packets }] of vectors('engineio')) {
    if (packets.length > 0) continue;
    test(`${name}: ${meaning} is no packet`, () => assert.equal(decodeText(body, base64), undefined));
  }

  test('whatever text or bytes a message has, they come back', () => {
    const text = fc.string({ unit: 'binary', minLength: 1 });
    const bytes = fc.uint8Array().map((array) => Buffer.from(array));
    fc.assert(
      fc.property(fc.oneof(text, bytes), (data) => {
        const packet: EnginePacket = { type: 'message', data };
        assert.deepEqual(decodeText(encodeAsText(packet, base64), base64), packet);
      }),
      { seed },
    );
  });

  test('any text is a packet or none, and never an exception', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const packet = decodeText(text, base64);
        assert.equal(packet !== undefined, /^[0-6b]/.test(text));
      }),
      { seed, numRuns: 500 },
    );
  });
});
