// What is promised of each page of the gallery: its size, its weight, its ways, and that everyone can use it.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { violations } from '../../support/accessibility.ts';
import { demoInChromium, newPage, skip } from '../../support/demo-pages.ts';
import { openPage } from './pages.ts';

const root = path.join(import.meta.dirname, '../../..');
const names = ['ticker', 'together', 'text', 'sensors', 'notes'];
const on = demoInChromium();
const get = (path: string) => fetch(`http://127.0.0.1:${on.port}${path}`, { redirect: 'manual' });

describe('every page', () => {
  const screens = [
    { viewport: { width: 360, height: 740 }, colorScheme: 'dark' },
    { viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  ] as const;

  for (const name of ['', ...names]) {
    test(`${name || 'the index'} is accessible, fits, and calls no other host`, { skip }, async (t) => {
      for (const screen of screens) {
        const options = { ...screen, reducedMotion: 'reduce' as const };
        const page = name === '' ? await newPage(t, on, options) : await openPage(t, on, name, options);
        if (name === '') await page.goto('/gallery/');
        assert.deepEqual(await violations(page), [], screen.colorScheme);
        assert.equal(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), 0);
      }
    });
  }

  test('is reached from the first page by links alone', { skip }, async (t) => {
    const page = await newPage(t, on);
    await page.goto('/');
    await page.getByRole('link', { name: 'Gallery' }).click();
    assert.deepEqual(
      await page.locator('.cards a').evaluateAll((links) => links.map((link) => link.pathname)),
      names.map((name) => `/gallery/${name}/`),
    );
  });

  test('shows its content before, and without, a connection', { skip }, async (t) => {
    const page = await newPage(t, on, { expected: /net::ERR_/ });
    await page.route('**/socket.io/**', (route) => route.abort());
    for (const name of names) {
      await page.goto(`/gallery/${name}/`);
      assert.ok(await page.locator('h1').isVisible());
      assert.equal(await page.locator('#status').textContent(), 'Connecting…');
    }
  });

  test('is under 150 lines, here and at the server, and says so truly', async () => {
    for (const name of names) {
      const folder = path.join(root, 'static/gallery', name);
      for (const file of readdirSync(folder)) {
        const lines = readFileSync(path.join(folder, file), 'utf8').trimEnd().split('\n').length;
        assert.ok(lines < 150, `${name}/${file}: ${lines}`);
      }
      const response = await get(`/gallery/${name}/server.txt`);
      const source = await response.text();
      assert.equal(source, readFileSync(path.join(root, `src/demo/gallery/${name}.ts`), 'utf8'));
      assert.ok(source.trimEnd().split('\n').length < 150);
    }
  });

  test('weighs less than 100 kB before compression; the one with Yjs says what it weighs', async () => {
    const sizeOf = async (file: string) => {
      const response = await get(file);
      assert.equal(response.status, 200, file);
      return (await response.arrayBuffer()).byteLength;
    };
    const shared = ['/theme.css', '/gallery/gallery.css', '/gallery/gallery.js', '/gallery/chart.js'];
    const client = '/socket.io/socket.io.esm.min.js';
    for (const name of names) {
      const own = [`/gallery/${name}/`, `/gallery/${name}/page.js`];
      const sizes = await Promise.all([...shared, client, ...own].map(sizeOf));
      const total = sizes.reduce((sum, size) => sum + size, 0);
      assert.ok(total < 100_000, `${name}: ${total}`);
    }
    assert.ok((await sizeOf('/gallery/yjs.js')) < 85_000);
  });

  test('addresses without a slash at the end lead to those with one', async () => {
    for (const where of ['/gallery', '/gallery/text']) {
      const response = await get(where);
      assert.equal(response.status, 308);
      assert.equal(response.headers.get('location'), `${where}/`);
    }
    const missing = await get('/gallery/visitors/server.txt');
    assert.equal(missing.status, 404);
  });
});
