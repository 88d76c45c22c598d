// Makes the pictures of README.md and docs/inspector.md: starts the demo, lets people use it, and writes what the pages look like to docs/images.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { PlainClient } from './demo/plain-client.ts';
import { launchBrowser } from './support/browser.ts';
import { testDemo } from './support/demo.ts';

const images = path.join(import.meta.dirname, '../docs/images');

/** Among people who talk: the pages from which the pictures are taken. */
const shots = [
  { file: 'chat.webp', name: 'Ada', width: 1280, height: 880, colorScheme: 'light' },
  { file: 'chat-dark.webp', name: 'Grace', width: 1280, height: 800, colorScheme: 'dark' },
  { file: 'chat-phone.webp', name: 'Rosa', width: 360, height: 740, colorScheme: 'light' },
] as const;

const demo = await testDemo();
const browser = await launchBrowser();
const pages = new Map<string, Page>();
for (const shot of shots) pages.set(shot.name, await open(browser, shot));
const terminal = await PlainClient.join(demo.port);
await talk();
for (const { file, name } of shots) await capture(pages.get(name)!, file);
terminal.socket.close();
const inspector = await inspect(await browser.newPage({ viewport: { width: 1280, height: 1000 } }));
await capture(inspector.page(), 'inspector.webp', inspector);
await browser.close();
await demo.close(0);

async function open(browser: Browser, { name, width, height, colorScheme }: (typeof shots)[number]) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  const page = await context.newPage();
  await page.goto(`http://localhost:${demo.port}/`);
  await page.getByText('→ WebSocket').waitFor();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Name', { exact: true }).press('Enter');
  await page.locator('#messages').getByText(`You are ${name} now`).waitFor();
  // What has happened until now is of no interest.
  await page.reload();
  await page.getByText('→ WebSocket').waitFor();
  return page;
}

async function talk(): Promise<void> {
  const say = async (name: string, text: string) => {
    await pages.get(name)!.locator('#text').fill(text);
    await pages.get(name)!.locator('#text').press('Enter');
    for (const page of pages.values()) await page.locator('#messages').getByText(text.slice(0, 20)).waitFor();
  };
  terminal.say('Linus: hello from a terminal');
  await say('Ada', 'Hello from a browser. All of this goes through one WebSocket.');
  await say('Rosa', 'And from a phone.');
  await say('Grace', 'Choose a line at the right: it is the frame that carried this.');
  terminal.say('I will stay with curl.');
  await pages.get('Ada')!.getByText('I will stay with curl.').waitFor();
  const rows = pages.get('Ada')!.locator('#wire .row').filter({ hasText: 'Hello from a browser' });
  await rows.first().click();
  await pages.get('Ada')!.locator('#wire').getByRole('heading', { name: 'A text frame' }).waitFor();
  // What has been chosen is wanted more than the tools above it.
  await pages.get('Ada')!.evaluate(`document.getElementById('wire').scrollTo(0, 1000)`);
}

/** A connection with events, bytes, and an experiment: the example of RFC 6455 §5.7, whose opcode is pointed at. */
async function inspect(page: Page): Promise<Locator> {
  await page.goto(`http://localhost:${demo.port}/inspector/#lab=rfc-5.7-masked-hello`);
  await page.locator('#laboratory .aim a').waitFor();
  await page.getByText('connected, by websocket').waitFor();
  const row = (label: string, words: string) =>
    page.getByRole('option').filter({ hasText: label }).filter({ hasText: words });
  for (const [action, words] of [
    ['Emit an event', 'Hello number 1'],
    ['Send bytes', 'attachment'],
  ] as const) {
    await page.getByRole('button', { name: action }).click();
    await row('', words).nth(1).waitFor();
  }
  await page.getByRole('button', { name: 'Send it' }).click();
  await row('TCP END', '').waitFor();
  await row('TEXT', '11 B').click();
  const inspector = page.locator('#inspector');
  await inspector.scrollIntoViewIfNeeded();
  await inspector.getByRole('row', { name: 'opcode' }).hover();
  return inspector;
}

/** As WebP, which is a third of the size of a PNG: the whole window, or a part of it. */
async function capture(page: Page, file: string, part?: Locator): Promise<void> {
  await page.evaluate('document.fonts.ready.then(() => document.activeElement.blur())');
  const session = await page.context().newCDPSession(page);
  const clip = part && (await frameOf(part));
  const { data } = await session.send('Page.captureScreenshot', {
    format: 'webp',
    quality: 80,
    ...(clip && { clip }),
  });
  const bytes = Buffer.from(data, 'base64');
  writeFileSync(path.join(images, file), bytes);
  console.log(`docs/images/${file}: ${bytes.length} bytes`);
}

/** Where a part is in its page, with a margin. */
async function frameOf(part: Locator, margin = 16) {
  const { x, y, width, height } = (await part.boundingBox())!;
  const scrolled = await part.page().evaluate<number>('scrollY');
  return {
    x: x - margin,
    y: y + scrolled - margin,
    width: width + 2 * margin,
    height: height + 2 * margin,
    scale: 1,
  };
}
