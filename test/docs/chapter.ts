// A Markdown file of docs/ in; its marked blocks and tables, links and headings out.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const docs = path.join(import.meta.dirname, '../../docs');

/** A code block or table below a comment such as `<!-- vector: frames/hi -->`. */
export interface Marked {
  readonly kind: string;
  /** What stands behind the colon, if anything. */
  readonly of: string;
  readonly lines: readonly string[];
}

export interface Link {
  readonly text: string;
  readonly target: string;
}

export class Chapter {
  readonly name: string;
  readonly text: string;

  constructor(name: string) {
    this.name = name;
    this.text = readFileSync(path.join(docs, name), 'utf8');
  }

  get marked(): Marked[] {
    const pattern = /<!-- (\w+)(?:: (\S+))? -->\n+(?:```\w*\n([\s\S]*?)\n```|((?:\|.*\n)+))/g;
    return [...this.text.matchAll(pattern)].map(([, kind, of = '', block, table]) => ({
      kind: kind!,
      of,
      lines: (block ?? table!.trimEnd()).split('\n'),
    }));
  }

  /** Every comment that marks something, whether a block follows or not. */
  get markers(): number {
    return [...this.text.matchAll(/<!--/g)].length;
  }

  /** Code blocks that no marker stands above, without mermaid's. */
  get unmarkedBlocks(): string[] {
    const marked = new Set(this.marked.map(({ lines }) => lines.join('\n')));
    return [...this.text.matchAll(/^```(\w*)\n([\s\S]*?)\n```$/gm)]
      .filter(([, language, block]) => language !== 'mermaid' && !marked.has(block!))
      .map(([, , block]) => block!);
  }

  /** The text without code blocks. */
  get #prose(): string {
    return this.text.replace(/^```[\s\S]*?^```$/gm, '');
  }

  get links(): Link[] {
    return [...this.#prose.matchAll(/\[([^\]]+)\]\(([^)\s]+)\)/g)].map(([, text, target]) => ({
      text: text!,
      target: target!,
    }));
  }

  /** What a `#` in a link may name, as GitHub makes it from headings. */
  get anchors(): string[] {
    return [...this.#prose.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    );
  }
}

/** The cells of a table's rows, without the heading; without the marks of code. */
export function rowsOf(lines: readonly string[]): string[][] {
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

export const chapters: readonly Chapter[] = readdirSync(docs)
  .filter((name) => /^\d\d-.*\.md$/.test(name))
  .map((name) => new Chapter(name));

/** All blocks and tables of a kind, in all chapters. */
export function marked(kind: string): Marked[] {
  return chapters.flatMap((chapter) => chapter.marked.filter((one) => one.kind === kind));
}
