// Programs as the web's tutorials write them run on this package, and people use their pages in a real Chromium.
import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { chromium } from '../support/tools.ts';
import { InstalledApps } from './installed-apps.ts';
import { startProgram } from './program.ts';
import { carriedBy, connected, cut, reload, Tabs } from './tabs.ts';

const { skip } = chromium();
let apps: InstalledApps;
let browser: Browser;

before(async () => {
  if (skip !== false) return;
  [apps, browser] = await Promise.all([InstalledApps.install(), launchBrowser()]);
});
after(async () => {
  await browser?.close();
  await apps?.remove();
});

/** Tabs on the page of a program, which must not complain. */
async function run(t: TestContext, file: string): Promise<Tabs> {
  const { url, complaints } = await startProgram(t, apps.folder, file);
  t.after(() => assert.deepEqual(complaints, []));
  return new Tabs(t, browser, url);
}

/** Makes a browser paint a square of noise, which cannot be compressed: a PNG in base64. */
const noise = (width: number) => `(() => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = ${width};
  const pixels = new ImageData(${width}, ${width});
  for (let i = 0; i < pixels.data.length; i++) pixels.data[i] = Math.random() * 256;
  canvas.getContext('2d').putImageData(pixels, 0, 0);
  return canvas.toDataURL('image/png').split(',')[1];
})()`;

/** The item of a list that says this. */
const said = (page: Page, text: string) => page.getByRole('listitem').filter({ hasText: text });

describe('tutorials', { concurrency: 3 }, () => {
  test('chat: require(…)(server) beside Express', { skip }, async (t) => {
    const tabs = await run(t, 'chat/index.js');
    const ada = await tabs.open();
    const bob = await tabs.openWithoutWebSocket();
    await said(ada, 'somebody came in').waitFor();
    const say = async (page: Page, text: string) => {
      await page.getByLabel('Message').fill(text);
      await page.getByLabel('Message').press('Enter');
    };
    await say(ada, 'hello');
    await say(bob, 'hello back ✓');
    for (const page of [ada, bob]) {
      await said(page, 'hello back ✓').waitFor();
      assert.equal(await said(page, 'hello').count(), 2);
    }
    const carol = await tabs.openWithOfficialClient();
    await reload(carol);
    await said(ada, 'somebody left').waitFor();
    await cut(carol);
    await say(bob, 'to all three');
    for (const page of [ada, bob, carol]) await said(page, 'to all three').waitFor();
    await carriedBy(bob, 'polling');
  });

  test('drawing: new Server(server) in an ES module, pages by express.static', { skip }, async (t) => {
    const tabs = await run(t, 'drawing/index.mjs');
    const [one, two] = [await tabs.open(), await tabs.openWithoutWebSocket()];
    const draw = async (page: Page, y: number) => {
      const box = (await page.locator('#board').boundingBox())!;
      await page.mouse.move(box.x + 20, box.y + y);
      await page.mouse.down();
      await page.mouse.move(box.x + 200, box.y + y, { steps: 5 });
      await page.mouse.up();
    };
    const drawn = (page: Page, y: number) =>
      page.waitForFunction(`context.getImageData(100, ${y}, 1, 1).data[0] === 255`);
    await draw(one, 50);
    await drawn(two, 50);
    await draw(two, 120);
    await drawn(one, 120);
    const third = await tabs.openWithOfficialClient();
    await reload(third);
    for (const y of [50, 120]) await drawn(third, y);
    await cut(third);
    await draw(two, 180);
    await drawn(third, 180);
  });

  test('typing notices: a plain HTTP server, acknowledgements, volatile events', { skip }, async (t) => {
    const tabs = await run(t, 'typing/server.js');
    const [ada, bob] = [await tabs.open(), await tabs.openWithoutWebSocket()];
    const join = async (page: Page, name: string) => {
      await page.getByLabel('Name').fill(name);
      await page.getByRole('button', { name: 'Join' }).click();
    };
    await join(ada, 'Ada');
    await said(ada, 'welcome').waitFor();
    await join(bob, 'Ada');
    await said(bob, 'Ada is taken').waitFor();
    await join(bob, 'Bob');
    for (const page of [ada, bob]) await page.getByText('Ada, Bob', { exact: true }).waitFor();
    await bob.getByLabel('Message').fill('hi');
    await ada.getByText('Bob is typing…').waitFor();
    await bob.getByRole('button', { name: 'Send' }).click();
    await said(bob, 'delivered').waitFor();
    await said(ada, 'Bob: hi').waitFor();
    const carol = await tabs.open();
    await join(carol, 'Carol');
    await ada.getByText('Ada, Bob, Carol', { exact: true }).waitFor();
    await reload(carol);
    await ada.getByText('Ada, Bob', { exact: true }).waitFor();
    await join(carol, 'Carol');
    await bob.getByText('Ada, Bob, Carol', { exact: true }).waitFor();
  });

  test('rooms: a namespace with a middleware, rooms, private messages', { skip }, async (t) => {
    const tabs = await run(t, 'rooms/app.js');
    const stranger = await tabs.load('/');
    await said(stranger, 'refused: a name is needed').waitFor();
    const [ada, bob, carol] = [
      await tabs.open('/?name=Ada'),
      await tabs.openWithoutWebSocket('/?name=Bob'),
      await tabs.open('/?name=Carol'),
    ];
    await reload(carol);
    const join = async (page: Page, room: string) => {
      await page.getByLabel('Room').fill(room);
      await page.getByRole('button', { name: 'Join' }).click();
      await said(page, `you joined ${room}`).waitFor();
    };
    await join(ada, 'tea');
    await join(bob, 'tea');
    await said(ada, 'Bob joined tea').waitFor();
    await join(carol, 'coffee');
    await bob.getByLabel('Message').fill('a cup?');
    await bob.getByRole('button', { name: 'Send' }).click();
    for (const page of [ada, bob]) await said(page, '[tea] Bob: a cup?').waitFor();
    await ada.getByLabel('To').fill('Carol');
    await ada.getByLabel('Secret').fill('come over');
    await ada.getByRole('button', { name: 'Whisper' }).click();
    await said(carol, 'Ada whispers: come over').waitFor();
    assert.equal(await said(carol, '[tea]').count(), 0);
    assert.equal(await said(bob, 'whispers').count(), 0);
    assert.deepEqual(await ada.evaluate(`fetch('/api/rooms').then((res) => res.json())`), [
      'room:tea',
      'room:coffee',
    ]);
  });

  test('pictures: require("socket.io") that is this package, cors for a page of another port, binary', {
    skip,
  }, async (t) => {
    const tabs = await run(t, 'images/index.js');
    const [one, two] = [await tabs.open(), await tabs.openWithoutWebSocket()];
    const share = async (page: Page, name: string, width: number) => {
      const buffer = Buffer.from(await page.evaluate<string>(noise(width)), 'base64');
      await page.getByLabel('Picture').setInputFiles({ name, mimeType: 'image/png', buffer });
      await page.getByText(`${name}: ${buffer.length} bytes sent`).waitFor();
    };
    const seen = (page: Page, name: string, width: number) =>
      page.waitForFunction(`document.querySelector('img[alt="${name}"]')?.naturalWidth === ${width}`);
    await share(one, 'first.png', 40);
    await seen(two, 'first.png', 40);
    await share(two, 'second.png', 300);
    await seen(one, 'second.png', 300);
    const third = await tabs.openWithOfficialClient();
    await reload(third);
    await share(two, 'third.png', 50);
    for (const page of [one, third]) await seen(page, 'third.png', 50);
    await connected(third);
  });
});
