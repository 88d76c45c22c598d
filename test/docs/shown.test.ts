// The docs as pages: everything in them can be shown on the site as well as on GitHub.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { gather } from '../build-docs/book.ts';

test('every page can be made: links lead somewhere, languages are known, diagrams can be drawn', () => {
  const { pages } = gather(path.join(import.meta.dirname, '../..'), new Map());
  for (const { address, title } of pages) assert.notEqual(title, '', address);
});
