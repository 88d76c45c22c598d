// Runs the command as a user does, in a process of its own, and reads what it prints and how it ends.
import assert from 'node:assert/strict';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { PlainClient } from './plain-client.ts';

const root = path.join(import.meta.dirname, '..', '..');
const { PORT: _port, HOST: _host, ...clean } = process.env;

type Child = ChildProcessByStdio<null, Readable, Readable>;

function run(t: TestContext, args: string[], env: Record<string, string> = {}): Child {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli.ts', ...args], {
    cwd: root,
    env: { ...clean, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  return child;
}

async function ended(child: Child) {
  const [[code, signal], out, err] = await Promise.all([
    once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, signal, out, err };
}

/** Resolves with the port once the command has said where it listens. */
async function listening(child: Child): Promise<number> {
  let printed = '';
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    printed += chunk;
    const url = /http:\/\/localhost:(\d+)\n.*ws:\/\/localhost:\1\/ws.*Ctrl\+C/s.exec(printed);
    if (url) return Number(url[1]);
  }
  throw new Error(`it ended early, having printed: ${printed}${await text(child.stderr)}`);
}

test('--help names every flag and variable', async (t) => {
  const { code, out, err } = await ended(run(t, ['--help']));
  assert.deepEqual([code, err], [0, '']);
  for (const word of ['--port', '--host', '--help', '--version', '$PORT', '$HOST', '3000']) {
    assert.ok(out.includes(word), word);
  }
});

test('--version is that of the package', async (t) => {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const { code, out } = await ended(run(t, ['--version']));
  assert.deepEqual([code, out], [0, `${version}\n`]);
});

test('a mistake on the command line ends with 1 and one line', async (t) => {
  const { code, out, err } = await ended(run(t, ['--port', 'eighty']));
  assert.deepEqual([code, out], [1, '']);
  assert.match(err, /^wirehub: --port is "eighty", .*\n$/);
});

test('a port in use ends with 1 and one line', async (t) => {
  const other = createServer();
  await once(other.listen(0, '127.0.0.1'), 'listening');
  t.after(() => other.close());
  const { port } = other.address() as AddressInfo;
  const { code, out, err } = await ended(run(t, ['--port', `${port}`]));
  assert.deepEqual([code, out], [1, '']);
  assert.match(err, new RegExp(`^wirehub: Port ${port} on 127\\.0\\.0\\.1 is taken: .*--port \\d+\\.\\n$`));
});

test('PORT from the environment, the page, and SIGTERM: plain clients close with 1001 and the process ends with 0', async (t) => {
  const child = run(t, [], { PORT: '0' });
  const port = await listening(child);
  assert.notEqual(port, 3000);
  const page = await fetch(`http://127.0.0.1:${port}/`);
  assert.match(await page.text(), /<title>Wirehub/);
  const client = await PlainClient.join(port);
  const end = ended(child);
  child.kill('SIGTERM');
  assert.equal((await client.closed).code, 1001);
  const { code, signal, err } = await end;
  assert.deepEqual([code, signal, err], [0, null, '']);
});

test('SIGINT ends it too, and a second one at once, even with a client that will not go', async (t) => {
  const child = run(t, ['--port', '0']);
  const port = await listening(child);
  const client = await PlainClient.join(port);
  t.after(() => client.socket.terminate());
  // A client that does not read does not answer the closing handshake either.
  client.socket.pause();
  const end = ended(child);
  const said = once(child.stdout, 'data');
  child.kill('SIGINT');
  await said;
  child.kill('SIGINT');
  assert.equal((await end).signal, 'SIGINT');
});
