// Builds this package from its sources and installs it beside the programs of `apps`: gives a folder where `require('wirehub')` works.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { buildClient } from '../build-client.ts';

const execute = promisify(execFile);
const root = path.join(import.meta.dirname, '..', '..');

export class InstalledApps {
  /** Where the programs are, each in a folder of its own. */
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async install(): Promise<InstalledApps> {
    const folder = await mkdtemp(path.join(tmpdir(), 'wirehub-tutorials-'));
    const modules = path.join(folder, 'node_modules');
    const wirehub = path.join(modules, 'wirehub');
    await mkdir(wirehub, { recursive: true });
    await build(path.join(wirehub, 'dist'));
    await cp(path.join(root, 'package.json'), path.join(wirehub, 'package.json'));
    // What `npm install socket.io@npm:wirehub` does.
    await symlink('wirehub', path.join(modules, 'socket.io'));
    await symlink(path.join(root, 'node_modules', 'express'), path.join(modules, 'express'));
    await cp(path.join(import.meta.dirname, 'apps'), folder, { recursive: true });
    return new InstalledApps(folder);
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}

/** The modules of the package, as `npm run build` makes them; types are checked elsewhere. */
async function build(to: string): Promise<void> {
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const quick = ['--noCheck', '--declaration', 'false', '--sourceMap', 'false', '--inlineSources', 'false'];
  await execute(process.execPath, [tsc, '-p', path.join(root, 'src'), ...quick, '--outDir', to]);
  await buildClient(path.join(to, 'client'));
}
