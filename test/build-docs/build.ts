// Builds the docs into the folder named on the command line, unless they are newer than all they are made from.
import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isCurrent, kept, reference, root } from './cached.ts';

/** What pages are made from. */
const sources = [
  'docs',
  'src',
  'test/build-docs',
  'static/index.html',
  'test/vectors',
  'package-lock.json',
  'CHANGELOG.md',
];

/** What is in a finished folder besides the pages. */
const stamp = 'built.txt';

/**
 * Leaves a folder that is whole, even if several build it at the same time.
 *
 * @param folder default: one for tests, who share it, because the one for the demo may be removed under their feet
 * @returns the folder
 */
export async function buildDocs(folder: string = path.join(kept, 'docs')): Promise<string> {
  if (isCurrent(path.join(folder, stamp), sources)) return folder;
  const begun = new Date();
  // Only now, because they take a second to load.
  const [{ gather }, { frame }] = await Promise.all([import('./book.ts'), import('./layout.ts')]);
  const { pages } = await reference();
  const book = gather(root, new Map(pages));
  const inFrame = frame(root, book.sections);
  const draft = `${folder}-${process.pid}`;
  for (const page of book.pages) {
    const place = path.join(draft, page.address.slice('/docs/'.length));
    mkdirSync(place, { recursive: true });
    writeFileSync(path.join(place, 'index.html'), inFrame(page));
  }
  for (const picture of book.pictures) {
    cpSync(path.join(root, picture), path.join(draft, picture.replace(/^docs\//, '')));
  }
  writeFileSync(path.join(draft, stamp), begun.toISOString());
  put(draft, folder);
  return folder;
}

/** Another who builds the same may have been quicker, and somebody may read what is there. */
function put(draft: string, folder: string): void {
  if (isCurrent(path.join(folder, stamp), sources)) return rmSync(draft, { recursive: true });
  rmSync(folder, { recursive: true, force: true });
  renameSync(draft, folder);
}

const [, program, folder] = process.argv;
if (program === import.meta.filename && folder !== undefined) await buildDocs(path.resolve(folder));
