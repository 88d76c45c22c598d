// RFC 6455 §5.2: the header of a frame, and its length in the shortest of three forms.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  headerLength,
  headerLengthFor,
  maxHeaderLength,
  writeHeader,
  writeMaskingKey,
} from '../../../src/protocol/rfc6455/frame-header.ts';
import { bytes } from '../../vectors/vectors.ts';

/** Payload length, and the header of an unmasked binary frame with it. */
const headers = [
  [0, '82 00'],
  [1, '82 01'],
  [125, '82 7d'],
  [126, '82 7e 00 7e'],
  [256, '82 7e 01 00'],
  [65535, '82 7e ff ff'],
  [65536, '82 7f 00 00 00 00 00 01 00 00'],
  [2 ** 31, '82 7f 00 00 00 00 80 00 00 00'],
  [2 ** 32 - 1, '82 7f 00 00 00 00 ff ff ff ff'],
  [2 ** 32, '82 7f 00 00 00 01 00 00 00 00'],
  [Number.MAX_SAFE_INTEGER, '82 7f 00 1f ff ff ff ff ff ff'],
] as const;

describe('headers', () => {
  for (const [length, hex] of headers) {
    test(`§5.2 writes a length of ${length} in its shortest form`, () => {
      const target = Buffer.alloc(20, 0xee);
      const end = writeHeader(target, 3, 0x82, length);
      const expected = bytes(hex);
      assert.deepEqual(target.subarray(3, end), expected);
      assert.deepEqual([target[2], target[end]], [0xee, 0xee], 'writes nothing before or behind');
      assert.equal(headerLengthFor(length, false), expected.length);
      assert.equal(headerLengthFor(length, true), expected.length + 4);
    });
  }

  test('§5.2 the second byte alone tells how long a header is', () => {
    for (let second = 0; second < 256; second++) {
      const length = second & 0x7f;
      const extended = length === 126 ? 2 : length === 127 ? 8 : 0;
      assert.equal(headerLength(second), 2 + extended + (second >= 128 ? 4 : 0), `second byte ${second}`);
    }
    assert.equal(headerLength(0xff), maxHeaderLength);
  });

  test('§5.2 a masking key sets MASK and follows the length, its first byte first', () => {
    const target = Buffer.alloc(8);
    const end = writeMaskingKey(target, 0, writeHeader(target, 0, 0x81, 126), 0x37fa213d);
    assert.deepEqual(target.subarray(0, end), bytes('81 fe 00 7e 37 fa 21 3d'));
    const high = Buffer.alloc(6);
    writeMaskingKey(high, 0, writeHeader(high, 0, 0x81, 1), 0xfffefdfc | 0);
    assert.deepEqual(high, bytes('81 81 ff fe fd fc'));
  });
});
