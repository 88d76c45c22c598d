// The inspector's page in Chromium: a person sees their own bytes, taken apart, and nobody else's; and experiments with them.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { violations } from '../support/accessibility.ts';
import { demoInChromium, newPage, type PageOptions, skip } from '../support/demo-pages.ts';

const on = demoInChromium();

interface Opened {
  readonly page: Page;
  /** Bytes of all files that were loaded, before compression. */
  readonly weight: () => Promise<number>;
}

async function open(t: TestContext, hash = '', options: PageOptions = {}): Promise<Opened> {
  const page = await newPage(t, on, options);
  const bodies: Promise<Buffer>[] = [];
  page.on('response', (response) => {
    if (!response.url().includes('/socket.io/?')) bodies.push(response.body().catch(() => Buffer.alloc(0)));
  });
  await page.goto(`/inspector/${hash}`);
  await page.getByText('connected, by websocket').waitFor();
  // Tests that name a preset want it, and what is typed before it has come would stay.
  if (hash !== '') await page.locator('#laboratory strong').first().waitFor();
  const weight = async () => (await Promise.all(bodies)).reduce((sum, { length }) => sum + length, 0);
  return { page, weight };
}

const rows = (page: Page, words: string | RegExp) =>
  page.getByRole('listbox', { name: 'Time line' }).getByRole('option').filter({ hasText: words });
const detail = (page: Page) => page.getByRole('region', { name: 'The chosen entry' });
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/** Emits an event and chooses the frame that carries it. */
async function chooseEvent(page: Page): Promise<void> {
  await press(page, 'Emit an event');
  await rows(page, 'Hello number 1').first().click();
  await detail(page).getByRole('heading', { name: 'A text frame' }).waitFor();
}

