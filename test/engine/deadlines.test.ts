// Many waits on one timer: in order, as long as they may be, whatever happens at their end.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Deadlines } from '../../src/engine/deadlines.ts';

describe('many waits on one timer', () => {
  test('end in their order, and not those that were given up', async () => {
    const due: string[] = [];
    await new Promise<void>((resolve) => {
      const deadlines = new Deadlines<string>(20, (item) => {
        due.push(item);
        if (item === 'd') resolve();
      });
      for (const item of ['a', 'b', 'c', 'd']) deadlines.add(item);
      deadlines.delete('b');
      deadlines.add('a');
      deadlines.delete('d');
      deadlines.add('d');
    });
    assert.deepEqual(due, ['c', 'a', 'd']);
  });

  test('may begin inside of the end of others', async () => {
    let rounds = 0;
    await new Promise<void>((resolve) => {
      const deadlines = new Deadlines<string>(5, (item) => {
        if (++rounds === 6) resolve();
        else if (rounds < 5) deadlines.add(item);
      });
      deadlines.add('a');
      deadlines.add('b');
    });
    assert.equal(rounds, 6);
  });

  test('may be longer than any timer', () => {
    const deadlines = new Deadlines<string>(Number.POSITIVE_INFINITY, () => assert.fail());
    deadlines.add('a');
    assert.equal(deadlines.isOverdue('a'), false);
    deadlines.delete('a');
  });

  test('that are over are so before the timer says it', () => {
    const deadlines = new Deadlines<string>(1000, () => assert.fail());
    deadlines.add('a', performance.now() - 1000);
    assert.equal(deadlines.isOverdue('a'), true);
    deadlines.delete('a');
    assert.equal(deadlines.isOverdue('a'), false);
  });
});
