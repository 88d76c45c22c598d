// Bundles the client for pages into the folder named on the command line: classic scripts, a module, maps, and all of it compressed.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { minify } from 'terser';

const root = path.join(import.meta.dirname, '..');
const client = path.join(root, 'src/client');

/** Leaves out what only Node needs. */
const forPages: Plugin = {
  name: 'for pages',
  setup(bundler) {
    bundler.onResolve({ filter: /\/node\.ts$/ }, () => ({ path: path.join(client, 'page.ts') }));
  },
};

const common: BuildOptions = {
  bundle: true,
  plugins: [forPages],
  target: 'es2022',
  legalComments: 'none',
  logLevel: 'warning',
};
const minified: BuildOptions = {
  ...common,
  minify: true,
  sourcemap: true,
  // No `use strict`: nothing here depends on it, and classes are strict by themselves.
  tsconfigRaw: { compilerOptions: { alwaysStrict: false } },
  // Names that begin with an underscore are the library's own, but for these: one is public, one is on the wire.
  mangleProps: /^_[a-z]/,
  reserveProps: /^(_readyState|_placeholder)$/,
};

/** What each script defines, for compilers. */
const global =
  "import type { io as client } from './index.js';\ndeclare global {\n  const io: typeof client;\n}\n";
const module = "export * from './index.js';\nexport { default } from './index.js';\n";

export async function buildClient(folder: string): Promise<void> {
  const classic = path.join(client, 'bundle.ts');
  const bundle = (name: string, entry: string, options: BuildOptions) =>
    build({ ...options, entryPoints: [entry], outfile: path.join(folder, name) });
  await bundle('socket.io.js', classic, { ...common, format: 'iife' });
  await bundle('socket.io.min.js', classic, { ...minified, format: 'iife' });
  await bundle('socket.io.esm.min.js', path.join(client, 'index.ts'), { ...minified, format: 'esm' });
  for (const name of ['socket.io.min.js', 'socket.io.esm.min.js']) await squeeze(path.join(folder, name));

  await buildProtocol(folder);

  writeFileSync(path.join(folder, 'socket.io.d.ts'), global);
  writeFileSync(path.join(folder, 'socket.io.min.d.ts'), global);
  writeFileSync(path.join(folder, 'socket.io.esm.min.d.ts'), module);
  const scripts = ['socket.io.js', 'socket.io.min.js', 'socket.io.esm.min.js'];
  for (const name of [...scripts, 'socket.io.min.js.map', 'socket.io.esm.min.js.map']) {
    const bytes = readFileSync(path.join(folder, name));
    writeFileSync(path.join(folder, `${name}.gz`), gzipSync(bytes, { level: 9 }));
    const params = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    writeFileSync(path.join(folder, `${name}.br`), brotliCompressSync(bytes, { params }));
  }
}

/** The protocol code that the demo's pages take apart frames with. */
async function buildProtocol(folder: string): Promise<void> {
  const wire = path.join(root, 'src/demo/wire');
  const buffer = path.join(wire, 'page-buffer.ts');
  await build({
    ...common,
    minify: true,
    format: 'esm',
    entryPoints: [path.join(wire, 'page.ts')],
    alias: { 'node:buffer': buffer },
    inject: [buffer],
    outfile: path.join(folder, 'protocol.js'),
  });
}

/** Names variables anew: by how often they occur, which gzip and brotli reward with a twentieth. The options are the best tried. */
async function squeeze(file: string): Promise<void> {
  const content = readFileSync(`${file}.map`, 'utf8');
  const { code, map } = await minify(readFileSync(file, 'utf8'), {
    ecma: 2020,
    module: file.endsWith('.esm.min.js'),
    toplevel: true,
    compress: { passes: 3, hoist_funs: true, reduce_funcs: false, if_return: false },
    sourceMap: { content, url: `${path.basename(file)}.map` },
  });
  writeFileSync(file, code!);
  // The sources themselves get lost on the way.
  const [before, after] = [content, map as string].map((text) => JSON.parse(text) as SourceMap) as [
    SourceMap,
    SourceMap,
  ];
  const sourcesContent = after.sources.map(
    (source) => before.sourcesContent![before.sources.indexOf(source)],
  );
  writeFileSync(`${file}.map`, JSON.stringify({ ...after, sourcesContent }));
}

interface SourceMap {
  sources: string[];
  sourcesContent?: string[];
}

const [, program, folder] = process.argv;
if (program === import.meta.filename && folder !== undefined) await buildClient(path.resolve(folder));
