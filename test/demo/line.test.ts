// The line at the bottom of the chat: transports, round trip, and the switches for people who learn.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { demoInChromium, newPage, skip } from '../support/demo-pages.ts';
import { message, open, say, state } from './chat-page.ts';

const on = demoInChromium();

const wide = { viewport: { width: 1280, height: 800 } };

test('shows the way from long-polling to WebSocket, and how long a round trip takes', { skip }, async (t) => {
  const page = await open(t, on, wide);
  await page.getByText('long-polling → WebSocket').waitFor();
  await page.getByText(/round trip \d+(\.\d)? ms/).waitFor();
});

test('with long-polling only there is no WebSocket, until there may be one again', { skip }, async (t) => {
  const page = await open(t, on, { ...wide, name: 'Polly' });
  const transport = page.locator('#transport');
  await transport.getByText('WebSocket').waitFor();
  // From now on, and of the chat: the wire panel has one of its own, which may come late on a busy machine.
  let webSockets = 0;
  page.on('websocket', (webSocket) => {
    if (webSocket.url().includes('/socket.io/')) webSockets += 1;
  });
  await page.getByLabel('Only long-polling').check();
  await state(page, 'changing the transport').waitFor();
  await state(page, 'Connected').waitFor();
  await transport.getByText('WebSocket').waitFor({ state: 'hidden' });
  await say(page, 'by POST and GET');
  await message(page, 'by POST and GET').getByTitle('The server has it').waitFor();
  assert.equal(webSockets, 0);
  await page.getByLabel('Only long-polling').uncheck();
  await transport.getByText('WebSocket').waitFor();
});

test('a slow reader fetches what there is every three seconds, and gets it all', { skip }, async (t) => {
  const page = await open(t, on, { ...wide, name: 'Slow' });
  const other = await open(t, on, { ...wide, name: 'Fast' });
  await page.evaluate(`{
    const real = fetch;
    globalThis.polls = [];
    globalThis.fetch = async (url, options) => {
      const poll = { begins: performance.now() };
      if (options.method !== 'POST') polls.push(poll);
      const response = await real(url, options);
      poll.ends = performance.now();
      return response;
    };
  }`);
  await page.getByLabel('Read slowly').check();
  await state(page, 'changing the transport').waitFor();
  await state(page, 'Connected').waitFor();
  for (const text of ['one', 'two', 'three']) await say(other, text);
  for (const text of ['one', 'two', 'three']) await message(page, text).waitFor();
  const polls = await page.evaluate<{ begins: number; ends?: number }[]>('polls');
  const pauses = polls.slice(1).map(({ begins }, i) => begins - (polls[i]!.ends ?? begins));
  assert.ok(pauses.length >= 1 && pauses.every((ms) => ms > 2900), String(pauses));
});

test('stays below 100 kB, asks no other host, and is painted before any connection', { skip }, async (t) => {
  const page = await newPage(t, on, wide);
  const asked = new Set<string>();
  page.on('request', (request) => asked.add(request.url()));
  // Neither the client nor a connection comes.
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(/\/socket\.io\//, async (route) => {
    await held;
    await route.continue();
  });
  const answer = await page.goto('/', { waitUntil: 'commit' });
  await page.evaluate(`new Promise((painted) => {
    const told = (list) => list.getEntriesByName('first-contentful-paint').length > 0 && painted();
    new PerformanceObserver(told).observe({ type: 'paint', buffered: true });
  })`);
  assert.equal(await page.locator('#status').textContent(), 'Connecting…');
  assert.ok(await page.getByRole('button', { name: 'Send' }).isVisible());
  release();
  await state(page, 'Connected').waitFor();

  const policy = answer?.headers()['content-security-policy'] ?? '';
  assert.match(policy, /^default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe|\*|https?:/);
  const urls = [...asked].map((url) => new URL(url));
  assert.deepEqual([...new Set(urls.map(({ host }) => host))], [`localhost:${on.port}`]);
  const files = urls.filter(({ pathname }) => /\/$|\.(js|css|svg)$/.test(pathname));
  // The inspector comes later, by itself; only how it knows this browser is needed at once.
  const later = /^\/(inspector\/(?!token\.js)|socket\.io\/$)/;
  const own = files.filter(({ pathname }) => !later.test(pathname));
  const sizes = await Promise.all(
    own.map(async (url) => (await (await fetch(url)).arrayBuffer()).byteLength),
  );
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  t.diagnostic(`the chat page: ${bytes} bytes in ${own.length} files, client included, before compression`);
  assert.ok(own.length > 10 && bytes < 100_000, `${bytes} bytes`);
});
