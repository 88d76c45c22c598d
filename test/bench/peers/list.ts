// The peers that are measured side by side: each is a script that becomes a server process of its own.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../compile.ts';

export interface Peer {
  name: string;
  /** From the repository's root. Its process says hello with a port (see server-process.ts). */
  script: string;
  /** The program that runs the compiled script, with its flags. */
  runtime: readonly string[];
  version: string;
}

/** The peer that all ratios are to. */
export const BASE = 'ws';

const NODE = [process.execPath, '--expose-gc'];

function packageVersion(folder: string): string {
  const json = readFileSync(path.join(root, folder, 'package.json'), 'utf8');
  return (JSON.parse(json) as { version: string }).version;
}

export function listPeers(): Peer[] {
  return [
    {
      name: 'wirehub',
      script: 'test/bench/peers/wirehub.ts',
      runtime: NODE,
      version: packageVersion('.'),
    },
    {
      name: 'ws',
      script: 'test/bench/peers/ws.ts',
      runtime: NODE,
      version: packageVersion('node_modules/ws'),
    },
    {
      name: 'floor',
      script: 'test/bench/peers/floor.ts',
      runtime: NODE,
      version: `node:net of ${process.version}`,
    },
  ];
}
