// RFC 6455 §5.5.1: the payload of a close frame, both ways.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isSendableCloseCode } from '../../../src/protocol/rfc6455/close-codes.ts';
import { decodeClose, encodeClose, maxReasonLength } from '../../../src/protocol/rfc6455/close-frame.ts';
import { ProtocolError } from '../../../src/protocol/rfc6455/protocol-error.ts';
import { bytes } from '../../vectors/vectors.ts';
import { runs } from '../chunking.ts';

const refusal = (code: string, closeCode: number) => (error: unknown) => {
  assert.ok(error instanceof ProtocolError);
  assert.deepEqual([error.code, error.closeCode], [code, closeCode]);
  return true;
};

describe('reading a close frame', () => {
  test('§7.1.5 an empty payload has the code 1005 and no reason', () => {
    assert.deepEqual(decodeClose(Buffer.alloc(0), false), { code: 1005, reason: Buffer.alloc(0) });
  });

  test('§5.5.1 the first two bytes are the code, in network byte order, and the rest is the reason', () => {
    assert.deepEqual(decodeClose(bytes('03 e8 62 79 65'), false), { code: 1000, reason: Buffer.from('bye') });
  });

  test('§7.4 refuses with 1002 each code that may not be sent', () => {
    for (let code = 0; code < 65536; code++) {
      if (isSendableCloseCode(code)) continue;
      const payload = Buffer.from([code >> 8, code & 0xff]);
      assert.throws(() => decodeClose(payload, false), refusal('WS_ERR_INVALID_CLOSE_CODE', 1002), `${code}`);
    }
  });

  test('§8.1 refuses with 1007 a reason that is not UTF-8, unless told not to look', () => {
    const payload = bytes('03 e8 c3 28');
    assert.throws(() => decodeClose(payload, false), refusal('WS_ERR_INVALID_UTF8', 1007));
    assert.deepEqual(decodeClose(payload, true).reason, bytes('c3 28'));
  });
});

describe('writing a close frame', () => {
  test('§5.5.1 without a code the payload is empty', () => {
    assert.equal(encodeClose().length, 0);
    assert.equal(encodeClose(undefined, 'ignored').length, 0);
  });

  test('§5.5.1 a code and a reason, as text or bytes', () => {
    const expected = bytes('03 e8 62 79 65');
    assert.deepEqual(encodeClose(1000, 'bye'), expected);
    assert.deepEqual(encodeClose(1000, new Uint8Array(Buffer.from('bye'))), expected);
    assert.deepEqual(encodeClose(1000), expected.subarray(0, 2));
  });

  test('§7.4 throws a TypeError for a code that may not be sent', () => {
    for (const code of [0, 999, 1004, 1005, 1006, 1015, 2999, 5000, Number.NaN, '1000' as never]) {
      assert.throws(() => encodeClose(code), TypeError, String(code));
    }
  });

  test('§5.5 throws a RangeError for a reason that does not fit, counted in bytes', () => {
    assert.equal(encodeClose(1000, 'a'.repeat(maxReasonLength)).length, 125);
    assert.throws(() => encodeClose(1000, 'a'.repeat(maxReasonLength + 1)), RangeError);
    assert.equal(encodeClose(1000, '€'.repeat(41)).length, 125);
    assert.throws(() => encodeClose(1000, '€'.repeat(42)), RangeError);
  });

  test('§5.5.1 what was written is what is read', () => {
    const codes = fc.oneof(fc.constantFrom(1000, 1001, 1011, 1014), fc.integer({ min: 3000, max: 4999 }));
    const reasons = fc
      .string({ unit: 'grapheme', maxLength: 20 })
      .filter((text) => Buffer.byteLength(text) <= 123);
    fc.assert(
      fc.property(codes, reasons, (code, reason) => {
        const read = decodeClose(encodeClose(code, reason), false);
        assert.deepEqual([read.code, read.reason.toString()], [code, reason]);
      }),
      runs(300),
    );
  });
});
