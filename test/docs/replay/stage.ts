// Where the programs and commands of one page run: a folder with the package installed, servers on free ports, a shell.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { startDemo } from '../../../src/demo/server.ts';
import { within } from '../../websocket/inbox.ts';
import { root } from '../page.ts';

const loader = import.meta.resolve('tsx');
const listening = path.join(import.meta.dirname, 'listening.mjs');
const patience = 20_000;

/** The port at which the pages say that the demo is. */
const demoPort = 3000;

/** Variables last from one command of a page to the next, as in a terminal. */
const keepVariables = '[ -f .variables ] && . ./.variables; set -a; trap "declare -x > .variables" EXIT';

export class Stage {
  readonly #folder: string;
  /** Ports that the page names, and those that the servers have. */
  readonly #ports = new Map<number, number>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #closers: (() => Promise<unknown>)[] = [];

  constructor() {
    const cache = path.join(root, 'node_modules/.cache');
    mkdirSync(cache, { recursive: true });
    this.#folder = mkdtempSync(path.join(cache, 'docs-'));
    this.write('package.json', JSON.stringify({ type: 'module' }));
    // Pages tell their readers to run programs of docs/ from the folder of the repository.
    symlinkSync(path.join(root, 'docs'), path.join(this.#folder, 'docs'));
    installPackage(path.join(this.#folder, 'node_modules/wirehub'));
  }

  write(name: string, source: string): void {
    mkdirSync(path.dirname(path.join(this.#folder, name)), { recursive: true });
    writeFileSync(path.join(this.#folder, name), source);
  }

  /** Starts the demo, or a program of the page that was written before, if it does not run yet. */
  start(name: string): Promise<void> {
    const running =
      this.#running.get(name) ?? (name === 'demo' ? this.#startDemo() : this.#startServer(name));
    this.#running.set(name, running);
    return running;
  }

  async #startDemo(): Promise<void> {
    const demo = await startDemo('127.0.0.1', 0);
    this.#closers.push(() => demo.close(0));
    this.#ports.set(demoPort, demo.address.port);
  }

  async #startServer(file: string): Promise<void> {
    const child = this.#node(file);
    const complaints = text(child.stderr!);
    this.#closers.push(() => end(child));
    const ended = once(child, 'exit').then(async () => {
      throw new Error(`${file} ended: ${await complaints}`);
    });
    ended.catch(() => {});
    const [{ asked, got }] = await within(
      Promise.race([once(child, 'message'), ended]),
      `port of ${file}`,
      patience,
    );
    this.#ports.set(asked, got);
  }

  #node(file: string): ChildProcess {
    return spawn(process.execPath, ['--import', loader, '--import', listening, file], {
      cwd: this.#folder,
      env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
  }

  /** Runs a program of the page to its end; resolves with what it printed. */
  async run(file: string): Promise<string> {
    const child = this.#node(file);
    this.#closers.push(() => end(child));
    const [[code], printed, complaints] = await within(
      Promise.all([once(child, 'exit'), text(child.stdout!), text(child.stderr!)]),
      `end of ${file}`,
      patience,
    );
    if (code !== 0) throw new Error(`${file} ended with ${code}: ${complaints}`);
    return this.asThePageSays(printed);
  }

  /** Runs a command; resolves with what it printed, complaints last, and how it ended. */
  async shell(command: string): Promise<{ printed: string; code: number | null }> {
    const child = spawn('bash', ['-c', `${keepVariables}\n${this.asItIs(command)}`], {
      cwd: this.#folder,
      // In a terminal curl shows no progress beside the answer.
      env: { ...process.env, CURL_HOME: import.meta.dirname, LC_ALL: 'C.UTF-8', NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#closers.push(() => end(child));
    const [printed, complaints, [code]] = await within(
      Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]),
      command,
      patience,
    );
    return { printed: this.asThePageSays(printed + complaints), code };
  }

  /** The words of a command after its name, as a shell reads them. */
  async wordsOf(command: string): Promise<string[]> {
    const name = /^(?:npx )?(\w+)/.exec(command)![1];
    const { printed } = await this.shell(`npx() { "$@"; }; ${name}() { printf '%s\\n' "$@"; }; ${command}`);
    return this.asItIs(printed).trimEnd().split('\n');
  }

  /** A command or program of the page, with the ports that the servers really have. */
  asItIs(words: string): string {
    let result = words;
    for (const [said, real] of this.#ports) {
      result = result.replace(new RegExp(`(:|connect\\(|localhost )${said}\\b`, 'g'), `$1${real}`);
    }
    return result;
  }

  asThePageSays(printed: string): string {
    let result = printed;
    for (const [said, real] of this.#ports)
      result = result.replace(new RegExp(`:${real}\\b`, 'g'), `:${said}`);
    return result;
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#running.values());
    await Promise.all(this.#closers.map((close) => close()));
    rmSync(this.#folder, { recursive: true });
  }
}

/** The package as its users have it, but from its source, so that nothing needs to be built. */
function installPackage(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const { name, version, exports } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const fromSource = JSON.parse(JSON.stringify(exports).replace(/dist\/([^"]+)\.js/g, 'src/$1.ts'));
  writeFileSync(
    path.join(folder, 'package.json'),
    JSON.stringify({ name, version, type: 'module', exports: fromSource }),
  );
  symlinkSync(path.join(root, 'src'), path.join(folder, 'src'));
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
