// CORS headers for requests and preflights, for each option (Fetch standard, §3.2).
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http, { type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { type CorsDelegate, type CorsOptions, cors } from '../../src/http/cors.ts';
import { webSocket as handshake, polling, stage } from '../engine/stage.ts';
import { event } from '../websocket/inbox.ts';

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Sends a request through the middleware; who gets past it is answered with "next" or the error. */
async function answerTo(
  t: TestContext,
  options: CorsOptions | CorsDelegate,
  method: string,
  headers: Record<string, string>,
): Promise<Answer> {
  const middleware = cors(options);
  const server = http.createServer((req, res) => {
    middleware(req, res, (error) => res.end(error ? String(error) : 'next'));
  });
  server.listen(0, '127.0.0.1');
  t.after(() => server.close().closeAllConnections());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const request = http.request({ host: '127.0.0.1', port, method, headers, agent: false }).end();
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  const body = Buffer.concat(await response.toArray()).toString();
  return { status: response.statusCode!, headers: response.headers, body };
}

const page = 'https://a.example';

const origins: readonly [
  name: string,
  origin: CorsOptions['origin'],
  allowed: string | undefined,
  vary: boolean,
][] = [
  ['nothing', undefined, '*', false],
  ['*', '*', '*', false],
  ['the origin', page, page, true],
  ['another origin', 'https://b.example', 'https://b.example', true],
  ['true', true, page, true],
  ['a pattern that fits', /\.example$/, page, true],
  ['a pattern that does not', /\.test$/, undefined, true],
  ['a list with it', ['https://b.example', page], page, true],
  ['a list with a pattern', ['https://b.example', /^https:\/\/a\./], page, true],
  ['a list without it', ['https://b.example', /\.test$/], undefined, true],
  ['an empty list', [], undefined, true],
  ['false', false, undefined, false],
  ['a function that says true', (_origin, callback) => callback(null, true), page, true],
  ['a function that says *', (_origin, callback) => callback(null, '*'), '*', false],
  ['a function that gives a list', (origin, callback) => callback(null, [origin!]), page, true],
  ['a function that says no', (_origin, callback) => callback(null, false), undefined, false],
  ['a function that says nothing', (_origin, callback) => callback(null), undefined, false],
];

describe('CORS: origin', () => {
  for (const [name, origin, allowed, vary] of origins) {
    test(`${name}: ${allowed ?? 'no header'}`, async (t) => {
      const { headers, body } = await answerTo(t, { origin }, 'GET', { Origin: page });
      assert.equal(headers['access-control-allow-origin'], allowed);
      assert.equal(headers.vary, vary ? 'Origin' : undefined);
      assert.equal(body, 'next');
    });
  }

  test('a request without an origin gets none that would have to be its own', async (t) => {
    const { headers } = await answerTo(t, { origin: true }, 'GET', {});
    assert.equal(headers['access-control-allow-origin'], undefined);
    assert.equal(headers.vary, 'Origin');
  });

  test('a global pattern fits every time', () => {
    const middleware = cors({ origin: /example/g });
    for (let i = 0; i < 3; i++) {
      const set: string[] = [];
      const res = { setHeader: (name: string) => set.push(name), getHeader() {} };
      middleware({ headers: { origin: page }, method: 'GET' } as never, res as never, () => {});
      assert.deepEqual(set, ['Access-Control-Allow-Origin', 'Vary']);
    }
  });

  test('a function that fails', async (t) => {
    const origin: CorsOptions['origin'] = (_origin, callback) => callback(new Error('no'));
    assert.equal((await answerTo(t, { origin }, 'GET', {})).body, 'Error: no');
  });

  test('options may be chosen for each request', async (t) => {
    const delegate: CorsDelegate = (req, callback) =>
      callback(null, { origin: `https://${req.headers['x-tenant']}`, credentials: true });
    const { headers } = await answerTo(t, delegate, 'GET', { Origin: page, 'X-Tenant': 'c.example' });
    assert.equal(headers['access-control-allow-origin'], 'https://c.example');
    assert.equal(headers['access-control-allow-credentials'], 'true');
    for (const none of [undefined, null]) {
      const { headers } = await answerTo(t, (_req, callback) => callback(null, none), 'GET', {
        Origin: page,
      });
      assert.equal(headers['access-control-allow-origin'], '*');
    }
    assert.equal(
      (await answerTo(t, (_req, callback) => callback(new Error('no')), 'GET', {})).body,
      'Error: no',
    );
  });
});

describe('CORS: preflight', () => {
  const asked = { Origin: page, 'Access-Control-Request-Headers': 'x-one,x-two' };

  test('is answered with 204, all methods, and the headers it asks for', async (t) => {
    const { status, headers, body } = await answerTo(t, {}, 'OPTIONS', asked);
    assert.deepEqual([status, body, headers['content-length']], [204, '', '0']);
    assert.equal(headers['access-control-allow-origin'], '*');
    assert.equal(headers['access-control-allow-methods'], 'GET,HEAD,PUT,PATCH,POST,DELETE');
    assert.equal(headers['access-control-allow-headers'], 'x-one,x-two');
    assert.equal(headers.vary, 'Access-Control-Request-Headers');
    assert.equal(headers['access-control-max-age'], undefined);
  });

  test('says what the options say', async (t) => {
    const { status, headers } = await answerTo(
      t,
      {
        origin: page,
        methods: ['GET', 'POST'],
        allowedHeaders: ['x-one', 'x-three'],
        exposedHeaders: ['x-four', 'x-five'],
        credentials: true,
        maxAge: 600,
        optionsSuccessStatus: 200,
      },
      'OPTIONS',
      asked,
    );
    assert.equal(status, 200);
    assert.equal(headers['access-control-allow-methods'], 'GET,POST');
    assert.equal(headers['access-control-allow-headers'], 'x-one,x-three');
    assert.equal(headers['access-control-expose-headers'], 'x-four,x-five');
    assert.equal(headers['access-control-allow-credentials'], 'true');
    assert.equal(headers['access-control-max-age'], '600');
    assert.equal(headers.vary, 'Origin');
  });

  test('texts instead of lists, and the other name of allowedHeaders', async (t) => {
    const options = { methods: 'GET', headers: 'x-one', exposedHeaders: 'x-two' };
    const { headers } = await answerTo(t, options, 'OPTIONS', asked);
    assert.equal(headers['access-control-allow-methods'], 'GET');
    assert.equal(headers['access-control-allow-headers'], 'x-one');
    assert.equal(headers['access-control-expose-headers'], 'x-two');
  });

  test('goes on if that is wished, or if there is no CORS for the origin', async (t) => {
    assert.equal((await answerTo(t, { preflightContinue: true }, 'OPTIONS', asked)).body, 'next');
    assert.equal((await answerTo(t, { origin: false }, 'OPTIONS', asked)).body, 'next');
  });

  test('other requests are told what they may read', async (t) => {
    const { headers, body } = await answerTo(t, { exposedHeaders: 'x-two', maxAge: 1 }, 'GET', asked);
    assert.equal(headers['access-control-expose-headers'], 'x-two');
    assert.equal(headers['access-control-allow-methods'], undefined);
    assert.equal(headers['access-control-max-age'], undefined);
    assert.equal(body, 'next');
  });
});

describe('CORS of the engine', () => {
  const headers = { Origin: page };

  test('is in all responses, errors too, and answers any preflight', async (t) => {
    const run = await stage(t, { cors: { origin: page, credentials: true } });
    const { sid } = await run.poll();
    const answers = [
      await run.request(polling, { headers }),
      await run.post(sid, '4a', headers),
      await run.get('unknown', headers),
      await run.request('', { headers }),
    ];
    for (const answer of answers) {
      assert.equal(answer.headers['access-control-allow-origin'], page);
      assert.equal(answer.headers['access-control-allow-credentials'], 'true');
    }
    for (const query of [polling, `${polling}&sid=${sid}`, `${polling}&sid=unknown`, '']) {
      const { status, body } = await run.request(query, { method: 'OPTIONS', headers });
      assert.deepEqual([status, body], [204, '']);
    }
    const [response] = (await event(run.dial(handshake, { headers }), 'upgrade')) as [http.IncomingMessage];
    assert.equal(response.headers['access-control-allow-origin'], page);
  });

  test('a delegate that fails refuses the request', async (t) => {
    const run = await stage(t, { cors: (_req, callback) => callback(new Error('no')) });
    assert.equal((await run.request(polling)).body, '{"code":3,"message":"Bad request"}');
  });
});
