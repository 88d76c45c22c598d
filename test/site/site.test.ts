// The docs as pages: built once for all tests, served by the demo's part, crawled, and looked at in Chromium.
import assert from 'node:assert/strict';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { addressOf } from '../build-docs/addresses.ts';
import { buildDocs } from '../build-docs/build.ts';
import { chapters } from '../docs/pages.ts';
import { violations } from '../support/accessibility.ts';
import { demoInChromium, newPage, skip } from '../support/demo-pages.ts';

const on = demoInChromium(async () => ({ docs: await buildDocs() }));
const get = (path: string, redirect: 'follow' | 'manual' = 'follow') =>
  fetch(`http://127.0.0.1:${on.port}${path}`, { redirect });

interface Crawled {
  readonly ids: ReadonlySet<string>;
  readonly links: readonly string[];
  readonly html: string;
}

/** Every page that is reached from the first one by links, by its path. */
async function crawl(): Promise<Map<string, Crawled>> {
  const found = new Map<string, Crawled>();
  const open = ['/docs/'];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (found.has(at)) continue;
    const response = await get(at, 'manual');
    assert.equal(response.status, 200, at);
    const html = await response.text();
    const all = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id!);
    assert.equal(new Set(all).size, all.length, `${at} has an id twice`);
    const links = [...html.matchAll(/ (?:href|src)="([^"]*)"/g)].map(([, link]) =>
      link!.replaceAll('&amp;', '&'),
    );
    found.set(at, { ids: new Set(all), links, html });
    for (const link of links) if (/^\/docs\/[^#]*\/(#|$)/.test(link)) open.push(link.replace(/#.*/, ''));
  }
  return found;
}

describe('the docs as pages', () => {
  let pages: Map<string, Crawled>;
  before(async () => {
    pages = await crawl();
  });

  test('every chapter, and every file of src/, is reached by links', () => {
    for (const { file } of chapters) assert.ok(pages.has(addressOf(file)), file);
    assert.ok(pages.has('/docs/src/protocol/rfc6455/frame-parser.ts/'));
    assert.ok(pages.has('/docs/all/'));
  });

  test('every link leads to a page and an anchor that are there', async () => {
    const checked = new Map<string, number>();
    const nav = /<nav class="site".*?<\/nav>/s.exec(pages.get('/docs/')!.html)![0];
    // Chapters may speak of a page of the demo before it is there.
    const isThere = (to: string) => !/^\/\w+\/$/.test(to) || nav.includes(`href="${to}"`);
    for (const [at, { ids, links }] of pages) {
      for (const link of links) {
        const [to = '', anchor = ''] = link.split('#');
        if (/^https?:/.test(link) || !isThere(to)) continue;
        const target = to === '' ? ids : pages.get(to)?.ids;
        if (target !== undefined) {
          assert.ok(anchor === '' || target.has(decodeURIComponent(anchor)), `${at} links to ${link}`);
        } else {
          if (!checked.has(to)) checked.set(to, (await get(to)).status);
          assert.equal(checked.get(to), 200, `${at} links to ${link}`);
        }
      }
    }
  });

  test('a name of code leads to its lines', () => {
    const { html } = pages.get('/docs/03-frames/')!;
    assert.match(html, /href="\/docs\/src\/protocol\/rfc6455\/frame-parser.ts\/#FrameParser.next"/);
  });

  test('nothing is asked of another host, and no page has a style or script of its own', () => {
    for (const [at, { html }] of pages) {
      assert.doesNotMatch(html, /<(script|link|img)[^>]* (src|href)="(https?:)?\/\//, at);
      assert.doesNotMatch(html, /<style|<[a-z]+[^>]* style="|<script(?![^>]* src=)/, at);
    }
  });

  test('everything is on one page as well, for the search of a browser', () => {
    const { html } = pages.get('/docs/all/')!;
    for (const { file } of chapters) {
      assert.ok(html.includes(`<article id="${path.basename(file, '.md')}">`), file);
    }
  });

  test('who leaves the slash out, or names the file, is sent to the page', async () => {
    for (const [given, location] of [
      ['/docs', '/docs/'],
      ['/docs/README.md', '/docs/'],
      ['/docs/03-frames.md', '/docs/03-frames/'],
      ['/docs/03-frames.html', '/docs/03-frames/'],
      ['/docs/src/ids.ts', '/docs/src/ids.ts/'],
    ] as const) {
      const response = await get(given, 'manual');
      assert.deepEqual([response.status, response.headers.get('location')], [308, location]);
    }
    assert.equal((await get('/docs/nothing-of-that-name')).status, 404);
    assert.equal((await get('/docs/..%2fsecret')).status, 404);
  });
});

describe('the docs in Chromium', { skip }, () => {
  /** Fails if the page is wider than the window. */
  async function look(page: Page, at: string): Promise<void> {
    await page.goto(at);
    const width = page.viewportSize()!.width;
    const whole = await page.locator('html').evaluate(({ scrollWidth }) => scrollWidth);
    assert.ok(whole <= width, `${at} is ${whole} pixels wide, the window ${width}`);
  }

  const texts = chapters.map(({ file }) => addressOf(file));
  const few = [texts.at(-1)!, '/docs/src/ids.ts/'];
  const views = [
    {
      width: 360,
      colorScheme: 'dark',
      looked: ['/docs/', ...texts, '/docs/server/', '/docs/src/', '/docs/all/'],
    },
    { width: 1280, colorScheme: 'light', looked: ['/docs/', '/docs/performance/'] },
  ] as const;

  for (const { width, colorScheme, looked } of views) {
    test(`at ${width} pixels, ${colorScheme}: no complaint, no sideways scrolling, nothing for axe-core to find`, async (t) => {
      const page = await newPage(t, on, { viewport: { width, height: 800 }, colorScheme });
      for (const at of looked) await look(page, at);
      for (const at of ['/docs/', ...few]) {
        await look(page, at);
        assert.deepEqual(await violations(page), [], at);
      }
    });
  }
});
