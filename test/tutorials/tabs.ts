// Tabs of a real browser on the page of one program: as it comes, or in a browser without WebSocket.
import assert from 'node:assert/strict';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';

const patience = 10_000;

const official = path.join(import.meta.dirname, '../../node_modules/socket.io/client-dist/socket.io.js');

/** What all pages call their socket. */
const state = (expression: string) => `typeof socket !== 'undefined' && ${expression}`;

export class Tabs {
  readonly #t: TestContext;
  readonly #browser: Browser;
  readonly #url: string;

  constructor(t: TestContext, browser: Browser, url: string) {
    this.#t = t;
    this.#browser = browser;
    this.#url = url;
  }

  /** A tab whose socket is connected, and has left long-polling behind. */
  async open(target = '/'): Promise<Page> {
    const page = await this.#load(target);
    await connected(page);
    await carriedBy(page, 'websocket');
    return page;
  }

  /** The same with the official client in place of ours. */
  async openWithOfficialClient(target = '/'): Promise<Page> {
    const page = await this.#load(target, '', official);
    await connected(page);
    await carriedBy(page, 'websocket');
    return page;
  }

  /** A tab of a browser that knows no WebSocket. */
  async openWithoutWebSocket(target = '/'): Promise<Page> {
    const page = await this.#load(target, 'delete window.WebSocket');
    await connected(page);
    await carriedBy(page, 'polling');
    return page;
  }

  /** A tab that may be refused. */
  async #load(target: string, beforeScripts = '', client?: string): Promise<Page> {
    const context = await this.#browser.newContext();
    context.setDefaultTimeout(patience);
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    this.#t.after(async () => {
      await context.close();
      assert.deepEqual(errors, []);
    });
    if (beforeScripts !== '') await page.addInitScript(beforeScripts);
    let replaced = 0;
    if (client !== undefined) {
      await page.route('**/socket.io/socket.io.js', (route) => {
        replaced++;
        return route.fulfill({ path: client });
      });
    }
    await page.goto(this.#url + target);
    if (client !== undefined) assert.equal(replaced, 1);
    return page;
  }

  /** A tab of which nothing is expected. */
  load(target: string): Promise<Page> {
    return this.#load(target);
  }
}

export async function connected(page: Page): Promise<void> {
  await page.waitForFunction(state('socket.connected'));
}

export async function carriedBy(page: Page, transport: string): Promise<void> {
  await page.waitForFunction(state(`socket.io.engine?.transport.name === '${transport}'`));
}

/** Reloads the page: another socket takes the place of the one there was. */
export async function reload(page: Page): Promise<void> {
  const before = await page.evaluate('socket.id');
  await page.reload();
  await connected(page);
  assert.notEqual(await page.evaluate('socket.id'), before);
}

/** Cuts the connection below the client, which finds another by itself. */
export async function cut(page: Page): Promise<void> {
  const before = await page.evaluate('socket.id');
  await page.evaluate('socket.io.engine.close()');
  await page.waitForFunction(`socket.connected && socket.id !== '${before}'`);
}
