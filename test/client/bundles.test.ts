// The bundles for pages: what the build makes of the client, how large it is, and what the scripts define.
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { buildClient } from '../build-client.ts';

/** Bytes of the minified classic script with gzip: less than half of the official one's 14.8 kB. */
const limit = 7000;

let folder: string;
before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'wirehub-client-'));
  await buildClient(folder);
});
after(() => rmSync(folder, { recursive: true, force: true }));

const read = (name: string) => readFileSync(path.join(folder, name));
const scripts = ['socket.io.js', 'socket.io.min.js', 'socket.io.esm.min.js'];

test(`the minified classic script is at most ${limit} bytes with gzip`, (t) => {
  const size = gzipSync(read('socket.io.min.js'), { level: 9 }).length;
  t.diagnostic(
    `socket.io.min.js: ${size} bytes with gzip, ${read('socket.io.min.js.br').length} with brotli`,
  );
  assert.ok(size <= limit, `${size} bytes`);
});

test('each script is there compressed, by both ways, and is the same then', () => {
  for (const name of scripts) {
    assert.deepEqual(gunzipSync(read(`${name}.gz`)), read(name));
    assert.deepEqual(brotliDecompressSync(read(`${name}.br`)), read(name));
  }
});

test('the minified scripts name their maps, and those have the sources', () => {
  for (const name of scripts.slice(1)) {
    assert.match(read(name).toString(), new RegExp(`//# sourceMappingURL=${name}.map\\s*$`));
    const map = JSON.parse(read(`${name}.map`).toString()) as { sources: string[]; sourcesContent: string[] };
    const at = map.sources.findIndex((source) => source.endsWith('src/client/socket.ts'));
    assert.match(map.sourcesContent[at]!, /^export class Socket</m);
  }
});

for (const name of scripts.slice(0, 2)) {
  test(`${name} defines io, a function with the rest as properties, and nothing else`, () => {
    const page = createContext({ URL, AbortController, setTimeout, clearTimeout, queueMicrotask, Blob });
    const before = new Set(Object.getOwnPropertyNames(page));
    runInContext(read(name).toString(), page);
    assert.deepEqual(
      Object.getOwnPropertyNames(page).filter((one) => !before.has(one)),
      ['io'],
    );
    assert.deepEqual(
      runInContext(
        '[typeof io, io.io === io, io.connect === io, typeof io.Manager, typeof io.Socket, io.protocol]',
        page,
      ).join(),
      'function,true,true,function,function,5',
    );
  });
}

test('the module exports what the client of Node does', async () => {
  // By its name Node takes it for a module; pages do so by the element that loads it.
  const copy = path.join(folder, 'socket.io.esm.min.mjs');
  copyFileSync(path.join(folder, 'socket.io.esm.min.js'), copy);
  const bundled = (await import(pathToFileURL(copy).href)) as object;
  const source = (await import('../../src/client/index.ts')) as object;
  assert.deepEqual(Object.keys(bundled).sort(), Object.keys(source).sort());
});
