// At most so much work at once; what waits is done in the order in which it came.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Limiter } from '../../../src/protocol/rfc7692/limiter.ts';

describe('Limiter', () => {
  test('runs as much as it is allowed to at once, and the rest in order as places are free', () => {
    const limiter = new Limiter(2);
    const begun: number[] = [];
    const finish: (() => void)[] = [];
    for (let index = 0; index < 5; index++) {
      limiter.run((done) => {
        begun.push(index);
        finish[index] = done;
      });
    }
    assert.deepEqual(begun, [0, 1]);
    finish[1]!();
    assert.deepEqual(begun, [0, 1, 2]);
    finish[0]!();
    finish[2]!();
    assert.deepEqual(begun, [0, 1, 2, 3, 4]);
    finish[3]!();
    finish[4]!();
    limiter.run(() => begun.push(5));
    assert.equal(begun.at(-1), 5);
  });

  test('takes work that is done at once, and work that brings more work', () => {
    const limiter = new Limiter(1);
    const order: string[] = [];
    limiter.run((done) => {
      limiter.run((doneToo) => {
        order.push('second');
        doneToo();
      });
      order.push('first');
      done();
    });
    limiter.run(() => order.push('third'));
    assert.deepEqual(order, ['first', 'second', 'third']);
  });

  test('with a bound below one still does one at a time', () => {
    const done: number[] = [];
    const limiter = new Limiter(0);
    limiter.run(() => done.push(1));
    limiter.run(() => done.push(2));
    assert.deepEqual(done, [1]);
  });

  test('is the same for all that share it', () => {
    assert.equal(Limiter.shared(10), Limiter.shared(3));
  });
});
