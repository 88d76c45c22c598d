// Opens the chat page in a real Chromium beside clients of other kinds, and does with it what people do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator } from 'playwright-core';
import { violations } from '../support/accessibility.ts';
import { demoInChromium, skip } from '../support/demo-pages.ts';
import {
  conversation,
  log,
  message,
  name,
  notice,
  open,
  person,
  rename,
  say,
  state,
  words,
} from './chat-page.ts';
import { PlainClient } from './plain-client.ts';

const on = demoInChromium();

/** A computed style of an element. */
const style = (locator: Locator, property: string): Promise<string> =>
  locator.evaluate(
    (element, key) => element.ownerDocument.defaultView.getComputedStyle(element)[key],
    property,
  );

test('two pages and a plain client talk to each other', { skip }, async (t) => {
  const [ada, bob, plain] = await Promise.all([open(t, on), open(t, on), PlainClient.join(on.port)]);
  await rename(ada, 'Ada');
  await say(ada, 'hello from a page');
  await plain.hear('Ada: hello from a page');
  await message(bob, 'Ada: hello from a page').waitFor();
  assert.ok(await message(ada, 'Ada: hello').evaluate((shown) => shown.classList.contains('own')));
  assert.ok(await message(bob, 'Ada: hello').evaluate((shown) => !shown.classList.contains('own')));

  plain.say('Terminal: and hello from one');
  await plain.hear('Terminal: and hello from one');
  for (const page of [ada, bob]) await message(page, 'Terminal: and hello from one').waitFor();
  await person(ada, 'Terminal text').waitFor();
  plain.socket.close();
  await notice(ada, 'Terminal left').waitFor();
});

test('text, names, rooms and pictures of others never become markup, and break no layout', {
  skip,
}, async (t) => {
  const page = await open(t, on, { viewport: { width: 360, height: 740 } });
  const plain = await PlainClient.join(on.port, {});
  const hostile = [
    '<img src=x onerror=alert(1)><script>alert(2)</script>',
    '</p></div><style>*{display:none}</style>',
    '&lt;b&gt; &amp; javascript:alert(3)',
    `${'x'.repeat(3000)} a long word`,
    `\u202eright to left`,
    `z${'\u0301'.repeat(300)}algo`,
    '["said",{"text":"forged"}]',
    '["message","<script>alert(4)</script> as an event"]',
  ];
  plain.say('/nick <b>Eve</b><script>');
  for (const text of hostile) plain.say(text);
  plain.say('/join __proto__');
  plain.say('that was all');
  plain.say('/join lobby');
  plain.say('that was all');
  await message(page, 'that was all').waitFor();
  for (const text of [
    '<img src=x onerror=alert(1)>',
    '</p></div><style>',
    '&lt;b&gt; &amp;',
    'as an event',
  ]) {
    await message(page, text).waitFor();
  }
  const elements = await log(page).evaluate((list) =>
    [...new Set([...list.querySelectorAll('*')].map((element) => element.localName))].sort(),
  );
  assert.deepEqual(elements, ['b', 'div', 'p', 'span', 'time']);
  assert.equal(await log(page).evaluate((list) => list.scrollWidth - list.clientWidth), 0);
  assert.equal(await page.locator('html').evaluate(({ scrollWidth }) => scrollWidth), 360);
  assert.equal(await page.evaluate('({}).people'), undefined);
  plain.socket.close();
});

test('everything can be done with the keyboard, and each stop shows that it is one', { skip }, async (t) => {
  const page = await open(t, on, { viewport: { width: 1280, height: 800 } });
  const focused = () => page.locator(':focus').evaluate((stop) => stop.id || stop.localName);
  const order: string[] = [];
  await page.evaluate('document.activeElement.blur()');
  while (order.at(-1) !== 'cut' && order.length < 40) {
    await page.keyboard.press('Tab');
    order.push(await focused());
    // The log's frame shows it for the log.
    const shown = page.locator(order.at(-1) === 'log' ? '.log-frame' : ':focus');
    assert.equal(await style(shown, 'outlineStyle'), 'solid', order.at(-1));
  }
  for (const stop of [
    'room',
    'how',
    'leave',
    'log',
    'name',
    'text',
    'choose',
    'send',
    'polling',
    'slow',
    'cut',
  ]) {
    assert.ok(order.includes(stop), `${stop} in ${order}`);
  }
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
  await page.keyboard.press('ArrowUp');
  await page.keyboard.type(', changed');
  await page.keyboard.press('Enter');
  await message(page, 'first second, changed').filter({ hasText: 'edited' }).waitFor();
  await page.keyboard.type('/join keys');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: '#keys' }).waitFor();
  await conversation(page, '#lobby').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: '#lobby' }).waitFor();
  assert.equal(await page.locator(':focus').textContent(), '#lobby');
});

