// Spends tokens at chosen times, and looks at which are granted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TokenBucket } from '../../src/demo/token-bucket.ts';

test('grants a burst, then the rate, and never saves up more than a burst', () => {
  const bucket = new TokenBucket(3, 2, 0);
  const granted = (now: number, tries: number) =>
    Array.from({ length: tries }, () => bucket.take(1, now)).filter(Boolean).length;
  assert.equal(granted(0, 5), 3);
  assert.equal(granted(499, 1), 0);
  assert.equal(granted(500, 2), 1);
  assert.equal(granted(1500, 5), 2);
  assert.equal(granted(1_000_000, 9), 3);
});

test('refuses what costs more than there is, and keeps the rest for what costs less', () => {
  const bucket = new TokenBucket(10, 1, 0);
  assert.equal(bucket.take(8, 0), true);
  assert.equal(bucket.take(3, 0), false);
  assert.equal(bucket.take(2, 0), true);
  assert.equal(bucket.take(11, 1_000_000), false);
});
