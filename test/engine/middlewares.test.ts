// Express-style middlewares before requests and upgrades: what they may do, and what they may do wrong.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, test } from 'node:test';
import { event } from '../websocket/inbox.ts';
import { polling, stage, turn, webSocket } from './stage.ts';

describe('middlewares', () => {
  test('see all requests and upgrades, in order, before anything is checked', async (t) => {
    const run = await stage(t);
    const seen: string[] = [];
    run.engine.use((req, _res, next) => {
      seen.push(`one ${req.method} ${req.headers.upgrade ?? ''}`);
      setImmediate(next);
    });
    run.engine.use((_req, _res, next) => {
      seen.push('two');
      next();
    });
    const { sid } = await run.poll();
    await run.post(sid, '4a');
    await run.connect();
    await run.request('transport=unknown');
    assert.deepEqual(seen, [
      ...['one GET ', 'two', 'one POST ', 'two', 'one GET websocket', 'two', 'one GET ', 'two'],
    ]);
  });

  test('add headers to responses, errors and handshakes', async (t) => {
    const run = await stage(t);
    run.engine.use((_req, res, next) => {
      res.setHeader('X-One', '1');
      res.setHeader('X-Two', ['a', 'b']);
      res.setHeader('X-Gone', 'never');
      res.removeHeader('X-Gone');
      next();
    });
    const { sid } = await run.poll();
    const answers = [
      await run.request(polling),
      await run.post(sid, '4a'),
      await run.get('unknown'),
      await run.request(`${polling}&sid=${sid}`, { method: 'PUT' }),
    ];
    const [response] = (await event(run.dial(), 'upgrade')) as [import('node:http').IncomingMessage];
    for (const { headers } of [...answers, response]) {
      assert.deepEqual([headers['x-one'], headers['x-two'], headers['x-gone']], ['1', 'a, b', undefined]);
    }
    assert.equal(response.rawHeaders.filter((name) => name === 'x-two').length, 2);
  });

  test('that wait for writeHead, as sessions do, get it once for a handshake', async (t) => {
    const run = await stage(t);
    let calls = 0;
    run.engine.use((_req, res, next) => {
      const { writeHead } = res;
      res.writeHead = function (this: ServerResponse, ...args: never[]) {
        calls++;
        res.setHeader('Set-Cookie', 'session=1');
        return Reflect.apply(writeHead, this, args);
      } as typeof writeHead;
      next();
    });
    const [response] = (await event(run.dial(), 'upgrade')) as [import('node:http').IncomingMessage];
    assert.deepEqual(response.headers['set-cookie'], ['session=1']);
    assert.equal(calls, 1);
    assert.deepEqual((await run.request(polling)).headers['set-cookie'], ['session=1']);
    assert.equal(calls, 2);
  });

  test('that fail end in a bad request', async (t) => {
    const error = new Error('no');
    const failures: ((next: (error?: unknown) => void) => unknown)[] = [
      (next) => next(error),
      () => {
        throw error;
      },
      () => Promise.reject(error),
    ];
    for (const fail of failures) {
      const run = await stage(t);
      run.engine.use((_req, _res, next) => fail(next) as undefined);
      run.engine.use(() => assert.fail('the next middleware was called'));
      const reported = once(run.engine, 'connection_error');
      const { status, body } = await run.request(polling);
      assert.deepEqual([status, body], [400, '{"code":3,"message":"Bad request"}']);
      const [refusal] = await reported;
      assert.deepEqual([refusal.code, refusal.context], [3, { name: 'MIDDLEWARE_FAILURE', error }]);
      assert.equal((await run.refusedUpgrade(webSocket)).body, 'Bad request');
      assert.equal(run.engine.clientsCount, 0);
    }
  });

  test('that answer themselves are left to it, even if they go on', async (t) => {
    const run = await stage(t);
    run.engine.use((_req, res, next) => {
      res.statusCode = 401;
      res.end('who are you?');
      next();
    });
    const { status, body } = await run.request(polling);
    assert.deepEqual([status, body], [401, 'who are you?']);
    const client = run.dial();
    await event(client, 'close');
    assert.equal(run.engine.clientsCount, 0);
  });

  test('that go on twice make one session', async (t) => {
    const run = await stage(t);
    run.engine.use((_req, _res, next) => {
      next();
      next();
      next(new Error('too late'));
    });
    await run.poll();
    await turn();
    assert.equal(run.engine.clientsCount, 1);
  });
});

describe('events about headers', () => {
  test('initial_headers before the first response of a session, headers before every one', async (t) => {
    const run = await stage(t);
    const seen: string[] = [];
    run.engine.on('initial_headers', (headers, req) => {
      seen.push(`initial ${req.method}`);
      headers['X-First'] = 'yes';
    });
    run.engine.on('headers', (headers, req) => {
      seen.push(`${req.method} ${headers['X-First'] ?? ''}`);
      headers['X-Many'] = ['a', 'b'];
    });
    const { sid, session } = await run.poll();
    session.send('a');
    const get = await run.get(sid);
    await run.post(sid, '4a');
    assert.deepEqual(seen.splice(0), ['initial GET', 'GET yes', 'GET ', 'POST ']);
    assert.deepEqual([get.headers['x-first'], get.headers['x-many']], [undefined, 'a, b']);

    const [trial] = (await event(run.dial(`${webSocket}&sid=${sid}`), 'upgrade')) as [{ headers: object }];
    assert.deepEqual(seen.splice(0), ['GET ']);
    assert.deepEqual(Object.keys(trial.headers).includes('x-first'), false);

    const [first] = (await event(run.dial(), 'upgrade')) as [import('node:http').IncomingMessage];
    assert.deepEqual(seen.splice(0), ['initial GET', 'GET yes']);
    assert.deepEqual([first.headers['x-first'], first.headers['x-many']], ['yes', 'a, b']);
    assert.equal(first.rawHeaders.filter((name) => name === 'X-Many').length, 2);
  });

  test('refusals have none', async (t) => {
    const run = await stage(t);
    run.engine.on('headers', () => assert.fail('headers'));
    run.engine.on('initial_headers', () => assert.fail('initial_headers'));
    assert.equal((await run.request('EIO=4')).status, 400);
    assert.equal((await run.get('unknown')).status, 400);
    await run.refusedUpgrade('EIO=4');
  });
});
