// What the tests of the chat page share: a browser comes in, connected pages and the parts of them go out.
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { newPage, type PageOptions, type Place } from '../support/demo-pages.ts';

/** A page that is connected; its test fails if it meets an error or breaks its Content-Security-Policy. */
export async function open(
  t: TestContext,
  on: Place,
  { name: called, ...options }: PageOptions & { name?: string } = {},
): Promise<Page> {
  // What Chromium says about a server that is away is expected where a test stops it.
  const page = await newPage(t, on, { expected: /net::ERR_/, ...options });
  await page.goto('/');
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
