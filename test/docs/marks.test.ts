// Every code block of the documentation is held against something: by its language, or by the mark above it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { checkingKinds, checks, isCode, kinds } from './kinds.ts';
import { placeOf } from './page.ts';
import { pages } from './pages.ts';

/** Checked or drawn as they are. */
const needsNoMark = (language: string) => isCode(language) || ['json', 'mermaid', 'table'].includes(language);

const diagrams = /^(sequenceDiagram|stateDiagram-v2|flowchart|graph|timeline|packet(-beta)?|xychart-beta)\b/;

describe('kinds', () => {
  for (const [file, names] of Object.entries(checks)) {
    test(`${file} looks at each of its kinds`, () => {
      const source = readFileSync(path.join(import.meta.dirname, file), 'utf8');
      for (const name of names) assert.ok(source.includes(`'${name}'`), name);
    });
  }
});

describe('marks', () => {
  for (const { file, blocks, mistakes } of pages) {
    test(`${file}: each mark is of a kind that is checked, and has a block or a table below it`, () => {
      assert.deepEqual(mistakes, []);
      for (const block of blocks) {
        for (const { kind } of block.marks) assert.ok(kinds.includes(kind), `${placeOf(block)}: ${kind}`);
      }
    });

    test(`${file}: each code block is checked`, () => {
      const unchecked = blocks
        .filter(({ language }) => !needsNoMark(language))
        .filter(({ marks }) => !marks.some(({ kind }) => checkingKinds.includes(kind)))
        .map((block) => `${placeOf(block)} (${block.language || 'no language'})`);
      assert.deepEqual(unchecked, [], 'give it a language or a mark, see test/docs/README.md');
    });

    test(`${file}: what is not checked says why, and is no code`, () => {
      for (const block of blocks) {
        for (const { kind, of } of block.marks) {
          if (kind !== 'unchecked') continue;
          assert.ok(!isCode(block.language), `${placeOf(block)} can be compiled`);
          assert.ok(of.split(' ').length >= 3, `${placeOf(block)} says no reason`);
        }
      }
    });

    test(`${file}: JSON is JSON, and diagrams are diagrams`, () => {
      for (const block of blocks) {
        if (block.language === 'json') JSON.parse(block.lines.join('\n'));
        if (block.language === 'mermaid') assert.match(block.lines[0] ?? '', diagrams, placeOf(block));
      }
    });
  }
});
