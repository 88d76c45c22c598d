// What this server's CPU per message was, as a multiple of its base peer's, beside what it is now: a later change is held to it.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './compile.ts';
import { ratio } from './report.ts';
import type { CellResult } from './results.ts';

export const BASELINE: string = path.join(root, 'test/bench/baseline.json');
const OURS = 'wirehub';

/** By the names of cells. Ratios, because machines differ and are busy. */
export type Baseline = Record<string, number>;

export function baselineOf(results: readonly CellResult[]): Baseline {
  const baseline: Baseline = {};
  for (const result of results) {
    const peer = result.peers.find((one) => one.peer === OURS);
    const times = peer && ratio(result, peer, 'cpuMicros');
    if (times !== undefined) baseline[result.name] = Number(times.toFixed(3));
  }
  return baseline;
}

export function readBaseline(): Baseline {
  return existsSync(BASELINE) ? (JSON.parse(readFileSync(BASELINE, 'utf8')) as Baseline) : {};
}

/** One line for each cell that the baseline has; above 1 it costs more than it did. */
export function renderAgainst(results: readonly CellResult[], baseline: Baseline): string {
  const lines = Object.entries(baselineOf(results)).flatMap(([name, now]) => {
    const before = baseline[name];
    if (before === undefined) return [];
    return [`  ${(now / before).toFixed(2)}  ${name} (${now} of its base peer's, was ${before})`];
  });
  return lines.length === 0 ? '' : ['CPU each, against the baseline:', ...lines].join('\n');
}
