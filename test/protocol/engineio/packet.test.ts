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

const seed = 20_240_611;

const examples: readonly (readonly [string, EnginePacket])[] = [
  ['0{"sid":"x"}', { type: 'open', data: '{"sid":"x"}' }],
  ['1', { type: 'close' }],
  ['2', { type: 'ping' }],
  ['2probe', { type: 'ping', data: 'probe' }],
  ['3', { type: 'pong' }],
  ['3probe', { type: 'pong', data: 'probe' }],
  ['4hello', { type: 'message', data: 'hello' }],
  ['4', { type: 'message' }],
  ['4€ ✓ 🙂', { type: 'message', data: '€ ✓ 🙂' }],
  ['5', { type: 'upgrade' }],
  ['6', { type: 'noop' }],
];

describe('packet encoding', () => {
  for (const [text, packet] of examples) {
    test(`${text} is ${JSON.stringify(packet)}, both ways`, () => {
      assert.deepEqual(decodeText(text, base64), packet);
      assert.equal(encodeAsText(packet, base64), text);
      assert.equal(encodeAsMessage(packet), text);
    });
  }

  test('bytes are "b" and base64 where only text can go, without the type', () => {
    const packet: EnginePacket = { type: 'message', data: Buffer.from([1, 2, 3, 4]) };
    assert.equal(encodeAsText(packet, base64), 'bAQIDBA==');
    assert.deepEqual(decodeText('bAQIDBA==', base64), packet);
    assert.ok(Buffer.isBuffer(decodeText('bAQIDBA==', base64)?.data));
  });

  test('bytes go as they are in a WebSocket message', () => {
    const data = Buffer.from([1, 2, 3, 4]);
    assert.equal(encodeAsMessage({ type: 'message', data }), data);
  });

  test('bytes of a view that begins inside of its buffer', () => {
    const data = new Uint8Array([9, 9, 1, 2, 3, 4, 9]).subarray(2, 6);
    assert.equal(encodeAsText({ type: 'message', data }, base64), 'bAQIDBA==');
  });

  test('no bytes are a message too', () => {
    assert.equal(encodeAsText({ type: 'message', data: Buffer.alloc(0) }, base64), 'b');
    assert.deepEqual(decodeText('b', base64), { type: 'message', data: Buffer.alloc(0) });
  });

  for (const text of ['', '7', '9x', 'a', 'B', '/', ':', ' 4', '\u0664', '\ud83d', '\x1e']) {
    test(`${JSON.stringify(text)} is no packet`, () => {
      assert.equal(decodeText(text, base64), undefined);
    });
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
