// The programs of docs/17-scaling.md and docs/server.md that name an adapter: they end at SIGTERM, and outlive a cut to what connects them.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, type TestContext, test } from 'node:test';
import { type Block, Page, placeOf, root } from '../docs/page.ts';
import { said } from '../support/said.ts';
import { postgres, redisServer } from '../support/tools.ts';
import { within } from '../websocket/inbox.ts';
import { Postgres } from './postgres.ts';
import { Redis, type RedisClient } from './redis.ts';

const programs = ['docs/17-scaling.md', 'docs/server.md']
  .flatMap((file) => new Page(file).blocks)
  .filter(({ marks }) => marks.some(({ of }) => of === 'test/hub/documented-nodes.test.ts'));

/** What the reader has around the program, what the test has in place of its addresses, and its port when it serves. */
const runnable = ({ lines, given }: Block, url: string) => `
  import * as nodeHttp from 'node:http';
  ${given === '' ? '' : 'const server = nodeHttp.createServer().listen(0);'}
  ${lines
    .join('\n')
    .replace("'wirehub'", JSON.stringify(new URL('../../src/index.ts', import.meta.url).href))
    .replace('redis://localhost:6379', url)
    .replace('createAdapter(redisClient)', 'createAdapter(redisClient, { blockTimeInMs: 100 })')
    .replace('new Server(3000', 'new Server(0')}
  if (!io.httpServer.listening) await new Promise((resolve) => io.httpServer.once('listening', resolve));
  process.send(io.httpServer.address().port, () => process.disconnect());`;

/** What connects the nodes. */
interface Between {
  readonly url: () => string;
  /** Whether the adapter of a program has come and listens. */
  readonly isHeard: (program: readonly string[]) => Promise<boolean>;
  /** Ends the connections of all programs. */
  readonly cut: () => Promise<unknown>;
}

interface Node {
  readonly child: ChildProcess;
  /** Fails if it does not answer. */
  readonly answers: () => Promise<void>;
}

/** A program that serves, and whose adapter has done what adapters do at their start: then they don't like to be stopped. */
async function start(t: TestContext, block: Block, { url, isHeard }: Between): Promise<Node> {
  const args = ['--import', 'tsx', '--input-type=module', '--eval', runnable(block, url())];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, PORT: '0', DATABASE_URL: url() },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  t.after(() => child.kill('SIGKILL'));
  const [port] = await within(once(child, 'message'), 'program that serves', 20_000);
  const answers = async () => {
    const { status } = await fetch(`http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling`);
    assert.equal(status, 200);
  };
  while (!(await isHeard(block.lines)));
  // Whoever answers now has read what came before.
  await answers();
  return { child, answers };
}

/** Two tests for each program that imports a package. */
function testNodes(from: string, between: Between): void {
  const chosen = programs.filter(({ lines }) => lines.includes(`import ${from};`));
  assert.ok(chosen.length > 0);
  for (const block of chosen) {
    test(`${placeOf(block)} ends at SIGTERM`, async (t) => {
      const { child } = await start(t, block, between);
      child.stderr!.pipe(process.stderr);
      child.kill('SIGTERM');
      assert.deepEqual(await within(once(child, 'exit'), 'end of the program', 10_000), [0, null]);
    });

    test(`${placeOf(block)} tells an error, and goes on`, async (t) => {
      const { child, answers } = await start(t, block, between);
      const told = said(child.stderr!, 'rror');
      await between.cut();
      await within(told, 'error that is told', 10_000);
      await answers();
    });
  }
}

describe('nodes with Redis', { skip: redisServer().skip }, () => {
  let redis: Redis;
  let client: RedisClient;
  before(async () => {
    redis = await Redis.start();
    client = await redis.client();
  });
  after(() => redis?.stop());

  testNodes("{ createClient } from 'redis'", {
    url: () => redis.url,
    async isHeard(program) {
      const list = String(await client.sendCommand(['CLIENT', 'LIST']));
      return /sub=[1-9]/.test(list) && (!/streams/.test(program.join()) || /cmd=xread/.test(list));
    },
    async cut() {
      for (const type of ['normal', 'pubsub']) await client.sendCommand(['CLIENT', 'KILL', 'TYPE', type]);
    },
  });
});

describe('nodes with PostgreSQL', { skip: postgres().skip }, () => {
  let server: Postgres;
  let pool: ReturnType<Postgres['pool']>;
  before(async () => {
    server = await Postgres.start();
    pool = server.pool();
  });
  after(() => server?.stop());

  testNodes("pg from 'pg'", {
    url: () => server.url,
    async isHeard() {
      const { rows } = await pool.query(
        "SELECT FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND state = 'idle'",
      );
      return rows.length > 0;
    },
    cut: () =>
      pool.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()'),
  });
});
