// The client of the package `ws` as peer: every size of length field, fragments, compression both ways, and pings.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { ClientOptions } from 'ws';
import { event } from '../inbox.ts';
import { echo, stage } from '../stage.ts';

const sizes = [0, 1, 125, 126, 127, 65_535, 65_536, 1 << 20, 5_000_000];
const kinds: [what: string, options: ClientOptions][] = [
  ['without compression', { perMessageDeflate: false }],
  ['with its default compression', { perMessageDeflate: true }],
  [
    'with context takeover on neither side',
    { perMessageDeflate: { serverNoContextTakeover: true, clientNoContextTakeover: true } },
  ],
  [
    'with windows of 2^9 bytes',
    { perMessageDeflate: { serverMaxWindowBits: 9, clientMaxWindowBits: 9, threshold: 0 } },
  ],
];
for (const [what, options] of kinds) {
  test(`§5.2 messages of all lengths come back ${what}`, async (t) => {
    const on = await stage(t, { perMessageDeflate: true });
    echo(on.server);
    const { client, inbox } = await on.pair(options);
    for (const size of sizes) {
      const noise = randomBytes(size);
      client.send(noise);
      client.send('w'.repeat(size));
      const [first, second] = await inbox.take(2);
      assert.ok(first!.isBinary && first!.data.equals(noise), `${size} bytes`);
      assert.ok(!second!.isBinary && second!.data.toString() === 'w'.repeat(size), `${size} letters`);
    }
  });

  test(`§5.4 fragments with pings between come back ${what}`, async (t) => {
    const on = await stage(t, { perMessageDeflate: true });
    echo(on.server);
    const { client, inbox } = await on.pair(options);
    for (let round = 0; round < 5; round++) {
      const pong = event(client, 'pong');
      client.send('begun ', { fin: false });
      client.ping(`${round}`);
      client.send('x'.repeat(2000 * round), { fin: false });
      client.send(' ended');
      assert.deepEqual(await pong, [Buffer.from(`${round}`)]);
      assert.equal(await inbox.text(), `begun ${'x'.repeat(2000 * round)} ended`);
    }
  });
}
