// Gathers all pages of the docs: the repository in; rendered pages, the order in which they are read and their pictures out.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { addressOf, isElsewhere, ofTheDemo, targetOf } from './addresses.ts';
import { declarationNamed } from './declarations.ts';
import { escapeHtml } from './highlight.ts';
import type { Entry, Page, Section } from './layout.ts';
import { type Rendered, renderMarkdown } from './markdown.ts';
import { renderSource, type SourcePage } from './source-page.ts';

export interface Book {
  readonly pages: readonly Page[];
  readonly sections: readonly Section[];
  /** Files that pages show as they are. */
  readonly pictures: readonly string[];
}

/**
 * @param generated Markdown that is in no file, by the path that it would have
 * @throws Error for a link that leads nowhere
 */
export function gather(root: string, generated: ReadonlyMap<string, string>): Book {
  const library = new Library(root, generated);
  const chapters = library.markdownIn('docs');
  for (const file of chapters) library.page(file);
  library.page('src');
  for (const file of library.filesIn('src')) library.page(file);
  const sections = sectionsOf(library, chapters);
  const inOrder = sections.flatMap(({ files }) => files);
  const whole = wholeBook(library, inOrder);
  return {
    pages: [...library.all(), whole],
    sections: sections.map(({ title, files }) => ({
      title,
      entries: files.map((file) => entryOf(library, file)),
    })),
    pictures: [...library.pictures],
  };
}

class Library {
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

interface Shelf {
  readonly title: string;
  readonly files: readonly string[];
}

const sourceTitle = 'The source, file by file';

/** What the index calls a page is shorter than its title. */
function entryOf(library: Library, file: string): Entry {
  const { address, title } = library.page(file);
  return { address, title: file === 'src' ? sourceTitle : (indexed(library).get(file) ?? title) };
}

/** The files that the index links to, in its order, with the text of the link. */
function indexed(library: Library): Map<string, string> {
  const index = library.text('docs/README.md');
  const links = [...index.matchAll(/\[([^\]]+)\]\(([^)#]+\.md)\)/g)];
  return new Map(
    links.map(([, text, target]) => [targetOf('docs/README.md', target!).file, text!.replaceAll('`', '')]),
  );
}

/** Chapters by their number; all others in the order in which the index names them. */
function sectionsOf(library: Library, files: readonly string[]): Shelf[] {
  const named = [...indexed(library).keys()];
  const rank = (file: string) => (named.includes(file) ? named.indexOf(file) : named.length);
  const listed = [...files].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const isChapter = (file: string) => /^docs\/\d\d-/.test(file);
  const isGuide = (file: string) => file.startsWith('docs/guides/');
  const isReference = (file: string) => file.startsWith('docs/reference/');
  const others = listed.filter(
    (file) => !isChapter(file) && !isGuide(file) && !isReference(file) && file !== 'docs/README.md',
  );
  return [
    { title: 'The walk along the wire', files: ['docs/README.md', ...listed.filter(isChapter)] },
    { title: 'Guides', files: listed.filter(isGuide) },
    { title: 'For users', files: others },
    { title: 'Reference', files: [...listed.filter(isReference), 'src'] },
  ].filter((shelf) => shelf.files.length > 0);
}

/** All texts one below the other, so that the search of a browser finds everything; links between them stay on the page. */
function wholeBook(library: Library, files: readonly string[]): Page {
  const texts = files.filter((file) => file.endsWith('.md'));
  const nameOf = (file: string) =>
    addressOf(file).slice('/docs/'.length, -1).replaceAll('/', '-') || 'overview';
  const rendered = texts.map((file) => {
    const prefix = `${nameOf(file)}--`;
    return library.render(file, prefix, (target, text) => {
      const to = isElsewhere(target) ? undefined : targetOf(file, target);
      if (to === undefined || !texts.includes(to.file)) return library.resolve(file, target, text);
      return to.anchor ? `#${nameOf(to.file)}--${to.anchor}` : `#${nameOf(to.file)}`;
    });
  });
  // One heading of the first level on a page; the panels live on their own pages.
  const articles = rendered.map(({ html }, i) => {
    const lower = html.replace(
      /<(\/?)h([1-5])/g,
      (_tag, slash: string, depth: string) => `<${slash}h${Number(depth) + 1}`,
    );
    return `<article id="${nameOf(texts[i]!)}">${lower.replace(/<div class="panel".*?<\/div>/g, '')}</article>`;
  });
  const title = 'Everything on one page';
  const html = `<h1>${title}</h1>\n<p>For the search of your browser (Ctrl+F), and for paper.</p>\n${articles.join('\n')}`;
  return { address: '/docs/all/', title, html, headings: [], panels: [], kind: 'whole' };
}
