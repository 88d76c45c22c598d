// Spends tokens at chosen times, and looks at which are granted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TokenBucket } from '../../src/demo/token-bucket.ts';

test('grants a burst, then the rate, and never saves up more than a burst', () => {
  const bucket = new TokenBucket(3, 2, 0);
  const granted = (now: number, tries: number) =>
    Array.from({ length: tries }, () => bucket.take(now)).filter(Boolean).length;
  assert.equal(granted(0, 5), 3);
  assert.equal(granted(499, 1), 0);
  assert.equal(granted(500, 2), 1);
  assert.equal(granted(1500, 5), 2);
  assert.equal(granted(1_000_000, 9), 3);
});
