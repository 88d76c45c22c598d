// What the tests of the chat page share: a browser comes in, connected pages and the parts of them go out.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** A page that is connected; its test fails if it meets an error or breaks its Content-Security-Policy. */
export async function open(
  t: TestContext,
  browser: Browser,
  port: number,
  { name: called, ...options }: BrowserContextOptions & { name?: string } = {},
): Promise<Page> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => complaints.push(`a dialog: ${dialog.message()}`));
  page.on('console', (message) => {
    // What Chromium says about a server that is away is expected where a test stops it.
    if (message.type() === 'error' && !message.text().includes('net::ERR_')) complaints.push(message.text());
  });
  t.after(async () => {
    await context.close();
    assert.deepEqual(complaints, []);
  });
  await page.goto(`http://localhost:${port}/`);
  await state(page, 'Connected').waitFor();
  if (called !== undefined) await rename(page, called);
  return page;
}

export const state = (page: Page, words: string | RegExp) =>
  page.locator('#status').filter({ hasText: words });
export const log = (page: Page) => page.getByRole('log');
export const message = (page: Page, text: string | RegExp) =>
  log(page).locator('#messages .message').filter({ hasText: text });
export const notice = (page: Page, text: string | RegExp) =>
  log(page).locator('.notice').filter({ hasText: text });
export const name = (page: Page) => page.getByLabel('Name', { exact: true });
export const words = (page: Page) => page.getByRole('textbox', { name: 'Message', exact: true });
/** A room or a person in the list of conversations. */
export const conversation = (page: Page, called: string) =>
  page.locator('#rooms').getByRole('button').filter({ hasText: called });
export const person = (page: Page, called: string) => page.locator('#people li').filter({ hasText: called });

export async function say(page: Page, text: string): Promise<void> {
  await words(page).fill(text);
  await words(page).press('Enter');
}

export async function rename(page: Page, called: string): Promise<void> {
  await name(page).fill(called);
  await name(page).press('Enter');
  await notice(page, `You are ${called} now`).waitFor();
}
