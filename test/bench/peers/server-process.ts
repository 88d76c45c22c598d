// What every peer's server process has in common: its settings, its port for the conductor, its CPU time and memory.
import type { AddressInfo, Server } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { answerCommands } from '../answering.ts';
import type { Memory, ServerSettings } from '../work.ts';

/** Servers listen here; the generator's own addresses vary within 127.0.0.0/8. */
export const HOST = '127.0.0.1';

export function settings(): ServerSettings {
  const json = process.argv[2];
  if (json === undefined) throw new Error('A peer is started by the benchmark, with its settings as JSON.');
  return JSON.parse(json) as ServerSettings;
}

/** CPU microseconds, user and system, all threads. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function collect(): void {
  // Node with --expose-gc, or Bun.
  const { gc, Bun } = globalThis as { gc?: () => void; Bun?: { gc(force: boolean): void } };
  if (Bun === undefined) gc?.();
  else Bun.gc(true);
}

async function memory(): Promise<Memory> {
  // More than once and with pauses: what a finalizer lets go of is only collected by the next round.
  for (let i = 0; i < 4; i++) {
    collect();
    await wait(50);
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heap: heapUsed + external };
}

/** Tells the conductor the port, which must be bound by now, and answers it from then on. */
export function reportServer(server: Pick<Server, 'address'>): void {
  const { port } = server.address() as AddressInfo;
  answerCommands(port, { cpu, memory });
}
