// RFC 6455 §7.4: which status codes may be in a close frame.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CloseCode, isSendableCloseCode } from '../../../src/protocol/rfc6455/close-codes.ts';

test('§7.4 of all codes that two bytes can hold, 1000–1014 less 1004–1006 and 3000–4999 may be sent', () => {
  const sendable = Array.from({ length: 65536 }, (_, code) => code).filter(isSendableCloseCode);
  const assigned = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014];
  assert.deepEqual(sendable, [...assigned, ...Array.from({ length: 2000 }, (_, index) => 3000 + index)]);
});

test('§7.4 what is no whole number from 1000 on may not be sent', () => {
  for (const code of [-1, Number.NaN, Number.POSITIVE_INFINITY])
    assert.equal(isSendableCloseCode(code), false);
});

test('§7.4.1 the two codes that are reported and never sent are named', () => {
  assert.equal(CloseCode.NoStatusReceived, 1005);
  assert.equal(CloseCode.AbnormalClosure, 1006);
});
