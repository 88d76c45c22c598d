// Opens the chat page in a real Chromium beside clients of other kinds, and does with it what people do.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Locator } from 'playwright-core';
import { type Demo, startDemo } from '../../src/demo/server.ts';
import { launchBrowser } from '../support/browser.ts';
import { chromium } from '../support/tools.ts';
import { message, name, open, say, state, words } from './chat-page.ts';
import { PlainClient } from './plain-client.ts';

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

/** A computed style of an element. */
const style = (locator: Locator, property: string): Promise<string> =>
  locator.evaluate(
    (element, key) => element.ownerDocument.defaultView.getComputedStyle(element)[key],
    property,
  );

test('two pages and a plain client talk to each other', { skip }, async (t) => {
  const [ada, bob, plain] = await Promise.all([
    open(t, browser, port),
    open(t, browser, port),
    PlainClient.join(port),
  ]);
  await name(ada).fill('Ada');
  await say(ada, 'hello from a page');
  assert.equal(await plain.next(), 'Ada: hello from a page');
  await message(bob, 'Ada: hello from a page').waitFor();
  assert.ok(await message(ada, 'Ada: hello').evaluate((shown) => shown.classList.contains('own')));
  assert.ok(await message(bob, 'Ada: hello').evaluate((shown) => !shown.classList.contains('own')));

  plain.socket.send('no name, just text: as it is');
  await message(ada, 'no name, just text: as it is').waitFor();
  await message(bob, 'no name, just text: as it is').waitFor();

  await name(bob).fill('');
  await say(bob, 'bare');
  assert.equal(await plain.next(), 'no name, just text: as it is');
  assert.equal(await plain.next(), 'bare');
  plain.socket.close();
});

test('text from others never becomes markup', { skip }, async (t) => {
  const page = await open(t, browser, port);
  const plain = await PlainClient.join(port);
  const hostile = [
    '<img src=x onerror=alert(1)><script>alert(2)</script>',
    '<b>Eve</b>: <i>hi</i>',
    'Eve: </p></div><style>*{display:none}</style>',
    '&lt;b&gt; &amp; javascript:alert(3)',
  ];
  page.on('dialog', () => assert.fail('a dialog opened'));
  for (const text of hostile) {
    plain.socket.send(text);
    await message(page, text).waitFor();
  }
  const elements = await page
    .getByRole('log')
    .evaluate((log) =>
      [...new Set([...log.querySelectorAll('*')].map((element) => element.localName))].sort(),
    );
  assert.deepEqual(elements, ['b', 'p', 'span', 'time']);
  assert.equal(await page.locator('.name').count(), 2);
  plain.socket.close();
});

test('everything can be done with the keyboard', { skip }, async (t) => {
  const page = await open(t, browser, port, { viewport: { width: 1280, height: 800 } });
  const focused = () => page.locator(':focus').evaluate((stop) => stop.id || stop.localName);
  const order: string[] = [];
  while (order.at(-1) !== 'summary' && order.length < 20) {
    await page.keyboard.press('Tab');
    order.push(await focused());
    // Each stop shows that it is one; the log's frame does it for the log.
    const shown = page.locator(order.at(-1) === 'log' ? '.log-frame' : ':focus');
    assert.equal(await style(shown, 'outlineStyle'), 'solid', order.at(-1));
  }
  assert.deepEqual(
    order.filter((stop) => stop !== 'a'),
    ['log', 'name', 'text', 'button', 'summary'],
  );
  await name(page).focus();
  await page.keyboard.press('Enter');
  assert.equal(await focused(), 'text');
  await page.keyboard.type('first');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('second');
  await page.keyboard.press('Enter');
  await message(page, 'first second').waitFor();
  assert.equal(await words(page).inputValue(), '');
  assert.equal(await focused(), 'text');
  await page.keyboard.type('by the button');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await message(page, 'by the button').waitFor();
});

test('is told to assistive technology: landmarks, names and live regions', { skip }, async (t) => {
  const page = await open(t, browser, port);
  await page.getByRole('log', { name: 'Messages' }).waitFor({ state: 'attached' });
  assert.match(
    await page.locator('body').ariaSnapshot(),
    /- banner:.*- main:.*- complementary "Join with anything"/s,
  );
  assert.equal(await page.getByRole('button', { name: 'Send' }).count(), 1);
  assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'Wirehub');
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
});

test('keeps a draft and the name over a reload', { skip }, async (t) => {
  const page = await open(t, browser, port);
  await name(page).fill('Grace');
  await words(page).fill('unfinished');
  await page.reload();
  await state(page, 'Connected').waitFor();
  assert.equal(await name(page).inputValue(), 'Grace');
  assert.equal(await words(page).inputValue(), 'unfinished');
});

test('keeps at most 500 messages and shows the newest, unless its reader looks at older ones', {
  skip,
}, async (t) => {
  const page = await open(t, browser, port);
  const log = page.getByRole('log');
  const distance = () =>
    log.evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight);
  const [clients, each] = [6, 90];
  const crowd = await Promise.all(Array.from({ length: clients }, () => PlainClient.join(port)));
  for (const [who, client] of crowd.entries()) {
    for (let i = 0; i < each; i += 1) client.socket.send(`${who} says ${i}.`);
  }
  for (const who of crowd.keys()) await message(page, `${who} says ${each - 1}.`).waitFor();
  assert.equal(await log.locator('.message').count(), 500);
  assert.ok((await distance()) < 2);

  await log.evaluate((element) => element.scrollTo(0, 0));
  const newer = page.getByRole('button', { name: 'New messages' });
  crowd[0]!.socket.send('while you were reading');
  await newer.waitFor();
  assert.ok((await distance()) > 100);
  await newer.click();
  await newer.waitFor({ state: 'hidden' });
  assert.ok((await distance()) < 2);
  for (const client of crowd) client.socket.close();
});

test('fits a phone of 360 pixels, in light and dark, without sideways scrolling', { skip }, async (t) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await open(t, browser, port, {
      viewport: { width: 360, height: 740 },
      colorScheme,
      hasTouch: true,
    });
    const plain = await PlainClient.join(port);
    plain.socket.send(`wide ${'x'.repeat(2000)}`);
    await message(page, 'wide').waitFor();
    const html = page.locator('html');
    const size = await html.evaluate(({ scrollWidth, scrollHeight }) => [scrollWidth, scrollHeight]);
    assert.deepEqual(size, [360, 740]);
    assert.equal(await page.getByRole('log').evaluate((log) => log.scrollWidth - log.clientWidth), 0);
    const [ink, paper] = await Promise.all(
      ['color', 'backgroundColor'].map(async (property) =>
        Number(/\d+/.exec(await style(html, property))?.[0]),
      ),
    );
    assert.equal(ink! > paper!, colorScheme === 'dark');
    plain.socket.close();
  }
});
