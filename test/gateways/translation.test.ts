// The translation between plain clients and events: one table for each way, and the promise that nothing is lost on the way back.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { dataLines } from '../../src/gateways/event-format.ts';
import { readText, writeEvent } from '../../src/gateways/translation.ts';
import { rowsOf } from '../docs/page.ts';
import { marked } from '../docs/pages.ts';

const read = (text: string) => readText(text, 256);

/** Text of a plain client, and the event that it is. */
const inwards: [string, unknown[]][] = [
  ['hello', ['message', 'hello']],
  ['', ['message', '']],
  ['["news"]', ['news']],
  ['["news",1,{"a":[true,null]}]', ['news', 1, { a: [true, null] }]],
  [' \n[ "news" ] ', ['news']],
  ['["message","hello"]', ['message', 'hello']],
  ['["message","[\\"news\\"]"]', ['message', '["news"]']],
  ['[]', ['message', '[]']],
  ['[1,"news"]', ['message', '[1,"news"]']],
  ['[["news"]]', ['message', '[["news"]]']],
  ['{"news":1}', ['message', '{"news":1}']],
  ['"news"', ['message', '"news"']],
  ['["news"', ['message', '["news"']],
  ['["news"] and more', ['message', '["news"] and more']],
  ["['news']", ['message', "['news']"]],
  ['["__proto__","a"]', ['__proto__', 'a']],
  ['["constructor"]', ['constructor']],
];

/** An event, and what a plain client hears of it. */
const outwards: [unknown[], string | Uint8Array][] = [
  [['message', 'hello'], 'hello'],
  [['message', ''], ''],
  [['message'], '["message"]'],
  [['message', 'a', 'b'], '["message","a","b"]'],
  [['message', 1], '["message",1]'],
  [['message', { text: 'a' }], '["message",{"text":"a"}]'],
  [['message', '{"a":1}'], '{"a":1}'],
  [['message', '["news"]'], '["message","[\\"news\\"]"]'],
  [['news'], '["news"]'],
  [['news', 'hello', null, undefined], '["news","hello",null,null]'],
  [['message', Buffer.from([1, 2])], new Uint8Array([1, 2])],
  [['message', new Uint16Array([1])], new Uint8Array([1, 0])],
  [['message', new Uint8Array([1, 2]).buffer], new Uint8Array([1, 2])],
  [['picture', Buffer.from([1, 2, 3])], '["picture",{"base64":"AQID"}]'],
  [['message', Buffer.from([1]), 'a'], '["message",{"base64":"AQ=="},"a"]'],
  [['nested', { a: [new Float32Array([0])] }], '["nested",{"a":[{"base64":"AAAAAA=="}]}]'],
];

describe('inwards', () => {
  for (const [text, event] of inwards) {
    test(JSON.stringify(text), () => assert.deepEqual(read(text), { event }));
  }

  test('names that only the library raises are refused, by name', () => {
    for (const name of ['connect', 'connect_error', 'disconnect', 'disconnecting']) {
      assert.deepEqual(read(`["${name}",1]`), { refusal: `"${name}" is a reserved event name` });
    }
  });

  test('what is nested too deep is refused before it is parsed', () => {
    const nested = (levels: number) => `["a",${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}]`;
    assert.equal(read(nested(256)).refusal, undefined);
    assert.match(read(nested(257)).refusal!, /256 levels/);
    assert.match(read(nested(400_000)).refusal!, /256 levels/);
    const text = '['.repeat(400_000);
    assert.deepEqual(read(text), { event: ['message', text] });
  });

  test('a name from the network is a value, never a key', () => {
    const { event } = read('["a",{"__proto__":{"polluted":true}}]');
    assert.equal(Object.hasOwn(event![1] as object, '__proto__'), true);
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  });
});

describe('outwards', () => {
  for (const [event, data] of outwards) {
    test(JSON.stringify(event), () => {
      const written = writeEvent(event);
      assert.deepEqual(typeof written === 'string' ? written : new Uint8Array(written), data);
    });
  }
});

test('what a plain client hears, said by another, is the same event', () => {
  const isReserved = (name: string) => read(JSON.stringify([name])).refusal !== undefined;
  const name = fc.oneof(fc.constant('message'), fc.string()).filter((one) => !isReserved(one));
  const argument = fc.oneof(
    fc.string(),
    fc.string().map((text) => JSON.stringify([text])),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(name, fc.array(argument, { maxLength: 3 }), (first, rest) => {
      // As it would come out of any JSON: -0 is 0 there.
      const event = JSON.parse(JSON.stringify([first, ...rest])) as unknown[];
      assert.deepEqual(read(writeEvent(event) as string).event, event);
    }),
  );
});

describe('the tables in docs/gateways.md', () => {
  const tables = marked('tested').filter(({ page }) => page.file === 'docs/gateways.md');
  const [said, heard] = tables.map(({ lines }) => rowsOf(lines));
  const bytes = Buffer.from([1, 2, 3]);
  const shown = (data: string | Uint8Array) => (typeof data === 'string' ? data : '<01 02 03>');

  for (const [text, event] of said!) {
    test(`inwards: ${text}`, () => assert.deepEqual(read(text!), { event: JSON.parse(event!) }));
  }

  for (const [json, plain, line] of heard!) {
    test(`outwards: ${json}`, () => {
      const event = (JSON.parse(json!.replace('<01 02 03>', 'null')) as unknown[]).map((one) => one ?? bytes);
      assert.equal(shown(writeEvent(event)), plain === 'a line break' ? '\r\n' : plain);
      assert.equal(dataLines(event), `data: ${line}\n`);
    });
  }
});
