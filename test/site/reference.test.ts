// The reference, made from the doc comments: that there is something to make it from.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reference } from '../build-docs/cached.ts';

test('every public name of the package has a doc comment that says what it means', async () => {
  const { undocumented } = await reference();
  assert.deepEqual(undocumented, []);
});

test('the reference has every import of the package, with signatures, defaults and sections', async () => {
  const pages = new Map((await reference()).pages);
  const page = (name: string) => pages.get(`docs/reference/${name}.md`)!;
  assert.deepEqual(
    [...pages.keys()].map((file) => file.slice('docs/reference/'.length)),
    ['README.md', 'wirehub.md', 'websocket.md', 'client.md'],
  );
  assert.match(page('wirehub'), /^### `Server\.of\(\)`\n\n```ts\nof\(/m);
  assert.match(page('wirehub'), /^### `Socket\.join\(\)`/m);
  assert.match(page('websocket'), /^\| `maxPayload` \| `number` \| .*Default 100 MiB\. Beyond: 1009/m);
  assert.match(page('websocket'), /RFC 6455 §5\.5\.2/);
  assert.match(page('client'), /^## `io`\n\n```ts\nfunction io\(uri\?: string/m);
});

test('what begins with an underscore is for the library itself, and stays out', async () => {
  for (const [file, text] of (await reference()).pages) assert.doesNotMatch(text, /^#+ `[\w.]*\b_/m, file);
});
