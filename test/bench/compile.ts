// Compiles the servers and the generator to plain JavaScript in a folder of its own, so that nothing but `node` runs them.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const root: string = path.join(import.meta.dirname, '../..');

export interface Compiled {
  /** The JavaScript of a TypeScript file, both given from the repository's root. */
  script(source: string): string;
  remove(): void;
}

export function compile(): Compiled {
  // Inside node_modules, because there the dev dependencies are found and git, lint and tests do not look.
  const cache = path.join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(path.join(cache, 'wirehub-bench-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}\n');
  // Types are `npm run check`'s affair: a benchmark in the middle of a change should still run.
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      path.join(root, 'node_modules/typescript/bin/tsc'),
      ...['-p', path.join(import.meta.dirname, 'tsconfig.json')],
      ...['--noCheck', '--outDir', folder],
    ],
    { encoding: 'utf8' },
  );
  if (status !== 0) {
    remove();
    throw new Error(`The benchmark did not compile:\n${stdout}${stderr}`);
  }
  return {
    script(source) {
      const script = path.join(folder, source.replace(/\.ts$/, '.js'));
      if (!existsSync(script))
        throw new Error(`${source} was not compiled: is it in test/bench/tsconfig.json?`);
      return script;
    },
    remove,
  };
}
