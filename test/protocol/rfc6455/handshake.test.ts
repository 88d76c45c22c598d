// RFC 6455 §4.2: requests that open a connection, and each way to be refused.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { acceptFor, HandshakeError, readHandshake } from '../../../src/protocol/rfc6455/handshake.ts';
import { formatExtensions } from '../../../src/protocol/rfc6455/header-list.ts';
import { vectors } from '../../vectors/vectors.ts';
import { runs } from '../chunking.ts';
import { requestOf } from './http-request.ts';
import { refusalOf, refusedRequest } from './refused-request.ts';

describe('handshakes that are accepted', () => {
  for (const [name, vector] of vectors('handshakes')) {
    test(`${vector.meaning} (${name})`, () => {
      const { key, protocols, extensions } = readHandshake(requestOf(vector.request));
      assert.ok(vector.response.includes(`Sec-WebSocket-Accept: ${acceptFor(key)}`));
      assert.deepEqual([...protocols], vector.protocols ?? []);
      assert.equal(formatExtensions(extensions), vector.extensions ?? '');
    });
  }

  test('§4.2.2 the answer to a key is the SHA-1 of key and GUID in base64', () => {
    assert.equal(acceptFor('dGhlIHNhbXBsZSBub25jZQ=='), 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
  });

  test('§4.2.1 (5) any 16 bytes in base64 are a key', () => {
    const [line, ...headers] = vectors('handshakes').get('demo')!.request;
    const others = headers.filter((header) => !header.startsWith('Sec-WebSocket-Key'));
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (nonce) => {
        const key = Buffer.from(nonce).toString('base64');
        assert.equal(readHandshake(requestOf([line!, ...others, `Sec-WebSocket-Key: ${key}`])).key, key);
      }),
      runs(200),
    );
  });
});

describe('handshakes that are refused', () => {
  for (const [name, vector] of vectors('refused-handshakes')) {
    const { meaning, status, reason, answerHeaders = {} } = vector;
    test(`${meaning}: ${status} (${name})`, () => {
      const refusal = refusalOf(refusedRequest(vector));
      assert.ok(refusal instanceof HandshakeError, 'accepted');
      assert.deepEqual([refusal.status, refusal.message], [status, reason]);
      assert.deepEqual(refusal.headers, answerHeaders);
    });
  }

  test('§4.2.1 any request whatever is accepted or refused, in time', () => {
    const names = ['Host', 'Upgrade', 'Connection', 'Sec-WebSocket-Key', 'Sec-WebSocket-Version'];
    const more = ['Sec-WebSocket-Protocol', 'Sec-WebSocket-Extensions', 'Content-Length', 'Origin'];
    const good = vectors('handshakes').get('rfc-1.3')!.request;
    const values = fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.constantFrom('websocket', 'upgrade', '13', '0', 'a.example', 'a;b="c', ',,,', ';;;'),
    );
    const lines = fc
      .tuple(fc.constantFrom(...names, ...more), values)
      .map(([name, value]) => `${name}: ${value}`);
    fc.assert(
      fc.property(fc.array(lines, { maxLength: 6 }), fc.nat(good.length), (added, kept) => {
        const refusal = refusalOf([...good.slice(0, Math.max(1, kept)), ...added]);
        if (refusal !== undefined) assert.ok([400, 426].includes(refusal.status));
      }),
      runs(1000),
    );
  });
});
