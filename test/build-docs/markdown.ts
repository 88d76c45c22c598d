// Renders one Markdown file: its text in; HTML, its title and its headings out.
import { Marked, type Tokens } from 'marked';
import { anchorMaker } from '../docs/anchors.ts';
import { escapeHtml, highlight } from './highlight.ts';
import { drawSequence } from './sequence.ts';
import { drawStates } from './states.ts';

export interface Heading {
  readonly depth: number;
  readonly id: string;
  /** As HTML. */
  readonly html: string;
}

export interface Rendered {
  /** Plain text of the first heading. */
  readonly title: string;
  readonly html: string;
  readonly headings: readonly Heading[];
  /** Names of the live panels in it. */
  readonly panels: readonly string[];
}

export interface Renderer {
  /** Where a link goes; its text may name a declaration in the file. */
  link(target: string, text: string): string;
  /** Put in front of every id, for pages that hold several files. */
  readonly prefix: string;
}

/** Lines longer than that do not fit a phone: their block scrolls, and the keyboard must reach it to do so. */
const fits = 36;

export function renderMarkdown(source: string, { link, prefix }: Renderer): Rendered {
  const headings: Heading[] = [];
  const panels: string[] = [];
  const anchorOf = anchorMaker();
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }) {
        const html = this.parser.parseInline(tokens);
        const id = prefix + anchorOf(plainText(html));
        headings.push({ depth, id, html: html.replace(/<\/?a\b[^>]*>/g, '') });
        if (depth === 1) return `<h1 id="${id}">${html}</h1>\n`;
        return `<h${depth} id="${id}">${html} <a class="anchor" href="#${id}" aria-label="Link to this section">#</a></h${depth}>\n`;
      },
      code({ text, lang = '' }) {
        if (lang === 'mermaid') return `<figure class="diagram">${draw(text)}</figure>\n`;
        return codeBlock(text, lang);
      },
      link({ href, tokens, title }) {
        const html = this.parser.parseInline(tokens);
        const hint = title ? ` title="${escapeHtml(title)}"` : '';
        return `<a href="${escapeHtml(link(href, plainText(html)))}"${hint}>${html}</a>`;
      },
      image({ href, text }) {
        return `<img src="${escapeHtml(link(href, ''))}" alt="${escapeHtml(text)}" loading="lazy">`;
      },
      table(token: Tokens.Table) {
        const cell = (tag: string) => (one: Tokens.TableCell) =>
          `<${tag}>${this.parser.parseInline(one.tokens)}</${tag}>`;
        // A table whose heading is empty has none.
        const head = token.header.some(({ text }) => text !== '')
          ? `<thead><tr>${token.header.map(cell('th')).join('')}</tr></thead>`
          : '';
        const rows = token.rows.map((row) => `<tr>${row.map(cell('td')).join('')}</tr>`).join('\n');
        const below = plainText(headings.at(-1)?.html ?? '');
        const label = escapeHtml(`Table: ${below}`);
        return `<div class="table" role="group" tabindex="0" aria-label="${label}"><table>${head}<tbody>${rows}</tbody></table></div>\n`;
      },
      // Nobody could tick them here, and a control would need a label.
      checkbox({ checked }) {
        return checked ? '☑ ' : '☐ ';
      },
      html({ text }) {
        return text.replace(/<!--\s*(?:panel:\s*(\w+))?[\s\S]*?-->/g, (_comment, panel?: string) => {
          if (panel === undefined) return '';
          panels.push(panel);
          return `<div class="panel" data-panel="${panel}" hidden></div>`;
        });
      },
    },
  });
  const html = marked.parse(source, { async: false });
  return { title: plainText(headings[0]?.html ?? ''), html, headings, panels };
}

/** A diagram in the language of Mermaid. */
function draw(source: string): string {
  const kind = /^\w+/.exec(source)?.[0];
  if (kind === 'sequenceDiagram') return drawSequence(source);
  if (kind === 'stateDiagram') return drawStates(source);
  throw new Error(`Only sequence and state diagrams can be drawn, not a ${kind}`);
}

export function codeBlock(text: string, language: string): string {
  const long = text.split('\n').some((line) => line.length > fits);
  return `<pre${long ? ' tabindex="0"' : ''}><code>${highlight(text, language)}</code></pre>\n`;
}

const characters: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

export function plainText(html: string): string {
  return html
    .replace(/<[^>]*>/g, '')
    .replace(/&(amp|lt|gt|quot|#39);/g, (_entity, name: string) => characters[name]!);
}
