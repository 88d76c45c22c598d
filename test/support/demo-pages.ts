// The pages of a demo in Chromium: options of the demo in; both, for all tests of a file or suite, and pages that may not complain, out.
import assert from 'node:assert/strict';
import { after, before, type TestContext } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { type TestDemo, testDemo } from './demo.ts';
import { chromium } from './tools.ts';

/** Why the tests that look at pages are skipped, if they are. */
export const { skip } = chromium();

/** Where pages are opened: a browser, and the demo's port on `localhost`. */
export interface Place {
  readonly browser: Browser;
  readonly port: number;
}

export type DemoOptions = NonNullable<Parameters<typeof testDemo>[1]>;

/** A demo and a browser from before the first test of this file or suite until after the last one. */
export function demoInChromium(options: () => Promise<DemoOptions> = async () => ({})): Place {
  let demo: TestDemo | undefined;
  let browser: Browser | undefined;
  before(async () => {
    demo = await testDemo(0, await options());
    if (!skip) browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await demo?.close(0);
  });
  return {
    get browser() {
      return browser!;
    },
    get port() {
      return demo!.port;
    },
  };
}

export interface PageOptions extends BrowserContextOptions {
  /** What the browser may print, because the test provokes it. */
  readonly expected?: RegExp;
}

/**
 * A page of somebody who has never been here; its addresses may leave out the demo's origin. Its test fails if the page
 * meets an error, breaks its Content-Security-Policy, opens a dialog or asks another host for anything.
 */
export async function newPage(t: TestContext, on: Place, options: PageOptions = {}): Promise<Page> {
  const { expected, ...rest } = options;
  const baseURL = `http://localhost:${on.port}`;
  const context = await on.browser.newContext({ baseURL, ...rest });
  const page = await context.newPage();
  const complaints: string[] = [];
  const complain = (what: string) => complaints.push(`${page.url()}: ${what}`);
  page.on('pageerror', (error) => complain(String(error)));
  page.on('dialog', (dialog) => complain(`a dialog: ${dialog.message()}`));
  page.on('console', (message) => {
    const isBad = message.type() === 'error' || message.type() === 'warning';
    if (isBad && !expected?.test(message.text())) complain(message.text());
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== baseURL) complain(`a request to ${request.url()}`);
  });
  t.after(async () => {
    await context.close();
    assert.deepEqual(complaints, []);
  });
  return page;
}
