// Links in the documentation: to files and headings that are there, to code that declares the name, to the demo's presets.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { declaredNames } from './declarations.ts';
import { Page, root } from './page.ts';
import { chapters, pages } from './pages.ts';

const index = pages.find(({ file }) => file === 'docs/README.md')!;
const fromRoot = (page: Page, target: string) => path.posix.join(path.posix.dirname(page.file), target);

/** What the laboratory of the demo's inspector can be opened with. */
function presets(): Set<string> {
  const file = path.join(root, 'static/inspector/presets.json');
  const list = JSON.parse(readFileSync(file, 'utf8')) as { id: string }[];
  return new Set(list.map(({ id }) => id));
}

describe('links', () => {
  for (const page of pages) {
    test(`${page.file}: each goes to a file and a heading that are there`, () => {
      for (const { target } of page.links) {
        if (/^(https?|wss?):/.test(target)) continue;
        const [file = '', anchor] = target.split('#');
        const there = fromRoot(page, file);
        assert.ok(file === '' || existsSync(path.join(root, there)), target);
        if (anchor === undefined) continue;
        const { anchors } = file === '' ? page : new Page(there);
        assert.ok(anchors.includes(anchor), `${target} is none of ${anchors.join(', ')}`);
      }
    });

    test(`${page.file}: each function that is named is in the file that is linked`, () => {
      for (const { text, target } of page.links) {
        const name = /^`([\w.]+)`$/.exec(text)?.[1];
        if (name === undefined || !target.endsWith('.ts')) continue;
        if (name === path.basename(target)) continue;
        const names = declaredNames(path.join(root, fromRoot(page, target)));
        assert.ok(names.has(name), `${target} does not declare ${name}`);
      }
    });

    test(`${page.file}: each preset of the laboratory is there`, () => {
      for (const { target } of page.links) {
        const id = /\/inspector\/#lab=(.+)$/.exec(target)?.[1];
        if (id !== undefined) assert.ok(presets().has(id), target);
      }
    });
  }

  test('the chapters name the code that they are about', () => {
    for (const { file, links } of chapters) {
      const code = links.filter(({ text, target }) => text.startsWith('`') && target.endsWith('.ts'));
      assert.ok(code.length >= 6, `${file} names ${code.length}`);
    }
  });

  test('the index has each chapter, in order', () => {
    const listed = index.links.map(({ target }) => target).filter((target) => /^\d\d-/.test(target));
    assert.deepEqual(
      listed,
      chapters.map(({ file }) => path.basename(file)),
    );
  });
});
