// The tables about broadcasts whose numbers follow from each other.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowsOf } from './page.ts';
import { theOne } from './pages.ts';

test('the traffic is worked out right', () => {
  for (const row of rowsOf(theOne('traffic').lines)) {
    const [clients, perSecond, bytes, total] = row.map((cell) => Number.parseFloat(cell.replaceAll(',', '')));
    assert.equal((clients! * perSecond! * bytes!) / 1e6, total, row.join(' '));
  }
});
