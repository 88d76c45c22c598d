// The pages that are held to be true: README.md, docs/*.md and docs/guides/*.md.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { type Block, type Mark, Page, root } from './page.ts';

function pagesIn(folder: string): Page[] {
  if (!existsSync(path.join(root, folder))) return [];
  return readdirSync(path.join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => new Page(`${folder}/${name}`));
}

export const pages: readonly Page[] = [new Page('README.md'), ...pagesIn('docs'), ...pagesIn('docs/guides')];

/** The walk along the wire, in order. */
export const chapters: readonly Page[] = pages.filter(({ file }) => /^docs\/\d\d-/.test(file));

export const blocks: readonly Block[] = pages.flatMap((page) => page.blocks);

/** All blocks and tables with a mark of a kind, and that mark. */
export function marked(kind: string): (Block & { mark: Mark })[] {
  return blocks.flatMap((block) => {
    const mark = block.marks.find((one) => one.kind === kind);
    return mark === undefined ? [] : [{ ...block, mark }];
  });
}

/** The only block or table of its kind. */
export function theOne(kind: string): Block {
  const [first, ...others] = marked(kind);
  if (first === undefined || others.length > 0)
    throw new Error(`${kind}: not one, but ${marked(kind).length}`);
  return first;
}
