// Measures one cell: starts the peers' servers and a generator, interleaves the rounds, and gathers the numbers.
import { setTimeout as wait } from 'node:timers/promises';
import type { Cell } from './cells.ts';
import { Child } from './child.ts';
import type { Compiled } from './compile.ts';
import type { Options } from './options.ts';
import { bases, type Peer } from './peers/list.ts';
import type { Processors } from './processors.ts';
import { profileName } from './profile.ts';
import { type CellResult, isDisturbed, peerResult, type Round, timedRound } from './results.ts';
import { type GeneratorRound, type Memory, serverSettings, type Work } from './work.ts';

export interface Laboratory {
  compiled: Compiled;
  processors: Processors;
  options: Options;
  /** Most connections of one process, by its limit of open files. */
  mostConnections: number;
  progress: (text: string) => void;
}

interface Server {
  peer: Peer;
  process: Child;
  port: number;
}

const GENERATOR = 'test/bench/generator/main.ts';
const OBITUARY_WITHIN_MS = 200;
/** Other programs work in bursts: a round that they took the CPUs from is worth another try. */
const REPEATS_IF_DISTURBED = 2;
const WARM_UP_CONNECTIONS = 100;

/** The laboratory while it measures one cell. */
interface Bench extends Laboratory {
  cell: string;
}

/** The peers that can do the work of a cell. */
export function taking(peers: readonly Peer[], cell: Cell): Peer[] {
  return peers.filter(({ name, contest }) => contest === cell.contest && cell.without?.[name] === undefined);
}

export async function measure(
  cell: Cell,
  peers: readonly Peer[],
  laboratory: Laboratory,
): Promise<CellResult> {
  const lab: Bench = { ...laboratory, cell: cell.name };
  const able = taking(peers, cell);
  const rounds = new Map<string, Round[]>(able.map(({ name }) => [name, []]));
  if (cell.work.kind === 'idle') await measureMemory(cell.work, able, rounds, lab);
  else await measureTime(cell.work, able, rounds, lab);
  return {
    name: cell.name,
    base: bases[cell.contest],
    unit: cell.unit,
    peers: able.map(({ name }) => peerResult(name, rounds.get(name)!)),
  };
}

async function measureTime(
  work: Work,
  peers: readonly Peer[],
  rounds: Map<string, Round[]>,
  lab: Bench,
): Promise<void> {
  const { milliseconds, warmUpMilliseconds } = lab.options;
  await withProcesses(work, peers, lab, async (generator, servers) => {
    for (const { peer, port } of servers) {
      lab.progress(`${peer.name} warms up`);
      await generator.ask('open', { peer: peer.name, port, work });
      await generator.ask('run', { peer: peer.name, milliseconds: warmUpMilliseconds });
    }
    for (let round = 0; round < lab.options.rounds; round++) {
      // Each round starts with another peer, so that none always runs after the same one.
      for (const server of rotate(servers, round)) {
        lab.progress(`round ${round + 1} of ${lab.options.rounds}, ${server.peer.name}`);
        let result = await runRound(generator, server, milliseconds);
        for (let again = 0; again < REPEATS_IF_DISTURBED && isDisturbed(result); again++)
          result = await runRound(generator, server, milliseconds);
        // What compression keeps per connection is outside of V8's heap.
        if (work.kind === 'deflate') result.serverRss = (await server.process.ask<Memory>('memory')).rss;
        rounds.get(server.peer.name)!.push(result);
      }
    }
  });
}

async function runRound(generator: Child, { peer, process }: Server, milliseconds: number): Promise<Round> {
  const before = await process.ask<number>('cpu');
  const count = await generator.ask<GeneratorRound>('run', { peer: peer.name, milliseconds });
  const after = await process.ask<number>('cpu');
  return timedRound(count, after - before);
}

/** Every round has processes of its own: memory that was once in use does not come back. */
async function measureMemory(
  asked: Extract<Work, { kind: 'idle' }>,
  peers: readonly Peer[],
  rounds: Map<string, Round[]>,
  lab: Bench,
): Promise<void> {
  const work = { ...asked, connections: Math.min(asked.connections, lab.mostConnections) };
  for (let round = 0; round < lab.options.memoryRounds; round++) {
    for (const peer of rotate(peers, round)) {
      lab.progress(
        `round ${round + 1} of ${lab.options.memoryRounds}, ${peer.name}, ${work.connections} connections`,
      );
      await withProcesses(work, [peer], lab, async (generator, servers) => {
        const { process, port } = servers[0]!;
        const few = { ...work, connections: Math.min(WARM_UP_CONNECTIONS, work.connections) };
        await generator.ask('open', { peer: 'warm-up', port, work: few });
        await generator.ask('run', { peer: 'warm-up', milliseconds: 0 });
        await generator.ask('close', { peer: 'warm-up' });
        await generator.ask('open', { peer: peer.name, port, work });
        const before = await process.ask<Memory>('memory');
        await generator.ask('run', { peer: peer.name, milliseconds: 0 });
        const after = await process.ask<Memory>('memory');
        rounds.get(peer.name)!.push({
          heapBytes: (after.heap - before.heap) / work.connections,
          rssBytes: (after.rss - before.rss) / work.connections,
        });
      });
    }
  }
}

async function withProcesses(
  work: Work,
  peers: readonly Peer[],
  lab: Bench,
  use: (generator: Child, servers: Server[]) => Promise<void>,
): Promise<void> {
  const { compiled, processors, options } = lab;
  const started: Child[] = [];
  try {
    const servers: Server[] = [];
    for (const peer of peers) {
      const profile =
        options.profile === undefined || !peer.profiles ? [] : profileFlags(options.profile, lab.cell, peer);
      const { child, ready } = await Child.start<number>({
        name: peer.name,
        command: [
          ...peer.runtime,
          ...profile,
          compiled.script(peer.script),
          JSON.stringify(serverSettings(work)),
        ],
        cpu: processors.server,
      });
      started.push(child);
      servers.push({ peer, process: child, port: ready });
    }
    const { child: generator } = await Child.start({
      name: 'the load generator',
      command: [process.execPath, compiled.script(GENERATOR)],
      cpu: processors.generator,
    });
    started.push(generator);
    await use(generator, servers);
  } catch (error) {
    // The generator only sees a connection that breaks: a server that ended knows more, a moment later.
    await wait(OBITUARY_WITHIN_MS);
    const reasons = [(error as Error).message, ...started.flatMap(({ obituary }) => obituary ?? [])];
    throw new Error([...new Set(reasons)].join('\n'));
  } finally {
    await Promise.all(started.map((child) => child.stop()));
  }
}

function profileFlags(folder: string, cell: string, peer: Peer): string[] {
  return ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${profileName(cell, peer.name)}`];
}

function rotate<T>(list: readonly T[], by: number): T[] {
  const at = by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}
