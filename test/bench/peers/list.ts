// The peers that are measured side by side: each is a script that becomes a server process of its own.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../compile.ts';

/** What is compared with what. */
export type Contest = 'WebSocket' | 'Socket.IO';

/** The peer that all ratios of a contest are to. */
export const bases: Readonly<Record<Contest, string>> = { WebSocket: 'ws', 'Socket.IO': 'socket.io' };

export interface Peer {
  name: string;
  contest: Contest;
  /** From the repository's root. Its process says hello with a port (see server-process.ts). */
  script: string;
  /** The program that runs the compiled script, with its flags. */
  runtime: readonly string[];
  /** Whether the program can be told to write a CPU profile. */
  profiles: boolean;
  version: string;
}

const NODE = [process.execPath, '--expose-gc'];

function packageVersion(folder: string): string {
  const json = readFileSync(path.join(root, folder, 'package.json'), 'utf8');
  return (JSON.parse(json) as { version: string }).version;
}

export function listPeers(): Peer[] {
  const ours = packageVersion('.');
  return [
    onNode('WebSocket', 'wirehub', 'wirehub', ours),
    onNode('WebSocket', 'ws', 'ws', packageVersion('node_modules/ws')),
    ...bun(),
    onNode('WebSocket', 'floor', 'floor', `node:net of ${process.version}`),
    onNode('Socket.IO', 'wirehub', 'wirehub-hub', ours),
    onNode('Socket.IO', 'socket.io', 'socket.io', packageVersion('node_modules/socket.io')),
    onNode('Socket.IO', 'floor', 'floor', `node:net of ${process.version}`),
  ];
}

function onNode(contest: Contest, name: string, script: string, version: string): Peer {
  return { name, contest, script: `test/bench/peers/${script}.ts`, runtime: NODE, profiles: true, version };
}

/** Takes part where it is installed; a hundred megabytes are too many for a development dependency. */
function bun(): Peer[] {
  const program = process.env.BUN ?? 'bun';
  const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  if (status !== 0) return [];
  const script = 'test/bench/peers/bun.ts';
  return [
    {
      name: 'bun',
      contest: 'WebSocket',
      script,
      runtime: [program],
      profiles: false,
      version: stdout.trim(),
    },
  ];
}
