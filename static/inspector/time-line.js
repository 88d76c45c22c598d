// The time line: entries in; a list that shows those on the screen only, one of which is chosen, by pointer or keyboard.
import { h } from './dom.js';
import { clock } from './text.js';

const rowHeight = 30;
const spare = 6;

/** Events: `choose`, with the entry as detail. */
export class TimeLine extends EventTarget {
  element;
  chosen = undefined;
  #entries = [];
  #space = h('div.space', { role: 'presentation' });
  #rows = new Map();
  #follows = true;
  #due = false;

  constructor() {
    super();
    this.element = h(
      'div.time-line',
      { role: 'listbox', tabIndex: 0, 'aria-label': 'Time line' },
      this.#space,
    );
    this.element.addEventListener('scroll', () => this.#onScroll(), { passive: true });
    this.element.addEventListener('keydown', (event) => this.#onKey(event));
    this.element.addEventListener('click', ({ target }) => {
      const row = target.closest('[data-id]');
      if (row !== null) this.choose(this.#entries.find(({ id }) => id === Number(row.dataset.id)));
    });
    new ResizeObserver(() => this.#schedule()).observe(this.element);
  }

  show(entries) {
    this.#entries = entries;
    this.#schedule();
  }

  choose(entry) {
    if (entry === undefined) return;
    this.chosen = entry;
    this.#reveal(this.#entries.indexOf(entry));
    this.#schedule();
    this.dispatchEvent(new CustomEvent('choose', { detail: entry }));
  }

  #schedule() {
    if (this.#due) return;
    this.#due = true;
    requestAnimationFrame(() => {
      this.#due = false;
      this.#draw();
    });
  }

  #onScroll() {
    const { scrollTop, clientHeight, scrollHeight } = this.element;
    this.#follows = scrollHeight - scrollTop - clientHeight < rowHeight;
    this.#schedule();
  }

  #onKey(event) {
    const page = Math.max(1, Math.floor(this.element.clientHeight / rowHeight) - 1);
    const steps = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -Infinity,
      End: Infinity,
    };
    const step = steps[event.key];
    if (step === undefined || this.#entries.length === 0) return;
    event.preventDefault();
    const at = this.#entries.indexOf(this.chosen);
    const last = this.#entries.length - 1;
    // Before the first choice, down begins at the top and up at the bottom.
    const from = at === -1 && step < 0 ? last + 1 : at;
    const next = Math.min(last, Math.max(0, from + step));
    this.choose(this.#entries[next]);
  }

  #reveal(index) {
    const top = index * rowHeight;
    const { scrollTop, clientHeight } = this.element;
    if (top < scrollTop) this.element.scrollTop = top;
    else if (top + rowHeight > scrollTop + clientHeight)
      this.element.scrollTop = top + rowHeight - clientHeight;
  }

  #draw() {
    const entries = this.#entries;
    this.#space.style.blockSize = `${entries.length * rowHeight}px`;
    if (this.#follows) this.element.scrollTop = entries.length * rowHeight;
    const { scrollTop, clientHeight } = this.element;
    const first = Math.max(0, Math.floor(scrollTop / rowHeight) - spare);
    const last = Math.min(entries.length, Math.ceil((scrollTop + clientHeight) / rowHeight) + spare);
    const wanted = new Set();
    for (let index = first; index < last; index++) {
      const entry = entries[index];
      wanted.add(entry.id);
      this.#place(entry, index, entries);
    }
    for (const [id, row] of this.#rows) {
      if (wanted.has(id)) continue;
      row.element.remove();
      this.#rows.delete(id);
    }
    const active = this.#rows.get(this.chosen?.id);
    if (active === undefined) this.element.removeAttribute('aria-activedescendant');
    else this.element.setAttribute('aria-activedescendant', active.element.id);
  }

  #place(entry, index, entries) {
    let row = this.#rows.get(entry.id);
    if (row?.summary !== entry.summary) {
      row?.element.remove();
      row = { element: rowOf(entry), summary: entry.summary };
      this.#rows.set(entry.id, row);
      this.#space.append(row.element);
    }
    const { element } = row;
    element.style.transform = `translateY(${index * rowHeight}px)`;
    element.setAttribute('aria-posinset', index + 1);
    element.setAttribute('aria-setsize', entries.length);
    element.setAttribute('aria-selected', String(entry === this.chosen));
    element.dataset.joined = joined(entry, entries[index - 1], entries[index + 1]);
  }
}

/** Where a frame stands among those that came in, or left, together. */
function joined(entry, before, behind) {
  const same = (other) => entry.chunks?.some((chunk) => other?.chunks?.includes(chunk)) === true;
  const [above, below] = [same(before), same(behind)];
  return above ? (below ? 'middle' : 'last') : below ? 'first' : '';
}

function rowOf(entry) {
  const { id, at, from, label, flags = [], length, summary = '', chunks } = entry;
  const arrow = from === undefined ? '' : from === 'client' ? '→' : '←';
  const side = from === undefined ? '' : from === 'client' ? 'client to server' : 'server to client';
  const pieces = chunks?.length > 1 ? `in ${chunks.length} chunks` : '';
  return h(
    'div.row',
    {
      role: 'option',
      id: `entry-${id}`,
      data: { id, kind: entry.kind, from: from ?? '', label, joined: '' },
    },
    h('span.at', { title: clock(at) }, clock(at).slice(3)),
    h('span.arrow', { title: side }, arrow),
    h('span.label', { data: { control: String(entry.control === true) } }, label),
    h('span.size', {}, length === undefined ? '' : `${length.toLocaleString('en')} B`),
    h('span.summary', { title: summary }, summary || pieces),
    h('span.flags', {}, ...flags.map((flag) => h('span', { data: { flag } }, flag))),
  );
}
