// Measures how costs grow: cells of the benchmark with few and many of something, and the hub alone in a process.
import { spawnSync } from 'node:child_process';
import type { Cell } from '../cells.ts';
import { type Laboratory, measure } from '../measure.ts';
import type { Peer } from '../peers/list.ts';
import type { Message, Work } from '../work.ts';
import type { GrowthPoint, GrowthSeries } from './series.ts';

const small: Message = { bytes: 64, binary: false, distinct: 64 };

/** A cell that is measured with each of `xs`. */
interface Plan {
  title: string;
  many: string;
  xs: readonly number[];
  work: (x: number) => Work;
  /** What is charted, of one round's numbers. */
  point: (x: number, medians: { cpuMicros?: number; rssBytes?: number }) => GrowthPoint;
}

const connections = [100, 1000, 5000, 15_000];

const plans: readonly Plan[] = [
  {
    title: 'a byte of an echo, of messages of',
    many: 'bytes',
    xs: [16, 256, 4096, 65_536, 1_048_576, 16_777_216],
    work: (bytes) => ({
      kind: 'echo',
      connections: 4,
      inFlight: bytes < 65_536 ? 8 : 1,
      message: { bytes, binary: true, distinct: bytes < 65_536 ? 8 : 2 },
    }),
    point: (x, { cpuMicros }) => ({ x, micros: cpuMicros! / x }),
  },
  {
    title: 'a message of an echo, with',
    many: 'connections',
    xs: connections,
    work: (x) => ({ kind: 'echo', connections: x, inFlight: 1, message: small }),
    point: (x, { cpuMicros }) => ({ x, micros: cpuMicros }),
  },
  {
    title: 'a delivery of a broadcast, to',
    many: 'connections',
    xs: connections,
    work: (x) => ({ kind: 'broadcast', clients: x, outstanding: 1, message: small }),
    point: (x, { cpuMicros }) => ({ x, micros: cpuMicros }),
  },
  {
    title: 'an idle connection, of',
    many: 'connections',
    // Fewer fit into memory that the process has anyway.
    xs: [1000, 2500, 5000, 15_000],
    work: (x) => ({ kind: 'idle', connections: x, message: small }),
    point: (x, { rssBytes }) => ({ x, bytes: rssBytes }),
  },
];

export async function measureGrowth(peers: readonly Peer[], lab: Laboratory): Promise<GrowthSeries[]> {
  const ours = peers.filter(({ name, contest }) => name === 'wirehub' && contest === 'WebSocket');
  const all: GrowthSeries[] = [];
  for (const { title, many, xs, work, point } of plans) {
    const points: GrowthPoint[] = [];
    for (const x of xs.filter((one) => many !== 'connections' || one <= lab.mostConnections)) {
      const name = `${title} ${x} ${many}`;
      lab.progress(name);
      const cell: Cell = { name, contest: 'WebSocket', unit: { one: 'one', many: 'many' }, work: work(x) };
      const { peers: measured } = await measure(cell, ours, { ...lab, progress: () => {} });
      points.push(point(x, measured[0]!.medians));
    }
    all.push({ title, many, points });
  }
  lab.progress('rooms, namespaces and acknowledgements');
  return [...all, ...hubAlone(lab)];
}

function hubAlone(lab: Laboratory): GrowthSeries[] {
  const script = lab.compiled.script('test/bench/growth/hub.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', script], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The hub's growth could not be measured:\n${stderr}`);
  return JSON.parse(stdout) as GrowthSeries[];
}
