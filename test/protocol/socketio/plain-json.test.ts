// The quick way to JSON against JSON.stringify: the same text, or none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { plainJson } from '../../../src/protocol/socketio/plain-json.ts';

const item = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constantFrom(null, undefined, -0, 'a"b', '\\', '\u007f', '\u2028', '\ud800'),
);

test('says what JSON.stringify says, or nothing', () => {
  fc.assert(
    fc.property(fc.oneof(fc.array(item), fc.anything()), (data) => {
      const json = plainJson(data);
      if (json !== undefined) assert.equal(json, JSON.stringify(data));
    }),
    { seed: 6455, numRuns: 2000 },
  );
});

test('does so for texts, numbers, truths and null, of which JSON writes all as they are', () => {
  const lists = [
    [],
    ['chat', 'hello, world!'],
    ['n', 0, -0, 1.5, -7, 1e21, 5e-324],
    [true, false, null],
    [''],
  ];
  for (const list of lists) assert.equal(plainJson(list), JSON.stringify(list));
});

test('leaves to JSON.stringify what it would change', () => {
  // biome-ignore lint/suspicious/noSparseArray: a hole is what is tested
  const holed = [1, , 2];
  const ownForm = Object.assign(['a'], { toJSON: () => 'b' });
  const others = ['text', 7, {}, null, ['"'], ['\\'], ['ä'], ['\n'], [NaN], [Infinity], [1n], [undefined]];
  for (const data of [...others, [[]], [{}], [() => {}], [Symbol()], holed, ownForm, ['x'.repeat(1000)]])
    assert.equal(plainJson(data), undefined);
});
