// Turns a cell's results into a table to read, with each number's ratio to the base peer beside it.
import type { Unit } from './cells.ts';
import type { CellResult, Metric, PeerResult } from './results.ts';

interface Column {
  metric: Metric;
  title: (unit: Unit) => string;
  format: (value: number) => string;
  ratio: boolean;
}

const whole = (value: number) => Math.round(value).toLocaleString('en-US');
const precise = (value: number) => value.toPrecision(3).replace(/e\+.*/, '');
const short = (value: number) => (value >= 999.5 ? whole(value) : precise(value));
const percent = (value: number) => `${Math.round(value * 100)} %`;

const columns: readonly Column[] = [
  { metric: 'perSecond', title: (unit) => `${unit.many}/s`, format: whole, ratio: true },
  { metric: 'cpuMicros', title: (unit) => `server CPU µs/${unit.one}`, format: short, ratio: true },
  { metric: 'p50', title: () => 'median ms', format: short, ratio: false },
  { metric: 'p99', title: () => 'p99 ms', format: short, ratio: true },
  { metric: 'heapBytes', title: (unit) => `heap bytes/${unit.one}`, format: whole, ratio: true },
  { metric: 'rssBytes', title: (unit) => `RSS bytes/${unit.one}`, format: whole, ratio: true },
  { metric: 'wireBytes', title: (unit) => `wire bytes/${unit.one}`, format: short, ratio: false },
  { metric: 'serverRss', title: () => 'server RSS MB', format: (value) => whole(value / 1e6), ratio: true },
  { metric: 'serverLoad', title: () => 'server busy', format: percent, ratio: false },
  { metric: 'generatorLoad', title: () => 'generator busy', format: percent, ratio: false },
];

/** The peer's number as a multiple of the base's. */
export function ratio(result: CellResult, peer: PeerResult, metric: Metric): number | undefined {
  const base = result.peers.find((other) => other.peer === result.base)?.medians[metric];
  const value = peer.medians[metric];
  return base === undefined || value === undefined || base === 0 ? undefined : value / base;
}

export function renderCell(result: CellResult): string {
  const shown = columns.filter(({ metric }) =>
    result.peers.some(({ medians }) => medians[metric] !== undefined),
  );
  const head = [
    '',
    ...shown.flatMap((column) => [column.title(result.unit), ...(column.ratio ? ['×'] : [])]),
  ];
  const rows = result.peers.map((peer) => [
    peer.peer,
    ...shown.flatMap((column) => cellsOf(result, peer, column)),
    ...(peer.generatorLimited ? ['< the generator was the limit'] : []),
    ...(peer.disturbed ? ["< neither was busy: the rate is not the server's"] : []),
  ]);
  return `${result.name}\n${align([head, ...rows])}`;
}

function cellsOf(result: CellResult, peer: PeerResult, column: Column): string[] {
  const value = peer.medians[column.metric];
  const text = value === undefined ? '' : column.format(value);
  if (!column.ratio) return [text];
  const times = ratio(result, peer, column.metric);
  return [text, times === undefined ? '' : times.toFixed(2)];
}

/** First column to the left, numbers to the right. */
function align(rows: string[][]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, text] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, text.length);
  }
  return rows
    .map((row) =>
      row
        .map((text, i) => (i === 0 ? text.padEnd(widths[0]!) : text.padStart(widths[i]!)))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `  ${line}`)
    .join('\n');
}
