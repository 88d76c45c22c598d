// Shows a file of the repository: its text in; HTML with an anchor for each line and each declaration out.
import path from 'node:path';
import { type Declaration, declarationsOf } from './declarations.ts';
import { escapeHtml, highlight, linesOf } from './highlight.ts';

const languages: Record<string, string> = {
  '.css': 'css',
  '.html': 'xml',
  '.js': 'javascript',
  '.json': 'json',
  '.mjs': 'javascript',
  '.py': 'python',
  '.sh': 'bash',
  '.ts': 'typescript',
  '.yaml': 'yaml',
};

export interface SourcePage {
  readonly html: string;
  readonly declarations: readonly Declaration[];
}

export function renderSource(file: string, text: string): SourcePage {
  const language = languages[path.extname(file)] ?? 'text';
  const lines = linesOf(highlight(text.replace(/\n$/, ''), language));
  const declarations = language === 'typescript' ? declarationsOf(file, text) : [];
  const html = block(lines, 1, lines.length, declarations);
  return { html: `<pre class="source" tabindex="0"><code>${html}</code></pre>`, declarations };
}

/** Lines from one to another, with an element around those of each declaration. */
function block(
  lines: readonly string[],
  first: number,
  last: number,
  inside: readonly Declaration[],
): string {
  let html = '';
  let next = first;
  for (const one of inside) {
    html += numbered(lines, next, one.first - 1);
    html += `<span class="part" id="${escapeHtml(one.name)}">${block(lines, one.first, one.last, one.inner)}</span>`;
    next = one.last + 1;
  }
  return html + numbered(lines, next, last);
}

function numbered(lines: readonly string[], first: number, last: number): string {
  let html = '';
  for (let number = first; number <= last; number++) {
    html += `<span class="line" id="L${number}">${lines[number - 1]}\n</span>`;
  }
  return html;
}
