// Draws the sequence diagrams of the chapters as HTML that styles can lay out: Mermaid's source in, nested lists out.
import { escapeHtml } from './highlight.ts';

interface Message {
  readonly kind: 'message';
  readonly from: number;
  readonly to: number;
  readonly dashed: boolean;
  readonly lost: boolean;
  readonly text: string;
}

interface Note {
  readonly kind: 'note';
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** A loop, or one of several ways that things may go. */
interface Block {
  readonly kind: 'block';
  readonly word: string;
  readonly text: string;
  readonly steps: Step[];
}

type Step = Message | Note | Block;

type Reader = (drawing: Drawing, ...words: string[]) => void;

/** Each kind of line, and what it does to a drawing. */
const lines: readonly (readonly [RegExp, Reader])[] = [
  [/^(?:autonumber|(?:de)?activate .*|%%.*)?$/, () => {}],
  [/^(?:participant|actor) (\S+)(?: as (.+))?$/, (drawing, id, name) => drawing.names.set(id!, name || id!)],
  [/^(loop|alt|opt|par|critical|break)\b *(.*)$/, (drawing, word, text) => drawing.begin(word!, text!)],
  [
    /^(else|and|option)\b *(.*)$/,
    (drawing, word, text) => {
      drawing.end();
      drawing.begin(word!, text!);
    },
  ],
  [/^end$/, (drawing) => drawing.end()],
  [
    /^note (?:over|left of|right of) (\w+)(?: *, *(\w+))? *: *(.+)$/i,
    (drawing, one, other, text) => {
      const ends = { from: drawing.place(one!), to: drawing.place(other || one!) };
      drawing.add({ kind: 'note', ...ends, text: text! });
    },
  ],
  [
    /^(\w+) *(--?)(>>|>|x|\)) *[+-]?(\w+) *: *(.+)$/,
    (drawing, from, line, head, to, text) => {
      const ends = { from: drawing.place(from!), to: drawing.place(to!) };
      drawing.add({ kind: 'message', ...ends, dashed: line === '--', lost: head === 'x', text: text! });
    },
  ],
];

class Drawing {
  /** What participants are called, by the name they have in the source, from left to right. */
  readonly names = new Map<string, string>();
  readonly steps: Step[] = [];
  readonly nesting: Step[][] = [this.steps];

  /** Which participant it is, counted from 1. */
  place(id: string): number {
    if (!this.names.has(id)) this.names.set(id, id);
    return [...this.names.keys()].indexOf(id) + 1;
  }

  add(step: Step): void {
    this.nesting.at(-1)!.push(step);
  }

  begin(word: string, text: string): void {
    const block: Block = { kind: 'block', word, text, steps: [] };
    this.add(block);
    this.nesting.push(block.steps);
  }

  end(): void {
    this.nesting.pop();
  }
}

/** Throws for what it can't draw, so that no diagram is shown without a part of it. */
export function drawSequence(source: string): string {
  const drawing = new Drawing();
  for (const line of source
    .split('\n')
    .slice(1)
    .map((one) => one.trim())) {
    const [pattern, read] = lines.find(([one]) => one.test(line)) ?? [];
    if (read === undefined) throw new Error(`This line of a sequence diagram is not understood: ${line}`);
    read(drawing, ...pattern!.exec(line)!.slice(1));
  }
  const labels = [...drawing.names.values()];
  if (drawing.nesting.length !== 1)
    throw new Error('A sequence diagram has a block without end, or an end too many');
  if (labels.length > 5) throw new Error(`There are styles for 5 participants, not for ${labels.length}`);
  const heads = labels.map((label, i) => `<li class="head from-${i + 1} to-${i + 1}">${inline(label)}</li>`);
  const steps = drawing.steps.map((step) => draw(step, labels));
  return `<ol class="sequence of-${labels.length}">${heads.join('')}${steps.join('')}</ol>`;
}

function draw(step: Step, labels: readonly string[]): string {
  if (step.kind === 'block') {
    const inner = step.steps.map((one) => draw(one, labels)).join('');
    const title = `<b>${step.word}</b> ${inline(step.text)}`;
    return `<li class="block"><p>${title}</p><ol class="sequence of-${labels.length}">${inner}</ol></li>`;
  }
  const [left, right] = [Math.min(step.from, step.to), Math.max(step.from, step.to)];
  const where = `from-${left} to-${right}`;
  if (step.kind === 'note') return `<li class="note ${where}">${inline(step.text)}</li>`;
  const classes = ['message', where, `far-${right - left}`];
  if (step.from > step.to) classes.push('back');
  if (step.from === step.to) classes.push('self');
  if (step.dashed) classes.push('dashed');
  if (step.lost) classes.push('lost');
  const spoken = `<span class="unseen">${inline(labels[step.from - 1]!)} to ${inline(labels[step.to - 1]!)}: </span>`;
  return `<li class="${classes.join(' ')}"><span>${spoken}${inline(step.text)}</span></li>`;
}

/** Mermaid writes line breaks as elements, and some characters as `#code;`. */
function inline(text: string): string {
  return escapeHtml(text)
    .replace(/&lt;br\s*\/?&gt;/g, '<br>')
    .replace(/#(\d+);/g, '&#$1;');
}