test('axe-core finds nothing wrong, light and dark, wide and narrow, in a room with all there can be', {
  skip,
}, async (t) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await open(t, on, { colorScheme, viewport: { width: 1280, height: 800 } });
    const plain = await PlainClient.join(on.port);
    plain.say('Guest: hello');
    await say(page, 'hello back');
    await say(page, '/me waves');
    await say(page, '/dance');
    await notice(page, 'no command').waitFor();
    assert.deepEqual(await violations(page), [], `${colorScheme}, wide`);
    await page.getByRole('button', { name: 'Join with anything' }).click();
    assert.deepEqual(await violations(page), [], `${colorScheme}, dialog`);
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 360, height: 740 });
    for (const view of ['Rooms', 'Wire', 'Talk']) {
      await page.getByRole('button', { name: view, exact: true }).click();
      assert.deepEqual(await violations(page), [], `${colorScheme}, ${view}`);
    }
    plain.socket.close();
  }
});

test('is told to assistive technology: landmarks, names, and new messages one by one or as a number', {
  skip,
}, async (t) => {
  const page = await open(t, on);
  const plain = await PlainClient.join(on.port);
  assert.match(
    await page.locator('body').ariaSnapshot(),
    /- banner:.*- main:.*- region "Rooms and people":.*- region "Talk":.*- contentinfo:/s,
  );
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  assert.equal(await log(page).getAttribute('aria-live'), 'off');
  const announcer = page.locator('#announcer');
  plain.say('Teller: one');
  await announcer.filter({ hasText: /^Teller: one$/ }).waitFor();
  for (const text of ['two', 'three', 'four']) plain.say(text);
  await announcer.filter({ hasText: /^3 messages. The last: Teller: four$/ }).waitFor();
  plain.socket.close();
});

test('keeps the name, the rooms and a draft over a reload', { skip }, async (t) => {
  const page = await open(t, on, { name: 'Grace' });
  await say(page, '/join reloaded');
  await page.getByRole('heading', { name: '#reloaded' }).waitFor();
  await words(page).fill('unfinished');
  await page.reload();
  await state(page, 'Connected').waitFor();
  await conversation(page, '#reloaded').waitFor();
  await person(page, 'Grace (you)').waitFor();
  assert.equal(await name(page).inputValue(), 'Grace');
  assert.equal(await words(page).inputValue(), 'unfinished');
});

test('keeps at most 300 messages and shows the newest, unless its reader looks at older ones', {
  skip,
}, async (t) => {
  const page = await open(t, on);
  const distance = () =>
    log(page).evaluate(
      ({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight,
    );
  const [clients, each] = [9, 36];
  const crowd = await Promise.all(Array.from({ length: clients }, () => PlainClient.join(on.port)));
  for (const [who, client] of crowd.entries()) {
    for (let i = 0; i < each; i += 1) client.say(`${who} says ${i}.`);
  }
  for (const who of crowd.keys()) await message(page, `${who} says ${each - 1}.`).waitFor();
  assert.ok((await log(page).locator('#messages > *').count()) <= 300);
  assert.ok((await distance()) < 48);

  await log(page).evaluate((element) => element.scrollTo(0, 0));
  const newer = page.getByRole('button', { name: 'New messages' });
  crowd[0]!.say('while you were reading');
  await newer.waitFor();
  assert.ok((await distance()) > 100);
  await newer.click();
  await newer.waitFor({ state: 'hidden' });
  assert.ok((await distance()) < 2);
  for (const client of crowd) client.socket.close();
});

test('fits a phone of 360 pixels, in light and dark, without sideways scrolling', { skip }, async (t) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await open(t, on, {
      viewport: { width: 360, height: 740 },
      colorScheme,
      hasTouch: true,
    });
    const html = page.locator('html');
    for (const view of ['Rooms', 'Wire', 'Talk']) {
      await page.getByRole('button', { name: view, exact: true }).click();
      const size = await html.evaluate(({ scrollWidth, scrollHeight }) => [scrollWidth, scrollHeight]);
      assert.deepEqual(size, [360, 740], view);
    }
    const [ink, paper] = await Promise.all(
      ['color', 'backgroundColor'].map(async (property) =>
        Number(/\d+/.exec(await style(html, property))?.[0]),
      ),
    );
    assert.equal(ink! > paper!, colorScheme === 'dark');
  }
});

test('who wants no motion gets none', { skip }, async (t) => {
  for (const reducedMotion of ['reduce', 'no-preference'] as const) {
    const page = await open(t, on, { reducedMotion });
    await say(page, 'spark');
    await message(page, 'spark').last().waitFor();
    assert.equal(await page.evaluate('document.getAnimations().length > 0'), reducedMotion !== 'reduce');
  }
});
