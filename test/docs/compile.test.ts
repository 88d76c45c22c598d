// Every program in the documentation compiles against the types of the package.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compileErrors } from './compile.ts';
import { placeOf } from './page.ts';
import { blocks } from './pages.ts';

describe('programs', () => {
  for (const [block, errors] of compileErrors(blocks)) {
    test(`${placeOf(block)} compiles`, () => assert.deepEqual(errors, []));
  }
});
