// A Redis server of its own for one test file: on a free port, in memory, gone when the file ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createClient } from 'redis';
import { freePort } from '../support/free-port.ts';
import { said } from '../support/said.ts';
import { redisServer } from '../support/tools.ts';
import { within } from '../websocket/inbox.ts';

export type RedisClient = ReturnType<typeof createClient>;

export class Redis {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #port: number;
  readonly #clients: RedisClient[] = [];

  constructor(process: ChildProcess, folder: string, port: number) {
    this.#process = process;
    this.#folder = folder;
    this.#port = port;
  }

  static async start(): Promise<Redis> {
    const folder = mkdtempSync(path.join(tmpdir(), 'wirehub-redis-'));
    const port = await freePort();
    const args = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      folder,
    ];
    const child = spawn(redisServer().path, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await within(
      said(child.stdout!, 'Ready to accept connections'),
      'Redis that accepts connections',
      10_000,
    );
    return new Redis(child, folder, port);
  }

  get url(): string {
    return `redis://127.0.0.1:${this.#port}`;
  }

  async client(): Promise<RedisClient> {
    const client = createClient({ url: this.url });
    // A connection that is cut at the end of a test is no failure.
    client.on('error', () => {});
    this.#clients.push(client as RedisClient);
    await client.connect();
    return client as RedisClient;
  }

  async stop(): Promise<void> {
    // Not `destroy`: an adapter may still wait for the answer to its last command.
    await Promise.all(this.#clients.map((client) => client.isOpen && client.close()));
    const ended = once(this.#process, 'exit');
    this.#process.kill();
    await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
