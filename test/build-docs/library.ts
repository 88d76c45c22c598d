// The files of the repository as pages: paths in; rendered pages out, with links resolved, and what else these pages need.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { addressOf, isElsewhere, ofTheDemo, targetOf } from './addresses.ts';
import { declarationNamed } from './declarations.ts';
import { escapeHtml } from './highlight.ts';
import type { Page } from './layout.ts';
import { type Rendered, renderMarkdown } from './markdown.ts';
import { renderSource, type SourcePage } from './source-page.ts';

export class Library {
  readonly pictures = new Set<string>();
  readonly #pages = new Map<string, Page>();
  readonly #sources = new Map<string, SourcePage>();
  readonly #root: string;
  readonly #generated: ReadonlyMap<string, string>;
  /** Files that a page links to, and whose own page is still to be made. */
  readonly #owed = new Set<string>();

  constructor(root: string, generated: ReadonlyMap<string, string>) {
    this.#root = root;
    this.#generated = generated;
  }

  text(file: string): string {
    return this.#generated.get(file) ?? readFileSync(path.join(this.#root, file), 'utf8');
  }

  filesIn(folder: string): string[] {
    return readdirSync(path.join(this.#root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) =>
        path.relative(this.#root, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'),
      )
      .sort();
  }

  markdownIn(folder: string): string[] {
    const written = this.filesIn(folder).filter((file) => file.endsWith('.md'));
    return [...written, ...this.#generated.keys()];
  }

  page(file: string): Page {
    const made = this.#pages.get(file);
    if (made !== undefined) return made;
    this.#owed.delete(file);
    const page = this.#make(file);
    this.#pages.set(file, page);
    return page;
  }

  /** All pages, those that are only linked to as well. */
  all(): Page[] {
    for (const file of this.#owed) this.page(file);
    return [...this.#pages.values()];
  }

  render(file: string, prefix: string, link: (target: string, text: string) => string): Rendered {
    try {
      return renderMarkdown(this.text(file), { prefix, link });
    } catch (error) {
      throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
    }
  }

  /** The address that a link means. */
  resolve(from: string, target: string, text: string): string {
    if (isElsewhere(target)) return ofTheDemo(target);
    const { file, anchor } = targetOf(from, target);
    if (/\.(png|svg|gif|webp)$/.test(file)) {
      this.pictures.add(file);
      return `/docs/${file.replace(/^docs\//, '')}`;
    }
    if (!this.#generated.has(file) && !existsSync(path.join(this.#root, file))) {
      throw new Error(`${from} links to ${target}, which is not there`);
    }
    if (!this.#pages.has(file)) this.#owed.add(file);
    const named = anchor || (file.endsWith('.ts') ? this.#anchorFor(file, text) : '');
    return file === from && anchor ? `#${anchor}` : addressOf(file) + (named && `#${named}`);
  }

  #make(file: string): Page {
    const address = addressOf(file);
    if (file.endsWith('.md')) {
      const rendered = this.render(file, '', (target, text) => this.resolve(file, target, text));
      return { ...rendered, address, kind: 'text' };
    }
    const folder = statSync(path.join(this.#root, file)).isDirectory();
    const html = folder ? this.#listing(file) : this.#breadcrumbs(file) + this.#source(file).html;
    return { address, title: file, html, headings: [], panels: [], kind: folder ? 'text' : 'source' };
  }

  #source(file: string): SourcePage {
    const made = this.#sources.get(file) ?? renderSource(file, this.text(file));
    this.#sources.set(file, made);
    return made;
  }

  #anchorFor(file: string, text: string): string {
    return declarationNamed(this.#source(file).declarations, text)?.name ?? '';
  }

  /** The path, with links to those of its folders that have a page, and the sentence that the file opens with. */
  #breadcrumbs(file: string): string {
    const source = file.startsWith('src/') ? '<a href="/docs/src/">src</a>/' : '';
    return `<h1 class="path">${source}${escapeHtml(source ? file.slice('src/'.length) : file)}</h1>\n`;
  }

  #listing(folder: string): string {
    let html = `<h1 class="path">${folder}/</h1>\n`;
    const files = this.filesIn(folder);
    for (const inside of new Set(files.map((file) => path.posix.dirname(file)))) {
      const here = files.filter((file) => path.posix.dirname(file) === inside);
      const items = here.map((file) => {
        if (!this.#pages.has(file)) this.#owed.add(file);
        const sentence = file.endsWith('.ts') ? /^(?:#!.*\n)?\/\/ (.*)/.exec(this.text(file))?.[1] : '';
        return `<dt><a href="${addressOf(file)}">${path.posix.basename(file)}</a></dt><dd>${escapeHtml(sentence ?? '').replace(/`([^`]+)`/g, '<code>$1</code>')}</dd>`;
      });
      const title = inside === folder ? '' : `<h2 id="${inside.slice(folder.length + 1)}">${inside}/</h2>\n`;
      html += `${title}<dl class="files">${items.join('\n')}</dl>\n`;
    }
    return html;
  }
}
