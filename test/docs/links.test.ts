// Links in docs/: each goes to a file and heading that are there, and each name of code to a file that declares it.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { Chapter, chapters, docs } from './chapter.ts';
import { declaredNames } from './declarations.ts';

const index = new Chapter('README.md');

describe('links', () => {
  for (const chapter of [index, ...chapters]) {
    test(`${chapter.name}: each goes to a file and a heading that are there`, () => {
      for (const { target } of chapter.links) {
        if (/^https?:/.test(target)) continue;
        const [file = '', anchor] = target.split('#');
        assert.ok(existsSync(path.join(docs, file)), target);
        if (anchor === undefined) continue;
        const there = file === '' ? chapter : new Chapter(file);
        assert.ok(there.anchors.includes(anchor), `${target} is none of ${there.anchors.join(', ')}`);
      }
    });

    test(`${chapter.name}: each function that is named is in the file that is linked`, () => {
      for (const { text, target } of chapter.links) {
        const name = /^`([\w.]+)`$/.exec(text)?.[1];
        if (name === undefined || !target.endsWith('.ts')) continue;
        if (name === path.basename(target)) continue;
        assert.ok(declaredNames(path.join(docs, target)).has(name), `${target} does not declare ${name}`);
      }
    });
  }

  test('the chapters name the code that they are about', () => {
    for (const { name, links } of chapters) {
      const code = links.filter(({ text, target }) => text.startsWith('`') && target.endsWith('.ts'));
      assert.ok(code.length >= 10, `${name} names ${code.length}`);
    }
  });

  test('the index has each chapter, in order', () => {
    const listed = index.links.map(({ target }) => target).filter((target) => /^\d\d-/.test(target));
    assert.deepEqual(
      listed,
      chapters.map(({ name }) => name),
    );
  });
});
