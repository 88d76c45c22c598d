// Packs this repository and installs the tarball in an empty folder, as `npm install wirehub` would: gives that folder.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before } from 'node:test';
import { promisify } from 'node:util';

export const root = path.join(import.meta.dirname, '..', '..');
const execute = promisify(execFile);

/** Runs a program; its output goes into the error if it fails. */
export async function run(program: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    const { stdout } = await execute(program, args, { cwd, timeout: 60_000, maxBuffer: 1 << 24 });
    return stdout.trim();
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}\n${stderr}`, { cause: error });
  }
}

/** Programs of a user and what they print; `folder` is where the package is installed. */
export class Consumer {
  folder = '';
  /** The paths in the tarball. */
  files: string[] = [];

  async install(): Promise<void> {
    this.folder = await mkdtemp(path.join(tmpdir(), 'wirehub-package-'));
    const packed = await run('npm', ['pack', '--json', '--pack-destination', this.folder], root);
    // What the build prints comes first.
    const [{ filename, files }] = JSON.parse(packed.slice(packed.indexOf('[\n'))) as [
      { filename: string; files: { path: string }[] },
    ];
    this.files = files.map((file) => file.path);
    await this.write('package.json', JSON.stringify({ name: 'consumer', private: true }));
    await run('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${filename}`], this.folder);
  }

  async write(name: string, content: string): Promise<void> {
    await writeFile(path.join(this.folder, name), content);
  }

  /** What a program prints; the ending of its name says whether it is an ES module. */
  async node(name: string, content: string): Promise<string> {
    await this.write(name, content);
    return run(process.execPath, ['--no-warnings', name], this.folder);
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}

/** A consumer that exists while the tests of the calling file run. */
export function consumer(): Consumer {
  const installed = new Consumer();
  before(() => installed.install());
  after(() => installed.remove());
  return installed;
}
