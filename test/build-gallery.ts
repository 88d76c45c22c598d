// Bundles what pages of the gallery have of others, which is Yjs, into the folder named on the command line, with its licence.
import { copyFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';

/** Only what the page uses is worth its bytes. */
const entry = `export {
  applyUpdate, createAbsolutePositionFromRelativePosition, createRelativePositionFromTypeIndex, Doc,
  encodeStateAsUpdate, mergeUpdates,
} from 'yjs';`;

const notice = '/*! Yjs and lib0, by Kevin Jahns and others; MIT License, see yjs.LICENSE.txt */';

export async function buildGallery(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await build({
    stdin: { contents: entry, resolveDir: path.join(import.meta.dirname, '..') },
    outfile: path.join(folder, 'yjs.js'),
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    banner: { js: notice },
    logLevel: 'warning',
  });
  const require = createRequire(import.meta.url);
  const licence = path.join(path.dirname(require.resolve('yjs/package.json')), 'LICENSE');
  copyFileSync(licence, path.join(folder, 'yjs.LICENSE.txt'));
}

const [, program, folder] = process.argv;
if (program === import.meta.filename && folder !== undefined) await buildGallery(path.resolve(folder));
