// Opens pages of the gallery, each in a browser of its own kind of person, for one test.
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { newPage, type PageOptions, type Place } from '../../support/demo-pages.ts';

/** A page that is connected. */
export async function openPage(
  t: TestContext,
  on: Place,
  name: string,
  options: PageOptions = {},
): Promise<Page> {
  // A page that is cut off says so, and tests read from a canvas more often than pages do.
  const page = await newPage(t, on, { expected: /WebSocket|ERR_|willReadFrequently/, ...options });
  await page.goto(`/gallery/${name}/`);
  await page.locator('#status[data-state=connected]').waitFor();
  return page;
}

/** Waits until an element has that text. */
export async function reads(page: Page, selector: string, text: string | RegExp): Promise<void> {
  await page.locator(selector).filter({ hasText: text }).first().waitFor();
}
