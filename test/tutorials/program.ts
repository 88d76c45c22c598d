// Runs one of the programs as a process of its own, on a port that is free, until the test is over.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { within } from '../websocket/inbox.ts';

export interface Program {
  /** Where its page is. */
  url: string;
  /** What it has printed on its error output: nothing, if all went well. */
  complaints: string[];
}

/** Starts a program and waits until it says on which port its page is: the last number of the line that says so. */
export async function startProgram(t: TestContext, folder: string, file: string): Promise<Program> {
  const child = spawn(process.execPath, [file], {
    cwd: folder,
    env: { ...process.env, PORT: '0', NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => stop(child));
  const complaints: string[] = [];
  createInterface({ input: child.stderr! }).on('line', (line) => complaints.push(line));
  const port = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const found = /^(?:listening|server).*\b(\d+)\/?$/i.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.on('exit', () => reject(new Error(`${file} ended:\n${complaints.join('\n')}`)));
  });
  return { url: `http://localhost:${await within(port, `port of ${file}`, 20_000)}`, complaints };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill();
  await gone;
}
