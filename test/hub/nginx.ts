// nginx with a configuration of the documentation, on a free port and in a temporary folder, in front of two nodes.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { freePort } from '../support/free-port.ts';
import { nginx } from '../support/tools.ts';
import { within } from '../websocket/inbox.ts';

export class Nginx {
  readonly port: number;
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(process: ChildProcess, folder: string, port: number) {
    this.#process = process;
    this.#folder = folder;
    this.port = port;
  }

  /** @param nodes the ports that take the place of 3001 and 3002 */
  static async start(configuration: string, nodes: readonly [number, number]): Promise<Nginx> {
    const folder = mkdtempSync(path.join(tmpdir(), 'wirehub-nginx-'));
    // Its workers are somebody else.
    chmodSync(folder, 0o755);
    const port = await freePort();
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (what) => `${what}_temp_path ${folder}/${what};`,
    );
    const file = path.join(folder, 'nginx.conf');
    const placed = configuration
      .replace(/^http \{$/m, `http {\naccess_log off; ${temporary.join(' ')}`)
      .replace(/listen 80;/, `listen 127.0.0.1:${port};`)
      .replaceAll('127.0.0.1:3001', `127.0.0.1:${nodes[0]}`)
      .replaceAll('127.0.0.1:3002', `127.0.0.1:${nodes[1]}`);
    writeFileSync(file, placed);
    const here = `daemon off; pid ${folder}/pid;`;
    const args = ['-p', folder, '-e', 'stderr', '-c', file, '-g', here];
    const child = spawn(nginx().path, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const complaints = text(child.stderr);
    const ended = once(child, 'exit').then(async () => {
      throw new Error(`nginx ended: ${await complaints}`);
    });
    ended.catch(() => {});
    await within(Promise.race([listening(child, port), ended]), 'nginx that accepts connections', 10_000);
    return new Nginx(child, folder, port);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill();
    await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Ends as soon as somebody listens on the port, or the process that should has ended. */
async function listening(child: ChildProcess, port: number): Promise<void> {
  while (child.exitCode === null && !(await accepts(port))) await new Promise(setImmediate);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
