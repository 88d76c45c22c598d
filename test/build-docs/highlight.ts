// Colours code: source text and the name of its language in; HTML with a class for each kind of token out.
import { createRequire } from 'node:module';

/** What is used of highlight.js. Its own types bring those of browsers along, for every file of the repository. */
interface Highlighter {
  registerLanguage(name: string, definition: unknown): void;
  highlight(code: string, options: { language: string; ignoreIllegals: boolean }): { value: string };
}

const require = createRequire(import.meta.url);
const hljs = require('highlight.js/lib/core') as Highlighter;
const known = ['bash', 'css', 'http', 'ini', 'javascript', 'json', 'nginx', 'python', 'sql', 'typescript'];
for (const name of [...known, 'xml', 'yaml']) {
  hljs.registerLanguage(name, require(`highlight.js/lib/languages/${name}`));
}

/** Languages that have no colours. */
const plain = new Set(['', 'text', 'console', 'txt']);

/** Bytes at the beginning of a line, as the chapters dump them, and what is said of them behind two spaces. */
const dump = /^((?:[0-9a-f]{2}(?:\*\d+)?(?: (?! )|$|(?= {2})))+)( {2,}.*)?$/;

/** Throws if nobody knows the language: its name is misspelt, or it needs a line above. */
export function highlight(code: string, language: string): string {
  if (plain.has(language)) return code.split('\n').map(dumpLine).join('\n');
  return hljs.highlight(code, { language, ignoreIllegals: true }).value;
}

function dumpLine(line: string): string {
  const [, bytes, words = ''] = dump.exec(line) ?? [];
  if (bytes === undefined) return escapeHtml(line);
  return `<span class="hljs-number">${bytes}</span>${words && `<span class="hljs-comment">${escapeHtml(words)}</span>`}`;
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML shows it, also within attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}

/** Highlighted HTML cut into lines, each with whole elements: what is open at a line's end begins anew on the next. */
export function linesOf(html: string): string[] {
  const open: string[] = [];
  return html.split('\n').map((line) => {
    const before = open.join('');
    for (const [tag] of line.matchAll(/<\/?span[^>]*>/g)) {
      if (tag === '</span>') open.pop();
      else open.push(tag);
    }
    return `${before}${line}${'</span>'.repeat(open.length)}`;
  });
}
