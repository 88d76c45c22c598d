// The load generator's process: opens a load on each peer's port and runs timed rounds when the conductor asks.
import { answerCommands } from '../answering.ts';
import type { GeneratorRound, Work } from '../work.ts';
import { BroadcastLoad } from './broadcast.ts';
import { DeflateLoad } from './deflate.ts';
import { EchoLoad } from './echo.ts';
import { HandshakesLoad } from './handshakes.ts';
import { IdleLoad } from './idle.ts';
import type { Load } from './load.ts';
import { PacedLoad } from './paced.ts';

const loads = new Map<string, Load>();

function createLoad(work: Work): Load {
  switch (work.kind) {
    case 'echo':
      return new EchoLoad(work);
    case 'deflate':
      return new DeflateLoad(work);
    case 'broadcast':
      return new BroadcastLoad(work);
    case 'handshakes':
      return new HandshakesLoad(work);
    case 'idle':
      return new IdleLoad(work);
    case 'paced':
      return new PacedLoad(work);
  }
}

answerCommands(null, {
  async open({ peer, port, work }: { peer: string; port: number; work: Work }): Promise<void> {
    const load = createLoad(work);
    loads.set(peer, load);
    await load.open(port);
  },

  async run({ peer, milliseconds }: { peer: string; milliseconds: number }): Promise<GeneratorRound> {
    const load = loads.get(peer);
    if (load === undefined) throw new Error(`no load was opened for ${peer}`);
    const before = process.cpuUsage();
    const count = await load.run(milliseconds);
    const { user, system } = process.cpuUsage(before);
    return { ...count, generatorCpuMicros: user + system };
  },

  close({ peer }: { peer: string }): void {
    loads.get(peer)?.close();
    loads.delete(peer);
  },
});
