// Series of growth in; small charts out: what one costs, over how many there are. Flat or falling is linear or better.
import type { GrowthPoint, GrowthSeries } from '../growth/series.ts';
import { drawing, label, round } from './svg.ts';

const panel = { width: 440, height: 190, left: 64, right: 44, top: 52, bottom: 30 };
const columns = 2;

interface Line {
  css: string;
  unit: string;
  value: (point: GrowthPoint) => number | undefined;
}

const lines: readonly Line[] = [
  { css: 'a', unit: 'CPU', value: ({ micros }) => micros },
  { css: 'b', unit: 'memory', value: ({ bytes }) => bytes },
];

export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** Neighbours on an axis have little room. */
function short(value: number): string {
  if (value >= 2 ** 20 && value % 2 ** 20 === 0) return `${value / 2 ** 20} Mi`;
  return value >= 4096 && value % 1024 === 0 ? `${value / 1024} Ki` : count(value);
}

function amount({ css }: Line, value: number): string {
  if (css === 'b') return `${Math.round(value).toLocaleString('en-US')} B`;
  return value < 0.1 ? `${(value * 1000).toPrecision(2)} ns` : `${value.toPrecision(2)} µs`;
}

export function drawGrowth(series: readonly GrowthSeries[]): string {
  const rows = Math.ceil(series.length / columns);
  const content = series.flatMap((one, index) => {
    const x = (index % columns) * panel.width;
    const y = Math.floor(index / columns) * panel.height;
    return [`<g transform="translate(${x} ${y})">`, ...drawPanel(one), '</g>'];
  });
  return drawing(
    columns * panel.width,
    rows * panel.height + 10,
    'What one costs, over how many there are',
    content,
  );
}

function drawPanel({ title, many, points }: GrowthSeries): string[] {
  const { width, height, left, right, top, bottom } = panel;
  const xs = points.map(({ x }) => Math.log(x));
  const [first, last] = [xs[0]!, xs.at(-1)!];
  const across = (x: number) => left + ((width - left - right) * (Math.log(x) - first)) / (last - first || 1);
  const content = [
    label(left, 18, `${title} … ${many}`, 'class="title"'),
    `<path d="M${left} ${height - bottom}H${width - right}" class="axis"/>`,
    ...points.map(({ x }) =>
      label(across(x), height - bottom + 16, short(x), 'text-anchor="middle" class="quiet"'),
    ),
  ];
  for (const line of lines) {
    const values = points.map(line.value);
    const highest = Math.max(0, ...values.filter((value) => value !== undefined));
    if (highest === 0) continue;
    const up = (value: number) => height - bottom - ((height - top - bottom) * value) / highest;
    const at = points.flatMap((point, i) =>
      values[i] === undefined ? [] : [[across(point.x), up(values[i])] as const],
    );
    content.push(
      `<path d="M${at.map(([x, y]) => `${round(x)} ${round(y)}`).join('L')}" class="${line.css} line"/>`,
      ...at.map(([x, y]) => `<circle cx="${round(x)}" cy="${round(y)}" r="3" class="${line.css}"/>`),
      label(
        4,
        line.css === 'a' ? top + 4 : top + 20,
        amount(line, highest),
        `class="${line.css}" stroke-width="0"`,
      ),
      label(
        left + (line.css === 'a' ? 0 : 170),
        34,
        `${line.unit}: ${amount(line, values.at(-1) ?? 0)} at the end`,
        `class="${line.css}" stroke-width="0"`,
      ),
    );
  }
  return content;
}
