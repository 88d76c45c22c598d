// A Markdown file in; its code blocks and tables with the marks above them, its panels, links and headings out.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { anchorMaker } from './anchors.ts';
import { givenNames } from './given.ts';

export const root = path.join(import.meta.dirname, '../..');

/** A comment such as `<!-- vector: frames/hi -->`: it says what the block or table below it is checked against. */
export interface Mark {
  readonly kind: string;
  /** What stands behind the colon. */
  readonly of: string;
  /** What may differ from run to run, in `<!-- replay: demo; varying /a/ /b/ -->`. */
  readonly varying: readonly RegExp[];
}

export interface Block {
  readonly page: Page;
  /** Of its first line in the page, from 1. */
  readonly line: number;
  /** Of a code block; `table` for a table. */
  readonly language: string;
  readonly lines: readonly string[];
  readonly marks: readonly Mark[];
  /** Code in front of a program that readers do not see: of `<!-- given: io -->`, or of a comment of several lines. */
  readonly given: string;
}

export interface Link {
  readonly text: string;
  readonly target: string;
}

export class Page {
  /** Below the root of the repository, with slashes. */
  readonly file: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  /** Marks that no block or table follows, and code blocks that do not end. */
  readonly mistakes: readonly string[];

  constructor(file: string) {
    this.file = file;
    this.text = readFileSync(path.join(root, file), 'utf8');
    const { blocks, mistakes } = readBlocks(this);
    this.blocks = blocks;
    this.mistakes = mistakes;
  }

  /** The text without code blocks. */
  get #prose(): string {
    return this.text.replace(/^( *)```[\s\S]*?^\1```$/gm, '');
  }

  get links(): Link[] {
    return [...this.#prose.matchAll(/\[([^\]]+)\]\(([^)\s]+)\)/g)].map(([, text, target]) => ({
      text: text!,
      target: target!,
    }));
  }

  /** What a `#` in a link may name. */
  get anchors(): string[] {
    const anchorOf = anchorMaker();
    return [...this.#prose.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) => anchorOf(heading!));
  }
}

/** Goes through a page line by line: comments gather, and belong to the block or table that follows. */
function readBlocks(page: Page): { blocks: Block[]; mistakes: string[] } {
  const lines = page.text.split('\n');
  const blocks: Block[] = [];
  const mistakes: string[] = [];
  let comments: string[] = [];

  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    const [, indent, language] = /^( *)```(\S*)$/.exec(line) ?? [];
    const start = at;
    const add = (kind: string, inner: string[]) => {
      blocks.push({ page, line: start + 1, language: kind, lines: inner, ...readComments(comments) });
      comments = [];
    };
    if (line.trimStart().startsWith('<!--')) {
      while (at < lines.length - 1 && !lines[at]!.trimEnd().endsWith('-->')) at++;
      const comment = lines.slice(start, at + 1).join('\n');
      comments.push(comment.replace(/^\s*<!--|-->\s*$/g, '').trim());
    } else if (language !== undefined) {
      while (++at < lines.length && lines[at] !== `${indent}\`\`\``);
      if (at === lines.length) mistakes.push(`${page.file}:${start + 1} does not end`);
      add(
        language,
        lines.slice(start + 1, at).map((inner) => inner.slice(indent!.length)),
      );
    } else if (line.startsWith('|')) {
      while (lines[at + 1]?.startsWith('|')) at++;
      add('table', lines.slice(start, at + 1));
    } else if (line.trim() !== '' && comments.length > 0) {
      mistakes.push(`${page.file}:${start + 1} is no block, but has a mark: ${comments.join(', ')}`);
      comments = [];
    }
  }
  if (comments.length > 0) mistakes.push(`${page.file} ends in a mark: ${comments.join(', ')}`);
  return { blocks, mistakes };
}

function readComments(comments: readonly string[]): Pick<Block, 'marks' | 'given'> {
  const isGiven = (comment: string) => /^given[:\n]/.test(comment);
  return {
    marks: comments.filter((comment) => !isGiven(comment)).map(readMark),
    given: comments
      .filter(isGiven)
      .map((comment) => (comment[5] === ':' ? givenNames(comment.slice(6).trim()) : comment.slice(6)))
      .join('\n'),
  };
}

function readMark(comment: string): Mark {
  const [, kind = comment, of = '', varying = ''] =
    /^([\w ]+?)(?:: ([^;]*?))?(?:; varying (.*))?$/.exec(comment) ?? [];
  return {
    kind,
    of,
    varying: [...varying.matchAll(/\/((?:\\.|[^/])+)\//g)].map(([, pattern]) => new RegExp(pattern!, 'gmu')),
  };
}

/** The cells of a table's rows, without the heading; without the marks of code. */
export function rowsOf(lines: readonly string[]): string[][] {
  return lines.slice(2).map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

/** Where a block is, to be found again. */
export const placeOf = ({ page, line }: Block) => `${page.file}:${line}`;
