// Reads a CPU profile as V8 writes it and names the functions that the time went to.
import { readFileSync } from 'node:fs';
import path from 'node:path';

interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples: number[];
  timeDeltas: number[];
}

export interface HotFunction {
  name: string;
  /** Of the time the process was not idle. */
  share: number;
}

const SHOWN = 12;
/** Time inside of the system calls and of C++ that no function accounts for is V8's `(program)`. */
const IDLE = new Set(['(idle)', '(root)']);

/** The functions with the most time of their own, most first. */
export function hotFunctions(profile: CpuProfile): HotFunction[] {
  const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map<string, number>();
  let total = 0;
  for (const [i, id] of profile.samples.entries()) {
    const name = names.get(id)!;
    if (IDLE.has(name)) continue;
    const time = profile.timeDeltas[i]!;
    total += time;
    times.set(name, (times.get(name) ?? 0) + time);
  }
  return [...times].map(([name, time]) => ({ name, share: time / total })).sort((a, b) => b.share - a.share);
}

function nameOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  const name = functionName === '' ? '(anonymous)' : functionName;
  // The last folder and file are enough to find it.
  return url === '' ? name : `${name} ${url.split(/[\\/]/).slice(-2).join('/')}:${lineNumber + 1}`;
}

export function profileName(cell: string, peer: string): string {
  return `${cell.toLowerCase().replace(/[^a-z0-9]+/g, '-')}-${peer}.cpuprofile`;
}

export function renderProfile(folder: string, cell: string, peer: string): string {
  const profile = JSON.parse(readFileSync(path.join(folder, profileName(cell, peer)), 'utf8')) as CpuProfile;
  const lines = hotFunctions(profile)
    .slice(0, SHOWN)
    .map(({ name, share }) => `    ${(share * 100).toFixed(1).padStart(5)} %  ${name}`);
  return [`  where ${peer} spends its own time`, ...lines].join('\n');
}
