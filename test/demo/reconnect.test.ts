// Takes the server or the network away from the chat page, and watches what it says and keeps.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { type Demo, startDemo } from '../../src/demo/server.ts';
import { launchBrowser } from '../support/browser.ts';
import { chromium } from '../support/tools.ts';
import { message, name, open, say, state, words } from './chat-page.ts';

const { skip } = chromium();
let browser: Browser;
let demo: Demo;
let port: number;

before(async () => {
  demo = await startDemo('127.0.0.1', 0);
  port = demo.address.port;
  if (!skip) browser = await launchBrowser();
});

after(async () => {
  await browser?.close();
  await demo.close(0);
});

test('says that the server is gone, keeps what is typed, and comes back with it', { skip }, async (t) => {
  const page = await open(t, browser, port);
  await words(page).fill('written before');
  await demo.close(0);
  await state(page, /Not connected: .*/).waitFor();
  const retry = page.getByRole('button', { name: 'Try now' });
  await page.getByText(/again in \d+ s/).waitFor();
  await words(page).press('Enter');
  await state(page, /your text stays here|out of reach/).waitFor();
  assert.equal(await words(page).inputValue(), 'written before');

  demo = await startDemo('127.0.0.1', port);
  // Either the page has come back by itself in the meantime, or we help.
  await retry.click({ timeout: 1000 }).catch(() => {});
  await state(page, 'Connected').waitFor();
  await retry.waitFor({ state: 'hidden' });
  await words(page).press('Enter');
  await message(page, 'written before').waitFor();
  assert.equal(await words(page).inputValue(), '');
});

test('comes back by itself, and takes back a text that the server never passed on', { skip }, async (t) => {
  const page = await open(t, browser, port);
  // A server that accepts and says nothing, then hangs up.
  await page.routeWebSocket(/\/ws$/, (route) => {
    route.onMessage(() => route.close({ code: 1011 }));
  });
  await page.reload();
  await state(page, 'Connected').waitFor();
  await name(page).fill('Ada');
  await say(page, 'lost on the way');
  await page.waitForFunction(`document.getElementById('text').value === 'lost on the way'`);
  await state(page, 'Connected').waitFor();
  assert.equal(await page.getByRole('log').locator('.message').count(), 0);
});

test('says so at once when the device goes offline, and is back when it is', { skip }, async (t) => {
  const page = await open(t, browser, port);
  await page.context().setOffline(true);
  await state(page, /this device is offline|out of reach/).waitFor();
  await page.context().setOffline(false);
  await state(page, 'Connected').waitFor();
});
