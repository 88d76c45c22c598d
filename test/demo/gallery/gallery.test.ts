// The pages of the gallery in a real Chromium, several of each: what one does, the others see.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { connect } from 'socket.io-client';
import { demoInChromium, skip } from '../../support/demo-pages.ts';
import { openPage, reads } from './pages.ts';

const on = demoInChromium();

const numberIn = async (page: Page, selector: string) => Number(await page.locator(selector).textContent());

/** Waits until the number in an element is greater than that. */
async function above(page: Page, selector: string, least: number): Promise<void> {
  while ((await numberIn(page, selector)) <= least) await page.waitForTimeout(50);
}

/** How much of a canvas is not blank. */
const inkOf = (page: Page, selector: string) =>
  page.locator(selector).evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let ink = 0;
    for (let at = 3; at < data.length; at += 4) ink += data[at] > 0 ? 1 : 0;
    return ink;
  });

describe('the ticker', { skip }, () => {
  test('draws what comes, over WebSocket and over long-polling, and counts what it did without', async (t) => {
    const page = await openPage(t, on, 'ticker');
    await above(page, '#rate', 20);
    assert.match(await page.locator('#wares').innerText(), /Copper\s+\d+\.\d\d/);
    const ink = await inkOf(page, '#chart');
    assert.ok(ink > 1000, `${ink} pixels`);
    await page.getByLabel('long-polling').check();
    await above(page, '#rate', 5);
    // A page that stands still does not ask for the next poll; what it misses is lost, as volatile events are.
    const before = await numberIn(page, '#lost');
    await page.evaluate('{ const end = performance.now() + 500; while (performance.now() < end); }');
    await above(page, '#lost', before + 10);
  });
});

describe('drawing together', { skip }, () => {
  const draw = async (page: Page, y: number) => {
    const box = (await page.locator('#board').boundingBox())!;
    await page.mouse.move(box.x + 20, box.y + y * box.height);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.8, box.y + y * box.height, { steps: 20 });
    await page.mouse.up();
  };
  const until = async (page: Page, isSo: (ink: number) => boolean) => {
    while (!isSo(await inkOf(page, '#board'))) await page.waitForTimeout(20);
  };

  /** In the middle of all that has the colour of copper, from 0 to 1. */
  const sparkOn = (page: Page) =>
    page.locator('#board').evaluate((canvas): [number, number] => {
      const { width, height } = canvas;
      const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
      const found = [0, 0, 0];
      for (let at = 0; at < data.length; at += 4) {
        if (data[at] !== 0xa4 || data[at + 1] !== 0x48 || data[at + 2] !== 0x1a) continue;
        const pixel = at / 4;
        found[0]! += pixel % width;
        found[1]! += Math.floor(pixel / width);
        found[2]!++;
      }
      return [found[0]! / found[2]! / width, found[1]! / found[2]! / height];
    });

  test('what one draws the others see, also who comes later, and who was cut off meanwhile', async (t) => {
    const [ada, bob] = [await openPage(t, on, 'together'), await openPage(t, on, 'together')];
    await reads(ada, '#players', /You.*Pen/s);
    const blank = await inkOf(bob, '#board');
    await draw(ada, 0.3);
    await until(bob, (ink) => ink > blank + 1000);
    const later = await openPage(t, on, 'together');
    await until(later, (ink) => ink > blank + 1000);

    const one = await inkOf(bob, '#board');
    await bob.getByRole('button', { name: 'Cut the line' }).click();
    await draw(ada, 0.7);
    await reads(bob, '#status', 'nothing was missed');
    await until(bob, (ink) => ink > one + 1000);

    await ada.getByRole('button', { name: 'Wipe the sheet' }).click();
    await until(bob, (ink) => ink < blank + 1000);
  });

  test('the keyboard draws too, and who touches the spark gets a point', async (t) => {
    const page = await openPage(t, on, 'together');
    const other = await openPage(t, on, 'together');
    const blank = await inkOf(other, '#board');
    await page.locator('#board').focus();
    for (let i = 0; i < 20; i++) await page.keyboard.press('Shift+ArrowRight');
    await until(other, (ink) => ink > blank + 300);
    const box = (await page.locator('#board').boundingBox())!;
    const [x, y] = await sparkOn(page);
    await page.mouse.move(box.x + x * box.width, box.y + y * box.height);
    await reads(other, '#players', /Pen \d+: [1-9]/);
  });
});

