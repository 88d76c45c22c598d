// Draws the state diagrams of the chapters as HTML that styles can lay out: Mermaid's source in, one row for each state out.
import { escapeHtml } from './highlight.ts';

const arrow = /^(\[\*\]|\w+) *--> *(\[\*\]|\w+)(?: *: *(.+))?$/;
const alias = /^state "(.+)" as (\w+)$/;
const outside = '[*]';

interface Way {
  readonly to: string;
  readonly on: string;
}

/** Throws for what it can't draw, so that no diagram is shown without a part of it. */
export function drawStates(source: string): string {
  const names = new Map<string, string>();
  const ways = new Map<string, Way[]>();
  for (const line of source.split('\n').slice(1)) {
    const words = line.trim();
    if (words === '' || words.startsWith('%%') || words.startsWith('direction ')) continue;
    const named = alias.exec(words);
    const [, from, to, on = ''] = arrow.exec(words) ?? [];
    if (named !== null) names.set(named[2]!, named[1]!);
    else if (from === undefined) throw new Error(`This line of a state diagram is not understood: ${words}`);
    else {
      for (const state of [from, to!]) if (!ways.has(state)) ways.set(state, []);
      ways.get(from)!.push({ to: to!, on });
    }
  }
  const begins = new Set((ways.get(outside) ?? []).map(({ to }) => to));
  const nameOf = (state: string) => `<b>${escapeHtml(names.get(state) ?? state)}</b>`;
  const row = ([state, leaving]: [string, Way[]]) => {
    const steps = leaving.map(({ to, on }) => {
      const cause = on === '' ? '' : `<span>${escapeHtml(on)}</span> `;
      return `<li>${to === outside ? 'the end' : `${cause}→ ${nameOf(to)}`}</li>`;
    });
    const first = begins.has(state) ? ' <small>at first</small>' : '';
    return `<dt>${nameOf(state)}${first}</dt><dd><ul>${steps.join('')}</ul></dd>`;
  };
  const states = [...ways].filter(([state]) => state !== outside);
  return `<dl class="states">${states.map(row).join('')}</dl>`;
}
