// RFC 6455 §8.1, RFC 3629 §4: UTF-8 checked as it arrives, against a strict TextDecoder.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Utf8Validator } from '../../../src/protocol/rfc6455/utf8.ts';
import { bytes, vectors } from '../../vectors/vectors.ts';
import { byteByByte, cutAt, cuts, runs } from '../chunking.ts';

type Verdict = { badAt: number | undefined; complete: boolean };

/** Feeds single bytes and says which was refused. */
function verdict(text: Uint8Array): Verdict {
  const validator = new Utf8Validator();
  const badAt = byteByByte(text).findIndex((byte) => !validator.push(byte, 0, 1));
  return { badAt: badAt < 0 ? undefined : badAt, complete: badAt < 0 && validator.complete };
}

function accepts(pieces: Uint8Array[]): Verdict['complete'] | 'bad' {
  const validator = new Utf8Validator();
  return pieces.every((piece) => validator.push(piece, 0, piece.length)) ? validator.complete : 'bad';
}

function isStrictUtf8(text: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(text);
    return true;
  } catch {
    return false;
  }
}

/** Each beginning of a character can be finished by one of these. */
const endings = ['', '80', 'a0', '80 80', '90 80', 'a0 80', '80 80 80', '90 80 80'].map((hex) => bytes(hex));

/** What a strict decoder makes of it: the first byte after which no ending makes the text right. */
function reference(text: Uint8Array): Verdict {
  const canGoOn = (end: number) =>
    endings.some((ending) => isStrictUtf8(Buffer.concat([text.subarray(0, end), ending])));
  const badAt = text.findIndex((_, at) => !canGoOn(at + 1));
  return { badAt: badAt < 0 ? undefined : badAt, complete: badAt < 0 && isStrictUtf8(text) };
}

/** Texts, bytes that matter to UTF-8, and long ASCII, one behind the other. */
const anyBytes = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 5 }).map((text) => Buffer.from(text)),
      fc
        .constantFrom(0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1)
        .map((byte) => Buffer.from([byte])),
      fc
        .constantFrom(0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf8, 0xfe, 0xff)
        .map((byte) => Buffer.from([byte])),
      fc.nat(40).map((length) => Buffer.alloc(length, 'a')),
    ),
    { maxLength: 8 },
  )
  .map((pieces) => Buffer.concat(pieces));

describe('UTF-8', () => {
  for (const [name, vector] of vectors('utf8')) {
    const { meaning, hex, badAt, incomplete = false } = vector;
    const heading = badAt === undefined ? `takes ${meaning}` : `refuses ${meaning} at byte ${badAt}`;
    test(`§8.1 ${heading} (${name})`, () => {
      const text = bytes(hex);
      assert.deepEqual(verdict(text), { badAt, complete: badAt === undefined && !incomplete });
      assert.deepEqual(verdict(text), reference(text), 'a strict TextDecoder agrees');
    });
  }

  test('§8.1 agrees with a strict TextDecoder, to the byte', () => {
    fc.assert(
      fc.property(anyBytes, (text) => assert.deepEqual(verdict(text), reference(text))),
      runs(1000),
    );
  });

  test('§8.1 every sequence of two bytes, and every third and fourth that matters, as a strict TextDecoder', () => {
    const borders = [0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0];
    for (let first = 0x80; first < 0x100; first++) {
      for (let second = 0; second < 0x100; second++) {
        const pair = Uint8Array.of(first, second);
        const expected = isStrictUtf8(pair);
        assert.equal(accepts([pair]) === true, expected, `${first} ${second}`);
      }
      for (const second of borders) {
        for (const third of borders) {
          const three = Uint8Array.of(first, second, third);
          assert.equal(accepts([three]) === true, isStrictUtf8(three), three.join(' '));
          const four = Uint8Array.of(first, second, third, 0x80);
          assert.equal(accepts([four]) === true, isStrictUtf8(four), four.join(' '));
        }
      }
    }
  });

  test('§8.1 the answer does not depend on how the bytes are cut', () => {
    const cutBytes = anyBytes.chain((text) => fc.tuple(fc.constant(text), cuts(text.length)));
    fc.assert(
      fc.property(cutBytes, ([text, positions]) => {
        const { badAt, complete } = verdict(text);
        assert.equal(accepts(cutAt(text, positions)), badAt === undefined ? complete : 'bad');
      }),
      runs(2000),
    );
  });

  test('looks at the given range only', () => {
    const validator = new Utf8Validator();
    assert.equal(validator.push(bytes('ff e2 82 ac ff'), 1, 4), true);
    assert.equal(validator.complete, true);
  });
});
