// What the query of a URL says, also with names that mean something to JavaScript, and the bodies of refusals.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  EngineErrorCode,
  errorBody,
  errorMessages,
  refusalMessage,
} from '../../../src/protocol/engineio/errors.ts';
import { readQuery } from '../../../src/protocol/engineio/handshake.ts';

describe('query', () => {
  test('names and values, decoded', () => {
    assert.deepEqual(readQuery('/engine.io/?EIO=4&transport=polling&room=a%20b+c&empty=&bare'), {
      EIO: '4',
      transport: 'polling',
      room: 'a b c',
      empty: '',
      bare: '',
    });
  });

  test('of a repeated name the last value counts', () => {
    assert.deepEqual(readQuery('/?a=1&a=2&b=3&a=4'), { a: '4', b: '3' });
  });

  test('a target without a query has none', () => {
    assert.deepEqual(readQuery('/engine.io/'), {});
    assert.deepEqual(readQuery(''), {});
    assert.deepEqual(readQuery('/?'), {});
  });

  test('names of JavaScript are names like any other', () => {
    const query = readQuery('/?__proto__=a&constructor=b&toString=c&hasOwnProperty=d');
    assert.deepEqual(Object.keys(query), ['__proto__', 'constructor', 'toString', 'hasOwnProperty']);
    assert.equal(Object.getPrototypeOf(query), Object.prototype);
    assert.equal(({} as Record<string, unknown>).a, undefined);
    assert.equal(Object.getOwnPropertyDescriptor(query, '__proto__')?.value, 'a');
  });

  test('any target is read without an exception', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const value of Object.values(readQuery(`/?${text}`))) assert.equal(typeof value, 'string');
      }),
      { seed: 20_240_611 },
    );
  });
});

describe('refusals', () => {
  const bodies = [
    '{"code":0,"message":"Transport unknown"}',
    '{"code":1,"message":"Session ID unknown"}',
    '{"code":2,"message":"Bad handshake method"}',
    '{"code":3,"message":"Bad request"}',
    '{"code":4,"message":"Forbidden"}',
    '{"code":5,"message":"Unsupported protocol version"}',
  ];
  for (const [code, body] of bodies.entries()) {
    test(body, () => {
      assert.equal(errorBody({ code: code as EngineErrorCode, context: {} }), body);
    });
  }

  test('a program that forbids has a word of its own, which other refusals have not', () => {
    const context = { message: 'not "today"' };
    assert.equal(
      errorBody({ code: EngineErrorCode.FORBIDDEN, context }),
      '{"code":4,"message":"not \\"today\\""}',
    );
    assert.equal(refusalMessage({ code: EngineErrorCode.BAD_REQUEST, context }), errorMessages[3]);
    assert.equal(
      refusalMessage({ code: EngineErrorCode.FORBIDDEN, context: { message: null } }),
      'Forbidden',
    );
  });
});
