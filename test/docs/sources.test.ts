// Parts of files in the documentation are parts of the files, and what tests of their own check is named in them.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { placeOf, root } from './page.ts';
import { marked } from './pages.ts';

/** Without the indentation that all lines share. */
function outdented(lines: readonly string[]): string[] {
  const indents = lines.filter(Boolean).map((line) => /^ */.exec(line)![0].length);
  return lines.map((line) => line.slice(Math.min(...indents)));
}

/** Whether the lines follow each other in the file; one that is `…` stands for any number of lines. */
function isExcerpt(lines: readonly string[], source: readonly string[]): boolean {
  const parts = lines.join('\n').split(/\n *…\n/);
  let from = 0;
  for (const part of parts.map((one) => one.split('\n'))) {
    while (
      from <= source.length - part.length &&
      !equal(part, outdented(source.slice(from, from + part.length)))
    ) {
      from++;
    }
    if (from > source.length - part.length) return false;
    from += part.length;
  }
  return true;
}

const equal = (one: readonly string[], other: readonly string[]) =>
  outdented(one).join('\n') === other.join('\n');

describe('sources', () => {
  for (const { mark, lines, ...block } of marked('excerpt')) {
    test(`${placeOf({ ...block, lines })} is in ${mark.of}`, () => {
      const source = readFileSync(path.join(root, mark.of), 'utf8').split('\n');
      assert.ok(isExcerpt(lines, source), lines.join('\n'));
    });
  }

  for (const { mark, page, ...block } of marked('tested')) {
    test(`${placeOf({ ...block, page })} is read by ${mark.of}`, () => {
      const file = path.join(root, mark.of);
      assert.ok(existsSync(file), `there is no ${mark.of}`);
      assert.ok(
        readFileSync(file, 'utf8').includes(path.basename(page.file)),
        `${mark.of} does not name the page`,
      );
    });
  }
});
