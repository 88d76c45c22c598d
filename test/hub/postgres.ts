// A PostgreSQL of its own for one test file: on a free port, in a temporary folder, gone when the file ends.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { freePort } from '../support/free-port.ts';
import { said } from '../support/said.ts';
import { postgres } from '../support/tools.ts';
import { within } from '../websocket/inbox.ts';

/** PostgreSQL refuses to run as root; Debian's package brings a user for it. */
function user(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = ['-u', '-g'].map((which) => Number(execFileSync('id', [which, 'postgres'])));
  return { uid: uid!, gid: gid! };
}

/** What the adapter wants to be there: notifications hold 8000 bytes of text, and all else goes by this table. */
const attachments = `CREATE TABLE socket_io_attachments (
  id bigserial UNIQUE, created_at timestamptz DEFAULT NOW(), payload bytea
)`;

export class Postgres {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #port: number;
  readonly #pools: pg.Pool[] = [];

  constructor(process: ChildProcess, folder: string, port: number) {
    this.#process = process;
    this.#folder = folder;
    this.#port = port;
  }

  static async start(): Promise<Postgres> {
    const folder = mkdtempSync(path.join(tmpdir(), 'wirehub-postgres-'));
    const as = { ...user(), cwd: '/' };
    if (as.uid !== undefined) chownSync(folder, as.uid, as.gid!);
    const data = path.join(folder, 'data');
    const programs = path.dirname(postgres().path);
    const init = ['-D', data, '-U', 'wirehub', '--auth=trust', '--no-sync', '--locale=C', '--encoding=UTF8'];
    execFileSync(path.join(programs, 'initdb'), init, { stdio: ['ignore', 'ignore', 'inherit'], ...as });
    const port = await freePort();
    const args = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder, '-F'];
    const child = spawn(postgres().path, args, { stdio: ['ignore', 'ignore', 'pipe'], ...as });
    const server = new Postgres(child, folder, port);
    await within(
      said(child.stderr!, 'ready to accept connections'),
      'PostgreSQL that accepts connections',
      20_000,
    );
    await server.pool().query(attachments);
    return server;
  }

  get url(): string {
    return `postgres://wirehub@127.0.0.1:${this.#port}/postgres`;
  }

  pool(): pg.Pool {
    // One connection to listen and one to send: over several, what is sent right after each other may change places.
    const pool = new pg.Pool({ connectionString: this.url, max: 2 });
    // A connection that is cut at the end of a test is no failure.
    pool.on('error', () => {});
    this.#pools.push(pool);
    return pool;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#pools.map((pool) => pool.end()));
    const ended = once(this.#process, 'exit');
    // The fast way to stop: it cuts those who are connected.
    this.#process.kill('SIGINT');
    await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
