// What the rounds came to: one set of numbers per round, their medians per peer, and whether the generator was the limit.
import type { Unit } from './cells.ts';
import { median } from './statistics.ts';
import type { GeneratorRound } from './work.ts';

/** A number that a round can have, and what it is called. */
export type Metric =
  | 'perSecond'
  | 'cpuMicros'
  | 'p50'
  | 'p99'
  | 'heapBytes'
  | 'rssBytes'
  | 'wireBytes'
  | 'serverRss'
  | 'serverLoad'
  | 'generatorLoad';

export type Round = Partial<Record<Metric, number>>;

export interface PeerResult {
  peer: string;
  rounds: Round[];
  medians: Round;
  /** The generator had no CPU left while the server had: the rate is a lower bound, the CPU per message still holds. */
  generatorLimited: boolean;
  /** Neither had enough to do: other programs took the CPUs, and only the CPU per message says something. */
  disturbed: boolean;
}

export interface CellResult {
  name: string;
  /** The peer that ratios are to. */
  base: string;
  unit: Unit;
  peers: PeerResult[];
}

const BUSY = 0.9;

export function timedRound(count: GeneratorRound, serverCpuMicros: number): Round {
  const { messages, seconds, generatorCpuMicros, bytesPerMessage, latency } = count;
  return {
    perSecond: messages / seconds,
    cpuMicros: serverCpuMicros / messages,
    ...latency,
    ...(bytesPerMessage === undefined ? {} : { wireBytes: bytesPerMessage }),
    serverLoad: serverCpuMicros / 1e6 / seconds,
    generatorLoad: generatorCpuMicros / 1e6 / seconds,
  };
}

export function peerResult(peer: string, rounds: Round[]): PeerResult {
  const metrics = [...new Set(rounds.flatMap((round) => Object.keys(round)))] as Metric[];
  const medians: Round = {};
  for (const metric of metrics) {
    medians[metric] = median(
      rounds.map((round) => round[metric]).filter((value): value is number => value !== undefined),
    );
  }
  const timed = medians.perSecond !== undefined;
  return {
    peer,
    rounds,
    medians,
    generatorLimited: timed && isGeneratorLimited(medians),
    disturbed: timed && isDisturbed(medians),
  };
}

/** An open loop's generator spins on purpose, and its server has time to spare. */
function isClosedLoopWithServerTimeLeft({ p99, serverLoad = 1 }: Round): boolean {
  return p99 === undefined && serverLoad < BUSY;
}

function isGeneratorLimited(round: Round): boolean {
  return isClosedLoopWithServerTimeLeft(round) && (round.generatorLoad ?? 0) > BUSY;
}

export function isDisturbed(round: Round): boolean {
  return isClosedLoopWithServerTimeLeft(round) && !isGeneratorLimited(round);
}
