// The option `origins`: which web pages may connect (RFC 6455 §10.2).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Origins } from '../../../src/websocket/index.ts';
import { stage } from '../stage.ts';

const host = 'app.example:8080';
const cases: [origins: Origins | undefined, origin: string | undefined, allowed: boolean][] = [
  [undefined, 'https://evil.example', true],
  ['*', 'null', true],
  ['same', undefined, true],
  ['same', 'http://app.example:8080', true],
  ['same', 'https://APP.example:8080', true],
  ['same', 'https://app.example', false],
  ['same', 'https://app.example:8081', false],
  ['same', 'https://evil.example', false],
  ['same', 'https://app.example:8080.evil.example', false],
  ['same', 'https://evil.example/app.example:8080', false],
  ['same', 'https://user@app.example:8080', false],
  ['same', 'null', false],
  ['same', '', false],
  [['https://a.example', 'https://b.example'], 'https://b.example', true],
  [['https://a.example'], 'https://a.example.evil', false],
  [['https://a.example'], undefined, true],
  [[], 'https://a.example', false],
  [(origin) => origin.endsWith('.example'), 'https://a.example', true],
  [(origin) => origin.endsWith('.example'), 'https://a.evil', false],
];
for (const [origins, origin, allowed] of cases) {
  test(`§10.2 origins ${String(origins)} ${allowed ? 'lets' : 'does not let'} ${origin} in`, async (t) => {
    const on = await stage(t, { origins });
    const options = { headers: { Host: host, ...(origin !== undefined && { Origin: origin }) } };
    if (allowed) await on.pair(options);
    else {
      const { status, body } = await on.refusal('', [], options);
      assert.equal(status, 403);
      assert.match(body, /origins/);
    }
  });
}

test('§10.2 gives the request to a function', async (t) => {
  const asked: unknown[] = [];
  const on = await stage(t, { origins: (origin, req) => asked.push(origin, req.url) > 0 });
  await on.pair({ origin: 'https://a.example' }, '/x');
  assert.deepEqual(asked, ['https://a.example', '/x']);
});

test('§10.2 asks verifyClient only about pages that may connect', async (t) => {
  const on = await stage(t, { origins: [], verifyClient: (_info: unknown) => assert.fail() });
  on.server.on('wsClientError', () => assert.fail());
  assert.equal((await on.refusal('', [], { origin: 'https://a.example' })).status, 403);
});
