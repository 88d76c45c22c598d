// Results in; a chart out: one row for each cell, one dot for each peer, at its ratio to the base. Right is better.
import { subjectOf } from '../markdown.ts';
import { ratio } from '../report.ts';
import type { CellResult } from '../results.ts';
import { drawing, label, round } from './svg.ts';

const width = 900;
const left = 430;
const right = 24;
const row = 26;
const top = 64;
const [least, most] = [0.5, 64];

const classes: Readonly<Record<string, string>> = { wirehub: 'a', bun: 'b', floor: 'c' };

function place(times: number): number {
  const bounded = Math.min(most, Math.max(least, times));
  return left + ((width - left - right) * Math.log2(bounded / least)) / Math.log2(most / least);
}

/** For memory and delay less is better, so the ratio is turned over. */
function advantage(result: CellResult, peer: CellResult['peers'][number]): number | undefined {
  const { metric } = subjectOf(result);
  const times = ratio(result, peer, metric);
  return times === undefined || metric === 'perSecond' ? times : 1 / times;
}

export function drawRatios(results: readonly CellResult[]): string {
  const height = top + row * results.length + 12;
  const ticks = [0.5, 1, 2, 4, 8, 16, 32, 64];
  const content = [
    label(16, 22, 'Times as good as ws, or as socket.io (logarithmic; right is better)', 'class="title"'),
    ...Object.entries(classes).flatMap(([name, css], i) => [
      `<circle cx="${left + 10 + i * 110}" cy="40" r="5" class="${css}"/>`,
      label(left + 20 + i * 110, 44, name),
    ]),
    ...ticks.flatMap((tick) => [
      `<path d="M${round(place(tick))} ${top - 4}V${height - 10}" class="${tick === 1 ? 'base' : 'axis'}"/>`,
      label(place(tick), top - 8, `${tick}×`, 'text-anchor="middle" class="quiet"'),
    ]),
  ];
  for (const [index, result] of results.entries()) {
    const y = top + row * index + row / 2;
    content.push(label(left - 12, y + 4, result.name, 'text-anchor="end"'));
    for (const peer of [...result.peers].reverse()) {
      const times = advantage(result, peer);
      const css = classes[peer.peer];
      if (times === undefined || css === undefined) continue;
      const r = css === 'a' ? 6 : 4.5;
      content.push(
        `<circle cx="${round(place(times))}" cy="${y}" r="${r}" class="${css}"><title>${peer.peer}: ${times.toFixed(2)}×</title></circle>`,
      );
      if (css === 'a')
        content.push(label(place(times), y - 8, times.toFixed(2), 'text-anchor="middle" class="quiet"'));
    }
  }
  return drawing(width, height, 'Ratios to ws and to socket.io', content);
}
