// Beside Express 5: its routes go on, and its middlewares work for the engine.
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { Server } from '../../src/index.ts';
import { greet, greeted, listen } from './beside.ts';

// It comes without types; these are what is used of them.
const express = createRequire(import.meta.url)('express');
type Req = IncomingMessage & { path: string; body: unknown };
type Res = ServerResponse & { send(text: string): void; status(code: number): { json(data: unknown): void } };

test('routes of Express, those added later too, go on, and see no request that is not theirs', async (t) => {
  const app = express();
  const seen: string[] = [];
  app.use((req: Req, _res: Res, next: () => void) => {
    seen.push(`${req.method} ${req.path}`);
    next();
  });
  app.get('/', (_req: Req, res: Res) => res.send('home'));
  const http = createServer(app);
  const io = greet(new Server(http));
  app.post('/late', express.json(), (req: Req, res: Res) => res.status(201).json({ got: req.body }));
  const port = await listen(t, http, io);
  const url = `http://127.0.0.1:${port}`;

  assert.equal(await (await fetch(url)).text(), 'home');
  const posted = await fetch(`${url}/late`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"a":1}',
  });
  assert.deepEqual([posted.status, await posted.json()], [201, { got: { a: 1 } }]);
  assert.equal((await fetch(`${url}/none`)).status, 404);
  assert.equal((await fetch(`${url}/socket.io`)).status, 404, 'the path ends with a slash');
  for (const transports of [['polling'], ['websocket']])
    assert.equal((await greeted(port, { transports })).greeting, 'you');
  assert.deepEqual(seen, ['GET /', 'POST /late', 'GET /none', 'GET /socket.io']);
});

test('middlewares of Express work for the engine, for requests and upgrades', async (t) => {
  const http = createServer();
  const io = new Server(http);
  const asked: (string | undefined)[] = [];
  const router = express.Router();
  router.use((req: Req, res: Res, next: () => void) => {
    asked.push(req.headers.upgrade);
    res.setHeader('x-seen', 'yes');
    Object.assign(req, { user: 'ada' });
    next();
  });
  io.engine.use(router);
  io.on('connection', (socket) => socket.emit('hello', (socket.request as { user?: string }).user));
  const port = await listen(t, http, io);
  for (const transports of [['polling'], ['websocket']]) {
    assert.equal((await greeted(port, { transports })).greeting, 'ada');
  }
  assert.ok(asked.includes(undefined) && asked.includes('websocket'));
});
