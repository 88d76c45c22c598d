// Bodies of POSTs: which events they are, and what is said of the others.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkType, readBody } from '../../src/gateways/post-body.ts';

const json = 'application/json';
const read = (type: string | undefined, body: string | Uint8Array) =>
  readBody(type, typeof body === 'string' ? Buffer.from(body) : body, 256);

describe('a body', () => {
  for (const [type, body, event] of [
    [undefined, 'hello', ['message', 'hello']],
    ['text/plain', 'hello', ['message', 'hello']],
    ['text/plain', '', ['message', '']],
    ['text/plain', '["news",1]', ['news', 1]],
    ['text/plain', '\ufeffhello', ['message', '\ufeffhello']],
    ['application/x-www-form-urlencoded', 'a=b c', ['message', 'a=b c']],
    [json, '["news",1]', ['news', 1]],
    ['Application/JSON; charset=UTF-8', '["news"]', ['news']],
    [json, '"hello"', ['message', 'hello']],
    [json, '"[\\"news\\"]"', ['message', '["news"]']],
  ] as const) {
    test(`of ${type}: ${body}`, () => {
      assert.equal(checkType(type), undefined);
      assert.deepEqual(read(type, body), { event });
    });
  }

  for (const [type, body, reason] of [
    [json, 'hello', /valid JSON/],
    [json, '["news",', /valid JSON/],
    [json, '', /valid JSON/],
    [json, '{"news":1}', /an array, the name of the event/],
    [json, '[1]', /an array, the name of the event/],
    [json, '[]', /an array, the name of the event/],
    [json, '["connect"]', /"connect" is a reserved event name/],
    ['text/plain', '["disconnect"]', /reserved/],
    ['text/plain', `["a",${'['.repeat(1000)}`, /nested/],
    ['text/plain', new Uint8Array([0x61, 0xff]), /UTF-8/],
  ] as const) {
    test(`400 ${type}: ${String(body).slice(0, 30)}`, () => {
      const posted = read(type, body);
      assert.equal(posted.status, 400);
      assert.match(posted.status === undefined ? '' : posted.reason, reason);
    });
  }

  for (const type of [
    'image/png',
    'application/octet-stream',
    'text/html',
    'text/plain; charset=latin1',
    '?',
  ]) {
    test(`415 ${type}`, () => assert.equal(checkType(type)?.status, 415));
  }
});
