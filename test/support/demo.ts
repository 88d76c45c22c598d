// Starts the demo for tests, with its bundles made for them: options of its hub in, a running demo out.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Demo, startDemo } from '../../src/demo/server.ts';
import { buildClient } from '../build-client.ts';
import { buildGallery } from '../build-gallery.ts';

export type TestDemo = Demo & { readonly port: number };

/** On the loopback address, on any free port unless told otherwise. */
export async function testDemo(port = 0, more: Parameters<typeof startDemo>[2] = {}): Promise<TestDemo> {
  bundles ??= makeBundles();
  const demo = await startDemo('127.0.0.1', port, {
    clientFolder: await bundles,
    gallery: await bundles,
    ...more,
  });
  return { ...demo, port: demo.address.port };
}

/** Once per process: a checkout has none until its first `npm start`, and a build may be older than the code. */
let bundles: Promise<string> | undefined;

async function makeBundles(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'wirehub-bundles-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await Promise.all([buildClient(folder), buildGallery(folder)]);
  return folder;
}
