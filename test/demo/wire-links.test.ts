// The inspector's links out: each chapter is there, and each function that it names is in the file that it names.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const root = path.join(import.meta.dirname, '../..');
const folder = path.join(root, 'static/inspector');
const modules = readdirSync(folder)
  .filter((name) => name.endsWith('.js'))
  .map((name) => readFileSync(path.join(folder, name), 'utf8'));
const fields = readFileSync(path.join(folder, 'fields.js'), 'utf8');

test('each chapter exists', () => {
  const chapters = [...fields.matchAll(/\['(\d\d-[\w-]+)', '[^']+'\]/g)].map(([, name]) => name!);
  assert.ok(chapters.length >= 10);
  assert.deepEqual(
    chapters.filter((name) => !existsSync(path.join(root, `docs/${name}.md`))),
    [],
  );
});

test('each function or class of src/ that is named is declared there', () => {
  const [, rules] = /const rules = '([^']+)'/.exec(fields)!;
  const named = modules
    .join('\n')
    .replaceAll('[rules,', `['${rules}',`)
    .matchAll(/'(protocol\/[\w/-]+\.ts)',\s*'(\w+)'/g);
  const all = [...named];
  assert.ok(all.length >= 10);
  for (const [, file, name] of all) {
    const text = readFileSync(path.join(root, 'src', file!), 'utf8');
    assert.match(text, new RegExp(`(function\\*?|class) ${name}\\b`), `${name} in ${file}`);
  }
});
