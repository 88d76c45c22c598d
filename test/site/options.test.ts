// The page with all options against the reference, which is made from the code: no option is missing, and none is made up.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reference } from '../build-docs/cached.ts';
import { Page, rowsOf } from '../docs/page.ts';

const page = new Page('docs/options.md');

/** The names in the first column of the tables below a heading, up to the next one of the same depth or higher. */
function listed(heading: string): string[] {
  const from = page.text.split('\n').indexOf(heading) + 1;
  assert.notEqual(from, 0, heading);
  const next = page.text.split('\n').findIndex((line, i) => i >= from && /^##+ /.test(line));
  const inside = page.blocks.filter(
    ({ language, line }) => language === 'table' && line > from && (next === -1 || line <= next),
  );
  return inside.flatMap(({ lines }) => rowsOf(lines)).flatMap(([names]) => names!.split(', '));
}

async function known(module: string, name: string): Promise<string[]> {
  const text = new Map((await reference()).pages).get(`docs/reference/${module}.md`)!;
  const section = text.split(/^## /m).find((one) => one.startsWith(`\`${name}\``))!;
  return [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, option]) => option!);
}

for (const [heading, module, name] of [
  ['## `WebSocketServer`', 'websocket', 'ServerOptions'],
  ['### `perMessageDeflate`', 'websocket', 'PerMessageDeflateOptions'],
  ['## `Server`', 'wirehub', 'ServerOptions'],
  ['## `io()`, `Manager`', 'client', 'ManagerOptions'],
  ['### Of one socket', 'client', 'SocketOptions'],
] as const) {
  test(`docs/options.md, ${heading.replace(/^#+ /, '')}: has each option that there is, once, and no other`, async () => {
    assert.deepEqual(listed(heading).sort(), (await known(module, name)).sort());
  });
}
