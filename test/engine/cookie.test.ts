// The cookie with the id of a session, and the cookies of others beside it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type CookieOptions, sessionCookie } from '../../src/engine/cookie.ts';
import { event } from '../websocket/inbox.ts';
import { polling, stage } from './stage.ts';

const cases: readonly [options: CookieOptions | true, cookie: string][] = [
  [true, 'io=a%2Fb; Path=/; HttpOnly; SameSite=Lax'],
  [{}, 'io=a%2Fb; Path=/; HttpOnly; SameSite=Lax'],
  [{ name: 'sid', httpOnly: false, sameSite: 'strict' }, 'sid=a%2Fb; Path=/; SameSite=Strict'],
  [{ sameSite: true }, 'io=a%2Fb; Path=/; HttpOnly; SameSite=Strict'],
  [{ sameSite: false }, 'io=a%2Fb; Path=/; HttpOnly'],
  [{ sameSite: 'none', secure: true }, 'io=a%2Fb; Path=/; HttpOnly; Secure; SameSite=None'],
  [{ path: '/chat', encode: (id) => id }, 'io=a/b; Path=/chat; HttpOnly; SameSite=Lax'],
  [
    {
      maxAge: 86_400.7,
      domain: 'a.example',
      expires: new Date(0),
      secure: true,
      partitioned: true,
      priority: 'high',
    },
    'io=a%2Fb; Max-Age=86400; Domain=a.example; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure; Partitioned; Priority=High; SameSite=Lax',
  ],
];

describe('cookie', () => {
  for (const [options, cookie] of cases) {
    test(cookie, () => assert.equal(sessionCookie('a/b', options), cookie));
  }

  test('comes with the first response of long-polling, and only there', async (t) => {
    const run = await stage(t, { cookie: true });
    const { headers, body } = await run.request(polling);
    const { sid } = JSON.parse(body.slice(1)) as { sid: string };
    assert.deepEqual(headers['set-cookie'], [`io=${sid}; Path=/; HttpOnly; SameSite=Lax`]);
    run.engine.clients[sid]!.send('a');
    assert.equal((await run.get(sid)).headers['set-cookie'], undefined);
    assert.equal((await run.post(sid, '4a')).headers['set-cookie'], undefined);
    const [response] = (await event(run.dial(), 'upgrade')) as [import('node:http').IncomingMessage];
    assert.equal(response.headers['set-cookie'], undefined);
  });

  test('listeners see it and may take it away', async (t) => {
    const run = await stage(t, { cookie: true });
    run.engine.on('initial_headers', (headers) => delete headers['Set-Cookie']);
    assert.equal((await run.request(polling)).headers['set-cookie'], undefined);
  });

  test('does not take the place of one that a middleware has set', async (t) => {
    const run = await stage(t, { cookie: { name: 'mine' } });
    run.engine.use((_req, res, next) => {
      res.setHeader('Set-Cookie', ['theirs=1', 'theirs2=2']);
      next();
    });
    const cookies = (await run.request(polling)).headers['set-cookie'];
    assert.deepEqual(
      cookies?.map((cookie) => cookie.split('=')[0]),
      ['theirs', 'theirs2', 'mine'],
    );
  });
});
