// Makes nothing twice: says whether a file is newer than what it is made from, and keeps the reference from build to build.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { Reference } from './reference.ts';

export const root = path.join(import.meta.dirname, '../..');

/** @param sources files and folders of the repository */
export function isCurrent(file: string, sources: readonly string[]): boolean {
  if (!existsSync(file)) return false;
  const newestSource = Math.max(...sources.map((source) => newest(path.join(root, source))));
  return statSync(file).mtimeMs > newestSource;
}

/** When a file, or anything below a folder, was changed last. Folders count, for what was taken out of them. */
function newest(place: string): number {
  const stats = statSync(place);
  const inside = stats.isDirectory() ? readdirSync(place) : [];
  return Math.max(stats.mtimeMs, ...inside.map((name) => newest(path.join(place, name))));
}

/** For what is kept from build to build, and no part of the package. */
export const kept = path.join(root, 'node_modules/.cache/wirehub');

const keptReference = path.join(kept, 'reference.json');

/** The reference, made anew only if the sources have changed: TypeDoc takes longer than all the rest of a build. */
export async function reference(): Promise<Reference> {
  if (isCurrent(keptReference, ['src', 'test/build-docs', 'package-lock.json'])) {
    return JSON.parse(readFileSync(keptReference, 'utf8')) as Reference;
  }
  const { makeReference } = await import('./reference.ts');
  const made = await makeReference(root);
  mkdirSync(kept, { recursive: true });
  // Whole, for others who build at the same time.
  const draft = `${keptReference}-${process.pid}`;
  writeFileSync(draft, JSON.stringify(made));
  renameSync(draft, keptReference);
  return made;
}
