// The site as a whole: that every page leads to the others, and that browsers get the client from this server.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import WebSocket from 'ws';
import { buildDocs } from '../build-docs/build.ts';
import { type TestDemo, testDemo } from '../support/demo.ts';

let demo: TestDemo;
before(async () => {
  demo = await testDemo(0, { docs: await buildDocs() });
});
after(() => demo.close(0));

const get = (where: string) => fetch(`http://127.0.0.1:${demo.port}${where}`);

/** The links of a page's `nav`, by what they say. */
async function navigation(path: string): Promise<Map<string, string>> {
  const response = await get(path);
  assert.equal(response.status, 200, path);
  const nav = /<nav class="site".*?<\/nav>/s.exec(await response.text())?.[0];
  assert.ok(nav !== undefined, `${path} has no nav`);
  const links = [...nav.matchAll(/<a href="([^"]*)"([^>]*)>([^<]*)<\/a>/g)];
  const current = links.filter(([, , rest]) => rest!.includes('aria-current="page"'));
  assert.deepEqual(
    current.map(([, href]) => href),
    [path],
    `${path} says which page it is`,
  );
  return new Map(links.map(([, href, , words]) => [words!, href!]));
}

test('every page of the site leads to every other, by the same links', async () => {
  const links = await navigation('/');
  assert.equal(links.get('Chat'), '/');
  for (const path of links.values()) assert.deepEqual(await navigation(path), links, path);
});

test('pages load the client from /socket.io/ of this server', async () => {
  for (const name of ['socket.io.js', 'socket.io.min.js', 'socket.io.esm.min.js']) {
    const response = await get(`/socket.io/${name}`);
    assert.equal(response.status, 200, name);
    assert.match(response.headers.get('content-type') ?? '', /javascript/);
    assert.ok((await response.text()).length > 1000);
  }
});

test('closing tells the WebSockets of the hub 1012 (RFC 6455 §7.4.1), and waits for no client that is silent', async () => {
  const ending = await testDemo();
  const open = async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${ending.port}/socket.io/?EIO=4&transport=websocket`);
    await once(socket, 'message');
    return socket;
  };
  const [client, silent] = [await open(), await open()];
  silent.pause();
  const closed = once(client, 'close');
  await ending.close(0);
  assert.equal((await closed)[0], 1012);
  silent.terminate();
});
