// Puts a page into its frame: what is on it and where it stands in; a whole HTML document out.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { escapeHtml } from './highlight.ts';
import type { Heading } from './markdown.ts';

export interface Entry {
  readonly address: string;
  readonly title: string;
}

/** A part of the book: chapters, guides, reference. */
export interface Section {
  readonly title: string;
  readonly entries: readonly Entry[];
}

export interface Page extends Entry {
  readonly html: string;
  readonly headings: readonly Heading[];
  readonly panels: readonly string[];
  /** A class of the main part, for styles. */
  readonly kind: 'text' | 'source' | 'whole';
}

/** The links between the pages of the demo, as its first page has them. */
function siteLinks(root: string): string {
  const page = readFileSync(path.join(root, 'static/index.html'), 'utf8');
  const links = /<nav class="site"[^>]*>(.*?)<\/nav>/s.exec(page)?.[1] ?? '';
  return links
    .replace(/ aria-current="page"/g, '')
    .replace('<a href="/docs/"', '<a href="/docs/" aria-current="page"')
    .trim();
}

export function frame(root: string, sections: readonly Section[]): (page: Page) => string {
  const links = siteLinks(root);
  const order = sections.flatMap(({ entries }) => entries);
  return (page) => {
    const at = order.findIndex(({ address }) => address === page.address);
    return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="theme-color" content="#f6f3ec" media="(prefers-color-scheme: light)">
    <meta name="theme-color" content="#14171a" media="(prefers-color-scheme: dark)">
    <title>${escapeHtml(page.title)} · Wirehub</title>
    <link rel="icon" href="/icon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/theme.css">
    <link rel="stylesheet" href="/docs/docs.css">
    <link rel="stylesheet" href="/docs/text.css">
    <link rel="stylesheet" href="/docs/code.css">
    <link rel="stylesheet" href="/docs/diagrams.css">${scripts(page)}
  </head>
  <body>
    <a class="skip" href="#docs:text">To the text</a>
    <header>
      <p class="brand">Wirehub</p>
      <nav class="site" aria-label="Pages">${links}</nav>
      <a class="to-book" href="#docs:book">All chapters</a>
    </header>
    <main id="docs:text" class="${page.kind}">
${withContents(page)}
${turns(order, at)}    </main>
    <nav class="book" id="docs:book" aria-label="Documentation">
${sections.map((section) => shelf(section, page)).join('\n')}
      <p><a href="/docs/all/">Everything on one page</a>, for the search of your browser</p>
    </nav>
  </body>
</html>
`;
  };
}

const scripts = ({ panels }: Page) =>
  panels.length === 0
    ? ''
    : `
    <link rel="stylesheet" href="/docs/panels/panels.css">
    <script type="module" src="/docs/panels/panels.js"></script>`;

const second = ({ headings }: Page) => headings.filter(({ depth }) => depth === 2);
const list = (headings: readonly Heading[]) =>
  headings.length === 0
    ? ''
    : `<ol>${headings.map(({ id, html }) => `<li><a href="#${id}">${html}</a></li>`).join('')}</ol>`;

/** Below the title the headings of the page, for screens that have no room for them beside the text. */
function withContents(page: Page): string {
  const headings = second(page);
  if (page.kind !== 'text' || headings.length < 3) return page.html;
  const contents = `<details class="contents"><summary>On this page</summary>${list(headings)}</details>`;
  return page.html.replace('</h1>', `</h1>\n${contents}`);
}

function shelf({ title, entries }: Section, page: Page): string {
  const items = entries.map((entry) => {
    const here = entry.address === page.address;
    const link = `<a href="${entry.address}"${here ? ' aria-current="page"' : ''}>${escapeHtml(entry.title)}</a>`;
    return `<li>${link}${here ? list(second(page)) : ''}</li>`;
  });
  return `      <h2>${escapeHtml(title)}</h2>\n      <ul>${items.join('\n')}</ul>`;
}

function turns(order: readonly Entry[], at: number): string {
  const link = (entry: Entry | undefined, rel: string, word: string) =>
    entry === undefined
      ? ''
      : `<a rel="${rel}" href="${entry.address}"><small>${word}</small> ${escapeHtml(entry.title)}</a>`;
  if (at < 0) return '';
  const [before, after] = [link(order[at - 1], 'prev', 'Previous'), link(order[at + 1], 'next', 'Next')];
  return `<nav class="turn" aria-label="Previous and next page">${before}${after}</nav>\n`;
}
