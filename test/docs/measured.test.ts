// Tables of measured numbers against docs/data/*.json, which the command that is named there makes again.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { placeOf, root, rowsOf } from './page.ts';
import { marked } from './pages.ts';

interface Measurement {
  /** What makes it again. */
  readonly command: string;
  /** The tables, by name; each row a text and numbers. */
  readonly tables: Readonly<Record<string, readonly (readonly (string | number)[])[]>>;
}

/** A number as the tables have it; a unit may follow it in the cell. */
const written = (value: string | number) =>
  typeof value === 'number' ? value.toLocaleString('en-US', { maximumFractionDigits: 3 }) : value;

describe('measurements', () => {
  for (const { mark, lines, ...block } of marked('measured')) {
    test(`${placeOf({ ...block, lines })} is ${mark.of}`, () => {
      const [file, table] = mark.of.split('/') as [string, string];
      const measured = readFileSync(path.join(root, `docs/data/${file}.json`), 'utf8');
      const { command, tables } = JSON.parse(measured) as Measurement;
      assert.ok(block.page.text.includes(command), `the page does not say how to make it again: ${command}`);
      const rows = tables[table];
      assert.ok(rows, `there is no table ${table} in ${file}.json`);
      const cells = rowsOf(lines).map((row) =>
        row.map((cell) => cell.replace(/^([\d,.]+) (s|ms|µs|kB|%)$/, '$1')),
      );
      assert.deepEqual(
        cells,
        rows.map((row) => row.map(written)),
      );
    });
  }
});
