// Opens pages of the gallery, each in a browser of its own kind of person, for one test.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** A page that is connected. Errors in it, and requests to other hosts, fail the test. */
export async function openPage(
  t: TestContext,
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext(options);
  t.after(() => context.close());
  const page = await context.newPage();
  const wrong: string[] = [];
  page.on('pageerror', ({ message }) => wrong.push(message));
  page.on('console', (message) => {
    // A page that is cut off says so; what breaks the Content-Security-Policy says so too.
    if (message.type() === 'error' && !/WebSocket|ERR_/.test(message.text())) wrong.push(message.text());
  });
  page.on('request', (request) => {
    if (new URL(request.url()).host !== new URL(address).host) wrong.push(request.url());
  });
  t.after(() => assert.deepEqual(wrong, []));
  await page.goto(address);
  await page.locator('#status[data-state=connected]').waitFor();
  return page;
}

/** Waits until an element has that text. */
export async function reads(page: Page, selector: string, text: string | RegExp): Promise<void> {
  await page.locator(selector).filter({ hasText: text }).first().waitFor();
}
