// Beside the frameworks that people use: their routes go on working, and the server is found on the same port.
import assert from 'node:assert/strict';
import type { Server as HttpServer } from 'node:http';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createAdaptorServer } from '@hono/node-server';
import fastify from 'fastify';
import { Hono } from 'hono';
import { Server } from '../../src/index.ts';
import { greet, greeted, listen } from './beside.ts';

// Koa has no types of its own.
const Koa = createRequire(import.meta.url)('koa');

const page = 'the page of the framework';

/** Each answers every path with the same page. */
const frameworks: Record<string, () => HttpServer | Promise<HttpServer>> = {
  async Fastify() {
    const app = fastify();
    app.get('/page', () => page);
    await app.ready();
    return app.server;
  },
  Koa() {
    const app = new Koa();
    app.use((context: { body: string }) => {
      context.body = page;
    });
    return createServer(app.callback());
  },
  Hono() {
    const app = new Hono();
    app.get('/page', (context) => context.text(page));
    return createAdaptorServer({ fetch: app.fetch }) as HttpServer;
  },
};

for (const [name, create] of Object.entries(frameworks)) {
  test(`${name} serves its pages, and clients connect over each transport`, async (t) => {
    const http = await create();
    const port = await listen(t, http, greet(new Server(http)));
    const visit = async () => (await fetch(`http://127.0.0.1:${port}/page`)).text();
    assert.equal(await visit(), page);
    for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']]) {
      assert.equal((await greeted(port, { transports })).greeting, 'you');
    }
    assert.equal(await visit(), page);
    assert.equal((http.address() as AddressInfo).port, port);
  });
}
