// Binds the pages of the docs: the repository in; rendered pages, the order in which they are read and their pictures out.
import { addressOf, isElsewhere, targetOf } from './addresses.ts';
import type { Entry, Page, Section } from './layout.ts';
import { Library } from './library.ts';

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
