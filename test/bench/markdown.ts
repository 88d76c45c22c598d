// Turns all results into the table of docs/performance.md: ratios to the base peer, and what they are ratios of.
import { ratio } from './report.ts';
import type { CellResult, Metric, PeerResult } from './results.ts';

/** What a cell is about, in order of preference, and how its numbers read. */
const subjects: readonly { metric: Metric; title: string; format: (value: number) => string }[] = [
  { metric: 'p99', title: '99th percentile', format: (value) => `${value.toFixed(2)} ms` },
  { metric: 'rssBytes', title: 'resident memory', format: (value) => `${(value / 1000).toFixed(1)} kB` },
  { metric: 'perSecond', title: 'a second', format: (value) => Math.round(value).toLocaleString('en-US') },
];

const micros = (value: number) => `${value >= 100 ? Math.round(value) : value.toPrecision(2)} µs`;

/** One table for each peer that ratios are to. */
export function renderMarkdown(results: readonly CellResult[]): string {
  const bases = [...new Set(results.map(({ base }) => base))];
  return bases.map((base) => renderTable(results.filter((result) => result.base === base))).join('\n');
}

function renderTable(results: readonly CellResult[]): string {
  const peers = [...new Set(results.flatMap((result) => result.peers.map(({ peer }) => peer)))];
  const base = results[0]?.base;
  const head = ['work', 'measure', ...peers.map((peer) => (peer === base ? `${peer} = 1` : peer))];
  const rows = results.flatMap((result) => [
    row(result, peers, subjectOf(result)),
    ...(hasMetric(result, 'cpuMicros')
      ? [row(result, peers, { metric: 'cpuMicros', title: 'server CPU each', format: micros })]
      : []),
  ]);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, i) => (i < 2 ? '---' : '--:'));
  return `${[line(head), line(rule), ...rows.map(line)].join('\n')}\n`;
}

function hasMetric(result: CellResult, metric: Metric): boolean {
  return result.peers.some(({ medians }) => medians[metric] !== undefined);
}

export function subjectOf(result: CellResult): (typeof subjects)[number] {
  return subjects.find(({ metric }) => hasMetric(result, metric)) ?? subjects.at(-1)!;
}

function row(result: CellResult, peers: readonly string[], subject: (typeof subjects)[number]): string[] {
  const first = subject.metric === 'cpuMicros' ? '' : result.name;
  const title = subject.metric === 'perSecond' ? `${result.unit.many} ${subject.title}` : subject.title;
  return [first, title, ...peers.map((peer) => text(result, peer, subject))];
}

function text(result: CellResult, name: string, { metric, format }: (typeof subjects)[number]): string {
  const peer: PeerResult | undefined = result.peers.find((other) => other.peer === name);
  const value = peer?.medians[metric];
  if (peer === undefined || value === undefined) return '';
  if (name === result.base) return format(value);
  const times = ratio(result, peer, metric);
  const bound = peer.generatorLimited && metric === 'perSecond' ? '≥ ' : '';
  return times === undefined ? format(value) : `${bound}${times.toFixed(2)} (${format(value)})`;
}
