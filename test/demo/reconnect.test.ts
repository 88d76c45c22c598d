// Takes the server, the network or the line away from the chat page, and watches what it says, keeps and fetches.
import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { type TestDemo, testDemo } from '../support/demo.ts';
import { type DemoOptions, type Place, skip } from '../support/demo-pages.ts';
import { log, message, name, notice, open, say, state, words } from './chat-page.ts';
import { PlainClient } from './plain-client.ts';

let browser: Browser;

before(async () => {
  if (!skip) browser = await launchBrowser();
});
after(() => browser?.close());

async function start(t: TestContext, options: DemoOptions = {}, port = 0): Promise<Place & TestDemo> {
  const demo = await testDemo(port, options);
  t.after(() => demo.close(0));
  return { ...demo, browser };
}

const cut = (page: Page) => page.getByLabel('Cut the line');
const texts = (page: Page) => log(page).locator('#messages .words').allTextContents();

test('says that the server is gone, keeps what is said, and sends it when the server is back', {
  skip,
}, async (t) => {
  let demo = await start(t);
  const page = await open(t, demo, { name: 'Ada' });
  await say(page, '/join other');
  await page.getByRole('heading', { name: '#other' }).waitFor();
  await demo.close(0);
  await state(page, /Not connected: .*/).waitFor();
  const retry = page.getByRole('button', { name: 'Try now' });
  await page.getByText(/again in \d+ s/).waitFor();
  await say(page, 'written meanwhile');
  await log(page).locator('#pending').getByText('written meanwhile').waitFor();
  assert.equal(await words(page).inputValue(), '');

  demo = await start(t, {}, demo.port);
  // Either the page has come back by itself in the meantime, or we help.
  await retry.click({ timeout: 1000 }).catch(() => {});
  await state(page, 'Connected').waitFor();
  await retry.waitFor({ state: 'hidden' });
  await message(page, 'Ada: written meanwhile').waitFor();
  assert.equal(await name(page).inputValue(), 'Ada');
  const bob = await open(t, demo);
  await say(bob, '/join other');
  await message(bob, 'Ada: written meanwhile').waitFor();
});

const ways = [
  { how: 'kept for you by the hub', options: {} },
  {
    how: 'fetched by their ids',
    options: { connectionStateRecovery: { maxDisconnectionDuration: -1 } },
  },
];
for (const { how, options } of ways) {
  test(`after a cut the page is in its rooms again, with all that was said meanwhile: ${how}`, {
    skip,
  }, async (t) => {
    const demo = await start(t, options);
    const page = await open(
      t,
      { browser, port: demo.port },
      { name: 'Ada', viewport: { width: 1280, height: 800 } },
    );
    const plain = await PlainClient.join(demo.port);
    plain.say('Plain: before');
    await message(page, 'before').waitFor();
    await say(page, '/join second');
    await page.getByRole('heading', { name: '#second' }).waitFor();
    plain.say('/join second');
    await cut(page).check();
    await state(page, 'Not connected: you have cut the line').waitFor();
    for (const text of ['one', 'two', 'three']) plain.say(text);
    await plain.hear('[#second] Plain: three');
    await cut(page).uncheck();
    await state(page, 'Connected').waitFor();
    await notice(page, new RegExp(`Back after \\d+ s; 3 messages came meanwhile, ${how}\\.`)).waitFor();
    assert.deepEqual(await texts(page), ['one', 'two', 'three']);
    plain.say('and on');
    await message(page, 'and on').waitFor();
    plain.socket.close();
  });
}

test('a message that is under way when the line is cut is said once', { skip }, async (t) => {
  const demo = await start(t);
  const page = await open(
    t,
    { browser, port: demo.port },
    { name: 'Ada', viewport: { width: 1280, height: 800 } },
  );
  const plain = await PlainClient.join(demo.port);
  for (const text of ['first', 'second', 'third']) {
    await words(page).fill(text);
    await page.evaluate(`{
      document.getElementById('composer').requestSubmit();
      document.getElementById('cut').click();
    }`);
    await state(page, 'Not connected: you have cut the line').waitFor();
    await cut(page).uncheck();
    await state(page, 'Connected').waitFor();
    await message(page, text).waitFor();
    await plain.hear(`Ada: ${text}`);
  }
  assert.deepEqual(await texts(page), ['first', 'second', 'third']);
  plain.socket.close();
});

test('a server that accepts and says nothing is given up', { skip }, async (t) => {
  const demo = await start(t);
  const page = await open(t, demo, { name: 'Ada' });
  await page.clock.install();
  // From now on nothing that the page sends arrives.
  await page.route(/transport=polling/, () => {});
  await page.routeWebSocket(/socket\.io/, () => {});
  await page.evaluate(`document.getElementById('cut').click()`);
  await page.evaluate(`document.getElementById('cut').click()`);
  await page.clock.runFor(11_000);
  await state(page, 'Not connected: the server is out of reach').waitFor();
});

test('says so at once when the device goes offline, and is back when it is', { skip }, async (t) => {
  const demo = await start(t);
  const page = await open(t, demo);
  await page.context().setOffline(true);
  await state(page, /this device is offline|out of reach/).waitFor();
  await page.context().setOffline(false);
  await state(page, 'Connected').waitFor();
});
