// Series of growth in; a table in Markdown out: what one costs at each size, and how much more among the most.
import { type GrowthSeries, worsening } from './series.ts';

function time(micros: number | undefined): string {
  if (micros === undefined) return '';
  return micros < 0.1 ? `${(micros * 1000).toPrecision(2)} ns` : `${micros.toPrecision(3)} µs`;
}

function memory(bytes: number | undefined): string {
  return bytes === undefined ? '' : `${Math.round(bytes).toLocaleString('en-US')} B`;
}

export function renderGrowth(series: readonly GrowthSeries[]): string {
  const rows = series.map(({ title, many, points }) => {
    const costs = points.map(
      ({ x, micros, bytes }) =>
        `${x.toLocaleString('en-US')}: ${[time(micros), memory(bytes)].filter((text) => text !== '').join(', ')}`,
    );
    const worse = [points.map(({ micros }) => micros), points.map(({ bytes }) => bytes)]
      .map(worsening)
      .flatMap((times) => (times === undefined ? [] : [`${times.toFixed(2)}×`]));
    return `| ${title} … ${many} | ${costs.join('; ')} | ${worse.join(', ')} |`;
  });
  return ['| one of many | costs | the last step: time, memory |', '| --- | --- | --: |', ...rows].join('\n');
}
