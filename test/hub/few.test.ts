// The map of few entries against a Map: whatever is done to both, they say the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Few } from '../../src/hub/few.ts';

const key = fc.constantFrom('/', '/a', '/b', '/c');
const step = fc.oneof(
  fc.record({ do: fc.constant('set' as const), key, value: fc.option(fc.nat(9), { nil: undefined }) }),
  fc.record({ do: fc.constant('delete' as const), key }),
  fc.record({ do: fc.constant('clear' as const) }),
);

test('has what a Map has', () => {
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const few = new Few<string, number | undefined>();
      const map = new Map<string, number | undefined>();
      for (const one of steps) {
        if (one.do === 'set') for (const each of [few, map]) each.set(one.key, one.value);
        else if (one.do === 'delete') for (const each of [few, map]) each.delete(one.key);
        else for (const each of [few, map]) each.clear();
        assert.equal(few.size, map.size);
        assert.deepEqual(few.values().sort(), [...map.values()].sort());
        for (const name of ['/', '/a', '/b', '/c']) {
          assert.equal(few.has(name), map.has(name));
          assert.equal(few.get(name), map.get(name));
        }
      }
    }),
    { seed: 6455 },
  );
});
