// RFC 6455 §5.3: masking in place, at any offset, length and alignment, against the loop that the RFC describes.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { mask, readMaskingKey, rotateMaskingKey, viewOf } from '../../../src/protocol/rfc6455/mask.ts';
import { bytes, vectors } from '../../vectors/vectors.ts';
import { runs } from '../chunking.ts';

/** Octet i of the result is octet i XOR octet i modulo 4 of the key. */
function maskedNaively(data: Uint8Array, start: number, end: number, key: Uint8Array): Uint8Array {
  return data.map((byte, at) => (at < start || at >= end ? byte : byte ^ key[(at - start) % 4]!));
}

const keys = fc.uint8Array({ minLength: 4, maxLength: 4 });

describe('mask', () => {
  test('§8.1 tells of a byte that is not ASCII, in payloads of every length', () => {
    for (const size of [1, 15, 40, 300, 2047, 2048, 2049, 70_000]) {
      for (const at of [0, size >> 1, size - 1]) {
        const payload = new Uint8Array(size).fill(0x41);
        payload[at] = 0xc3;
        mask(payload, 0, size, 0x12345678);
        assert.notEqual(mask(payload, 0, size, 0x12345678) & 0x80808080, 0, `${at} of ${size}`);
      }
    }
  });

  test('§5.3 unmasks the example of §5.7', () => {
    const frame = bytes(vectors('frames').get('rfc-5.7-masked-hello')!.hex);
    mask(frame, 6, 11, readMaskingKey(frame, 2));
    assert.equal(frame.toString('latin1', 6), 'Hello');
  });

  test('§5.3 equals the byte by byte loop at any alignment, offset and length, and touches nothing else', () => {
    const sizes = fc.oneof(
      { weight: 8, arbitrary: fc.oneof(fc.nat(20), fc.integer({ min: 180, max: 210 }), fc.nat(2000)) },
      // Sixteen bytes at a time, in blocks of 64 KiB, and what is left over.
      { weight: 2, arbitrary: fc.integer({ min: 2040, max: 2180 }) },
      { weight: 1, arbitrary: fc.constantFrom(65_535, 65_536, 65_600, 131_079) },
    );
    fc.assert(
      fc.property(keys, sizes, fc.nat(8), fc.nat(8), fc.nat(8), (key, size, alignment, before, after) => {
        const memory = new Uint8Array(alignment + before + size + after);
        for (let at = 0; at < memory.length; at++) memory[at] = (at * 151 + 7) & 0xff;
        const view = memory.subarray(alignment);
        const expected = maskedNaively(view, before, before + size, key);
        mask(view, before, before + size, readMaskingKey(key, 0));
        assert.deepEqual(view, expected);
      }),
      runs(1000),
    );
  });

  test('§5.3 one view of a chunk serves all the payloads in it', () => {
    const ranges = fc.array(fc.tuple(keys, fc.nat(40), fc.nat(10)), { maxLength: 12 });
    fc.assert(
      fc.property(ranges, fc.nat(8), (payloads, alignment) => {
        const memory = new Uint8Array(alignment + 700).map((_, at) => (at * 151 + 7) & 0xff);
        const chunk = memory.subarray(alignment);
        const view = viewOf(chunk);
        assert.ok(view);
        let expected = chunk.slice();
        let at = 0;
        for (const [key, size, gap] of payloads) {
          const start = at + gap;
          at = start + size;
          expected = maskedNaively(expected, start, at, key) as Uint8Array<ArrayBuffer>;
          mask(chunk, start, at, readMaskingKey(key, 0), view);
        }
        assert.ok(Buffer.from(expected).equals(chunk));
      }),
      runs(500),
    );
  });

  test('§5.3 masking twice changes nothing', () => {
    fc.assert(
      fc.property(keys, fc.uint8Array({ maxLength: 500 }), (key, data) => {
        const copy = data.slice();
        mask(copy, 0, copy.length, readMaskingKey(key, 0));
        mask(copy, 0, copy.length, readMaskingKey(key, 0));
        assert.deepEqual(copy, data);
      }),
      runs(200),
    );
  });

  test('§5.3 a payload in pieces, each with the key rotated, is the payload in one', () => {
    fc.assert(
      fc.property(keys, fc.uint8Array({ maxLength: 700 }), fc.nat(700), (key, data, position) => {
        const cut = Math.min(position, data.length);
        const word = readMaskingKey(key, 0);
        const pieces = data.slice();
        mask(pieces, 0, cut, word);
        mask(pieces, cut, pieces.length, rotateMaskingKey(word, cut));
        assert.deepEqual(pieces, maskedNaively(data, 0, data.length, key));
      }),
      runs(500),
    );
  });

  test('its result has no high bit if and only if everything is ASCII', () => {
    fc.assert(
      fc.property(keys, fc.nat(400), fc.option(fc.nat(400)), (key, size, high) => {
        const plain = new Uint8Array(size).fill(0x7f);
        if (high !== null && high < size) plain[high] = 0x80;
        const data = maskedNaively(plain, 0, size, key);
        const seen = mask(data, 0, size, readMaskingKey(key, 0));
        assert.equal((seen & 0x80808080) === 0, high === null || high >= size);
      }),
      runs(500),
    );
  });
});
