// Starts a headless Chromium that talks to this machine only.
import { type Browser, chromium as playwright } from 'playwright-core';
import { chromium } from './tools.ts';

export async function launchBrowser(): Promise<Browser> {
  return playwright.launch({
    executablePath: chromium().path,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