describe('the inspector', { skip }, () => {
  test('is below 100 kB when it shows the first traffic', async (t) => {
    const { weight } = await open(t);
    const size = await weight();
    assert.ok(size < 100_000, `${size} bytes`);
  });

  test('shows long-polling, the handshake, the probe, the upgrade and messages, as they come', async (t) => {
    const { page } = await open(t);
    await press(page, 'Ask for an acknowledgement');
    for (const words of [
      'GET',
      'POST',
      'HANDSHAKE',
      'ping probe',
      'pong probe',
      'upgrade',
      /echo.*did it arrive/,
      /ack .*#0/,
    ]) {
      await rows(page, words).first().waitFor();
    }
  });

  test('works out Sec-WebSocket-Accept step by step', async (t) => {
    const { page } = await open(t);
    await rows(page, 'HANDSHAKE').first().click();
    const steps = detail(page).locator('.steps code');
    await steps.first().waitFor();
    const [key, joined, sha1, accept] = await steps.allTextContents();
    assert.equal(joined, `${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
    assert.equal(Buffer.from(sha1!, 'hex').toString('base64'), accept);
    assert.match(
      (await detail(page).textContent()) ?? '',
      new RegExp(`Sec-WebSocket-Accept: ${accept!.replaceAll('+', '\\+')}`),
    );
  });

  test('takes a frame apart: bits, fields, mask, compression, Engine.IO, Socket.IO, event and arguments', async (t) => {
    const { page } = await open(t);
    await chooseEvent(page);
    const field = (name: string) =>
      detail(page)
        .getByRole('row')
        .filter({ has: page.getByRole('rowheader', { name, exact: true }) });
    assert.match(
      (await field('opcode').textContent()) ?? '',
      /0x1.*text: a message of UTF-8 text.*checkFirstBytes/,
    );
    assert.match((await field('MASK').textContent()) ?? '', /masked, as a client must/);
    assert.match((await field('RSV1').textContent()) ?? '', /compressed/);
    const bits = await detail(page).locator('.header-bytes .byte').first().locator('.bit').allTextContents();
    assert.equal(bits.join(''), '11000001');
    for (const title of [
      'Compression, undone',
      'Engine.IO packet: message',
      'Socket.IO packet: event',
      'Arguments',
    ]) {
      await detail(page).getByRole('heading', { name: title }).waitFor();
    }
    assert.match((await detail(page).textContent()) ?? '', /event.*echo.*Arguments\[\s*"Hello number 1"/s);
  });

  test('lights up the bits of a field that is pointed at or has the focus, and the other way round', async (t) => {
    const { page } = await open(t);
    await chooseEvent(page);
    const lit = () =>
      detail(page)
        .locator('.lit')
        .evaluateAll((all) =>
          all.map((one) => (one as unknown as { dataset: { field: string } }).dataset.field),
        );
    await detail(page).getByRole('row').filter({ hasText: 'opcode' }).hover();
    assert.deepEqual(new Set(await lit()), new Set(['opcode']));
    assert.equal((await lit()).length, 5, 'four bits and the row');
    await detail(page).locator('.bit[data-field="MASK"]').hover();
    assert.deepEqual(new Set(await lit()), new Set(['MASK']));
    await detail(page).getByRole('row').filter({ hasText: 'FIN' }).focus();
    assert.deepEqual(new Set(await lit()), new Set(['FIN']));
  });

  test('undoes the mask byte by byte', async (t) => {
    const { page } = await open(t, '#lab=rfc-5.7-masked-hello');
    const slider = page.locator('#laboratory').getByRole('slider', { name: 'Byte of the payload' });
    await slider.focus();
    const spoken = [await slider.getAttribute('aria-valuetext')];
    for (let i = 1; i < 5; i++) {
      await page.keyboard.press('ArrowRight');
      spoken.push(await slider.getAttribute('aria-valuetext'));
    }
    // RFC 6455 §5.7
    assert.deepEqual(spoken, [
      'byte 1: 7f XOR 37 is 48',
      'byte 2: 9f XOR fa is 65',
      'byte 3: 4d XOR 21 is 6c',
      'byte 4: 51 XOR 3d is 6c',
      'byte 5: 58 XOR 37 is 6f',
    ]);
  });

  test('shows each page its own traffic only, and what other tabs of the same browser do', async (t) => {
    const [mine, other] = [await open(t), await open(t)];
    await press(mine.page, 'Emit an event');
    await rows(mine.page, 'Hello number 1').first().waitFor();
    const tab = await mine.page.context().newPage();
    await tab.goto('/inspector/');
    await rows(tab, 'Hello number 1').first().waitFor();
    await press(other.page, 'Ask for an acknowledgement');
    await rows(other.page, 'did it arrive').first().waitFor();
    assert.equal(await rows(other.page, 'Hello number').count(), 0);
  });

  test('filters, pauses and clears', async (t) => {
    const { page } = await open(t);
    await chooseEvent(page);
    await page.getByRole('checkbox', { name: 'Long-polling' }).uncheck();
    await rows(page, 'POST').first().waitFor({ state: 'detached' });
    await page.getByRole('combobox', { name: 'Direction' }).selectOption({ label: '← from the server' });
    await page.locator('.row[data-from="client"]').first().waitFor({ state: 'detached' });
    await page.getByRole('combobox', { name: 'Direction' }).selectOption('');
    await press(page, 'Pause');
    await press(page, 'Emit an event');
    await page.getByText(/Paused: [1-9]\d* more since/).waitFor();
    assert.equal(await rows(page, 'Hello number 2').count(), 0);
    await press(page, 'Pause');
    await rows(page, 'Hello number 2').first().waitFor();
    await press(page, 'Clear');
    await page.getByText('Nothing has been on the wire yet.').waitFor();
  });

  test('works with the keyboard alone', async (t) => {
    const { page } = await open(t);
    const list = page.getByRole('listbox', { name: 'Time line' });
    await list.focus();
    await page.keyboard.press('Home');
    await detail(page).getByRole('heading', { name: 'A request of long-polling' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await detail(page).getByRole('heading', { name: 'Its response' }).waitFor();
    assert.match((await list.getAttribute('aria-activedescendant')) ?? '', /^entry-\d+$/);
    await page.keyboard.press('Tab');
    assert.equal(
      await page.evaluate('document.activeElement.getAttribute("aria-label")'),
      'The chosen entry',
    );
  });

  test('stays usable and bounded with thousands of frames, whatever is in them', async (t) => {
    const { page } = await open(t);
    await page.evaluate(async () => {
      const { io } = (await import('/socket.io/socket.io.esm.min.js' as string)) as {
        io: (...args: unknown[]) => { emit(...args: unknown[]): void; on(name: string, f: () => void): void };
      };
      const { wireToken } = (await import('/inspector/token.js' as string)) as { wireToken(): string };
      const socket = io('/inspector', {
        query: { wire: wireToken() },
        transports: ['websocket'],
        forceNew: true,
      });
      await new Promise<void>((resolve) => socket.on('connect', resolve));
      for (let i = 0; i < 1500; i++) socket.emit('echo', '<img src=x onerror=alert(1)>', i);
    });
    await rows(page, /LEFT OUT|<img src=x/)
      .first()
      .waitFor();
    const list = page.getByRole('listbox', { name: 'Time line' });
    await list.focus();
    await page.keyboard.press('End');
    assert.ok((await list.getByRole('option').count()) < 60, 'only what is on the screen is in the page');
    assert.equal(await page.locator('img').count(), 0);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`breaks no rule of accessibility and fits 360 pixels, ${colorScheme}`, async (t) => {
      const options = { viewport: { width: 360, height: 740 }, colorScheme };
      const { page } = await open(t, '#lab=deflate-hello-twice', options);
      await chooseEvent(page);
      await page.locator('#laboratory .aim a').waitFor();
      assert.deepEqual(await violations(page), []);
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 360);
    });
  }
});

describe('the laboratory', { skip }, () => {
  const lab = (page: Page) => page.locator('#laboratory');

  test('opens a preset by its address, foretells what happens, sends it and shows what did', async (t) => {
    const { page } = await open(t, '#lab=text-in-message');
    await lab(page).getByText('A text message begins inside of another. RFC 6455 §5.4').waitFor();
    await lab(page)
      .getByRole('status')
      .filter({ hasText: 'close 1002 protocol error, because of RFC 6455 §5.4' })
      .waitFor();
    await press(page, 'Send it');
    await lab(page).getByText('The server found RFC 6455 §5.4 broken').waitFor();
    await lab(page)
      .getByRole('listitem')
      .filter({ hasText: '88 02 03 ea close 1002 protocol error' })
      .waitFor();
    await lab(page).getByText('The server has ended the TCP connection.').waitFor();
    await lab(page).getByText('As foretold.').waitFor();
    await rows(page, '1002 protocol error').waitFor();
  });

  test('composes frames by hand, in fragments, masked or not', async (t) => {
    const { page } = await open(t, '#lab=empty-text');
    await lab(page).getByLabel('Payload', { exact: true }).fill('Hi!');
    await lab(page).getByLabel('Frames', { exact: true }).fill('2');
    await press(page, 'Put in their place');
    assert.equal(
      await lab(page).getByLabel('The bytes, a frame in each line').inputValue(),
      '01 82 37fa213d 7f93\n80 81 37fa213d 16',
    );
    const payload = page.getByRole('rowheader', { name: 'payload', exact: true });
    const row = lab(page).getByRole('row').filter({ has: payload }).first();
    assert.deepEqual(await row.getByRole('cell').allTextContents(), ['0x7f93', '2 bytes', 'masking mask()']);
    await press(page, 'Send it');
    await lab(page).getByRole('listitem').filter({ hasText: '81 03 48 69 21 text “Hi!”' }).waitFor();
    await lab(page).getByRole('checkbox', { name: 'MASK' }).uncheck();
    await lab(page).getByLabel('Length in').selectOption('64 bits');
    await lab(page).getByLabel('Frames', { exact: true }).fill('1');
    await press(page, 'Put in their place');
    assert.equal(
      await lab(page).getByLabel('The bytes, a frame in each line').inputValue(),
      '81 7f 0000000000000003 486921',
    );
    await lab(page).getByRole('status').filter({ hasText: 'RFC 6455 §5.1' }).waitFor();
  });

  test('compresses what is composed', async (t) => {
    const { page } = await open(t, '#lab=compressed-hello');
    await lab(page).getByLabel('compress', { exact: true }).check();
    await press(page, 'Put in their place');
    await press(page, 'Send it');
    await lab(page).getByRole('listitem').filter({ hasText: 'text, compressed' }).waitFor();
  });

  test('says what is wrong with bytes that are none', async (t) => {
    const { page } = await open(t, '#lab=rsv1');
    await lab(page).getByLabel('The bytes, a frame in each line').fill('81 xyz');
    await lab(page).getByText('“xyz” is not bytes in hex').waitFor();
  });

  test('keeps what was typed before the presets came, until one is asked for', async (t) => {
    const page = await newPage(t, on);
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/presets.json', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto('/inspector/#lab=rsv1');
    const typed = lab(page).getByLabel('The bytes, a frame in each line');
    await typed.fill('89 80 00000000');
    release();
    const rule = lab(page).getByLabel('A rule to try');
    await rule.getByRole('option', { name: /choose one/ }).waitFor({ state: 'attached' });
    assert.equal(await typed.inputValue(), '89 80 00000000');
    await rule.selectOption('rsv1');
    await lab(page).locator('.aim a').waitFor();
    assert.notEqual(await typed.inputValue(), '89 80 00000000');
    await typed.fill('8a 80 00000000');
    await page.evaluate(`location.hash = 'lab=empty-text'`);
    await lab(page).locator('.aim').getByText('§5.6').waitFor();
    assert.match(await typed.inputValue(), /^81 80 /);
  });

  test('tries a handshake that must be refused', async (t) => {
    const { page } = await open(t, '#lab=handshake-version-8');
    await press(page, 'Send it');
    await lab(page).getByText('← 426 Missing or invalid Sec-WebSocket-Version header').waitFor();
  });
});
