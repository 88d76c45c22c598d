// The tables and the chart about lost connections: delays, the storm, which ends can be recovered from.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { backoff } from '../../src/client/backoff.ts';
import { settings } from '../../src/client/manager-api.ts';
import { type DisconnectReason, isRecoverable } from '../../src/hub/disconnect-reason.ts';
import { root, rowsOf } from './page.ts';
import { theOne } from './pages.ts';
import { storm, stormChart } from './storm.ts';

const chosen = {
  reconnectionDelay: () => settings.reconnectionDelay,
  reconnectionDelayMax: () => settings.reconnectionDelayMax,
  randomizationFactor: () => settings.randomizationFactor,
};

test('the delays are those of the client', () => {
  for (const [attempt, doubled, least, most] of rowsOf(theOne('delays').lines)) {
    const before = Number(attempt) - 1;
    const delays = Array.from({ length: 1000 }, (_, at) => backoff(chosen, before, at / 1000));
    const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
    assert.deepEqual(
      [doubled, least, most],
      [settings.reconnectionDelay * 2 ** before, Math.min(...delays), Math.max(...delays)].map(seconds),
    );
  }
});

test('the chart is what the program draws', () => {
  assert.equal(
    readFileSync(path.join(root, 'docs/images/storm.svg'), 'utf8'),
    stormChart(),
    'npx tsx test/docs/draw-storm.ts',
  );
});

test('the storms are those of the chart', () => {
  for (const [factor, worst] of rowsOf(theOne('storms').lines)) {
    assert.equal(worst, storm(Number(factor)).worst.toLocaleString('en-US'));
  }
});

test('the reasons that can be recovered from are those of the code', () => {
  const rows = rowsOf(theOne('reasons').lines);
  assert.equal(rows.length, 9);
  for (const [reason, , recovered] of rows) {
    assert.equal(recovered, isRecoverable(reason as DisconnectReason) ? 'yes' : 'no', reason);
  }
});