describe('one text', { skip }, () => {
  const textOf = (page: Page) => page.locator('#text').inputValue();
  const agree = async (pages: Page[], words: string[]) => {
    const isSo = async () => {
      const texts = await Promise.all(pages.map(textOf));
      return new Set(texts).size === 1 && words.every((word) => texts[0]!.includes(word));
    };
    while (!(await isSo())) await pages[0]!.waitForTimeout(20);
  };

  test('typed by several at a time, also offline, is the same everywhere', async (t) => {
    const [ada, bob] = [await openPage(t, on, 'text'), await openPage(t, on, 'text')];
    await ada.locator('#text').pressSequentially('Ada was here. ');
    await agree([ada, bob], ['Ada was here. ']);
    await bob.getByRole('button', { name: 'Go offline' }).click();
    await bob.locator('#text').press('End');
    await bob.locator('#text').pressSequentially('Bob was away.');
    await ada.locator('#text').press('Home');
    await ada.locator('#text').pressSequentially('First: ');
    await bob.getByRole('button', { name: 'Go offline' }).click();
    await agree([ada, bob], ['First: ', 'Ada was here. ', 'Bob was away.']);
    const later = await openPage(t, on, 'text');
    await agree([ada, bob, later], ['First: Ada was here. Bob was away.']);

    // The cursor stays at its letter while another types before it.
    await ada.locator('#text').evaluate((area) => area.setSelectionRange(7, 10));
    await bob.locator('#text').press('Control+Home');
    await bob.locator('#text').pressSequentially('>> ');
    await agree([ada, bob], ['>> First']);
    assert.deepEqual(
      await ada.locator('#text').evaluate((area) => [area.selectionStart, area.selectionEnd]),
      [10, 13],
    );
  });

  test('bytes of a stranger that are no change of a text break no page', async (t) => {
    const page = await openPage(t, on, 'text');
    const stranger = connect(`http://127.0.0.1:${on.port}/gallery/text`, { forceNew: true });
    t.after(() => stranger.close());
    const junk = ['', 'no change', '\xff\xff\xff\xff\xff\x0f', '\x01\x01\x00\x00'].map((bytes) =>
      Buffer.from(bytes, 'latin1'),
    );
    for (const bytes of junk) await stranger.emitWithAck('update', bytes);
    const later = await openPage(t, on, 'text');
    await page.locator('#text').press('Control+End');
    await page.locator('#text').pressSequentially(' Still fine.');
    await agree([page, later], [' Still fine.']);
  });

  test('says what it weighs, also to who has it in the cache', async (t) => {
    const page = await openPage(t, on, 'text');
    const weight = /Yjs [5-9]\d kB, the client 1\d kB, all else [1-9]\d* kB/;
    await reads(page, '#weight', weight);
    await page.reload();
    await reads(page, '#weight', weight);
  });
});

describe('sensors', { skip }, () => {
  test('binary readings are drawn; a visitor is a sensor for the others', async (t) => {
    const [ada, bob] = [await openPage(t, on, 'sensors'), await openPage(t, on, 'sensors')];
    await ada.locator('#mine').focus();
    await ada.keyboard.press('End');
    await reads(bob, '#names', /Tide.*|Heart.*/s);
    await reads(bob, '#names', /Visitor \d+\s*32767/s);
    await reads(ada, '#names', /You\s*32767/s);
    await reads(ada, '#hex', /^(7f ff ?){10}$/);
    assert.ok((await numberIn(bob, '#json')) > (await numberIn(bob, '#bytes')));
    assert.ok((await inkOf(bob, '#chart')) > 1000);
  });
});

describe('notes', { skip }, () => {
  test('reach all tabs of one person and nobody else; what is read in one is read in all', async (t) => {
    const open = async (person: string) => {
      const page = await openPage(t, on, 'notes');
      await page.getByLabel('I am').selectOption(person);
      await page.locator('#status[data-state=connected]').waitFor();
      return page;
    };
    const [one, two, grace] = [await open('Ada'), await open('Ada'), await open('Grace')];
    await reads(grace, '#to', 'Ada (2 tabs)');
    const hostile = '<img src=x onerror="document.title=1"> hello';
    await grace.getByLabel('Note', { exact: true }).fill(hostile);
    await grace.keyboard.press('Enter');
    await reads(grace, '#sent', 'Sent to Ada, in 2 tabs.');
    for (const page of [one, two]) {
      await reads(page, '#notes', `Grace: ${hostile}`);
      assert.match(await page.title(), /^\(1\) /);
      assert.equal(await page.locator('#notes img').count(), 0);
    }
    assert.equal(await grace.locator('#notes .unread').count(), 0);
    await one.getByRole('button', { name: /Mark as read/ }).press('Enter');
    await two.locator('.unread').waitFor({ state: 'detached' });
    assert.doesNotMatch(await two.title(), /\(/);

    await grace.getByLabel('To', { exact: true }).selectOption('Hedy');
    await grace.getByLabel('Note', { exact: true }).fill('for later');
    await grace.keyboard.press('Enter');
    await reads(grace, '#sent', 'Hedy is not here; the note waits.');
    await reads(await open('Hedy'), '#notes', 'Grace: for later');
  });
});
