// Compressed responses of long-polling, and permessage-deflate under the WebSocket.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gunzipSync, inflateSync } from 'node:zlib';
import type { EngineOptions } from '../../src/engine/options.ts';
import { type Answer, type Stage, stage, webSocket } from './stage.ts';

const long = 'a'.repeat(2000);

async function answerTo(run: Stage, encoding: string, compress?: boolean, text = long): Promise<Answer> {
  const { sid, session } = await run.poll();
  session.send(text, { compress });
  return run.get(sid, { 'Accept-Encoding': encoding });
}

const encodings: readonly [accepted: string, chosen: string | undefined][] = [
  ['gzip, deflate', 'gzip'],
  ['deflate, gzip', 'gzip'],
  ['deflate', 'deflate'],
  ['gzip;q=0.5, deflate;q=0.8', 'deflate'],
  ['gzip;q=0, deflate', 'deflate'],
  ['GZIP', 'gzip'],
  ['*', 'gzip'],
  ['*;q=0.1, gzip;q=0', 'deflate'],
  ['br', undefined],
  ['identity', undefined],
  ['gzip;q=0', undefined],
  ['', undefined],
];

describe('compression of responses', () => {
  for (const [accepted, chosen] of encodings) {
    test(`a client that accepts "${accepted}" gets ${chosen ?? 'plain text'}`, async (t) => {
      const { headers, bytes, status } = await answerTo(await stage(t), accepted);
      assert.equal(status, 200);
      assert.equal(headers['content-encoding'], chosen);
      const plain = chosen === 'gzip' ? gunzipSync(bytes) : chosen === 'deflate' ? inflateSync(bytes) : bytes;
      assert.equal(plain.toString(), `4${long}`);
      assert.equal(headers['content-type'], 'text/plain; charset=UTF-8');
    });
  }

  test('needs a payload of 1,024 bytes', async (t) => {
    const run = await stage(t);
    const plain = await answerTo(run, 'gzip', true, 'a'.repeat(1022));
    assert.equal(plain.headers['content-encoding'], undefined);
    const compressed = await answerTo(run, 'gzip', true, 'é'.repeat(512));
    assert.equal(compressed.headers['content-encoding'], 'gzip');
  });

  const options: readonly [EngineOptions['httpCompression'], string, string | undefined][] = [
    [false, long, undefined],
    [true, 'a', 'gzip'],
    [{ threshold: 10 }, 'a'.repeat(9), 'gzip'],
    [{ threshold: 10 }, 'a'.repeat(8), undefined],
    [{ level: 9 }, 'a', undefined],
    [{ level: 9 }, long, 'gzip'],
    [{ threshold: undefined }, 'a', undefined],
  ];
  for (const [httpCompression, text, chosen] of options) {
    test(`with ${JSON.stringify(httpCompression)}, ${text.length + 1} bytes: ${chosen ?? 'plain'}`, async (t) => {
      const { headers } = await answerTo(await stage(t, { httpCompression }), 'gzip', undefined, text);
      assert.equal(headers['content-encoding'], chosen);
    });
  }

  test('is left out if no packet of the payload wants it', async (t) => {
    const run = await stage(t);
    assert.equal((await answerTo(run, 'gzip', false)).headers['content-encoding'], undefined);
    const { sid, session } = await run.poll();
    session.send(long, { compress: false }).send('a');
    assert.equal((await run.get(sid, { 'Accept-Encoding': 'gzip' })).headers['content-encoding'], 'gzip');
  });
});

describe('permessage-deflate', () => {
  test('is off unless it is asked for', async (t) => {
    const off = await stage(t);
    assert.equal((await off.connect(webSocket, { perMessageDeflate: true })).client.extensions, '');
    for (const perMessageDeflate of [true, { threshold: 10 }]) {
      const on = await stage(t, { perMessageDeflate });
      const { client, inbox, session } = await on.connect(webSocket, { perMessageDeflate: true });
      assert.equal(client.extensions, 'permessage-deflate');
      session.send(long);
      session.send(long, { compress: false });
      assert.deepEqual(await inbox.texts(2), [`4${long}`, `4${long}`]);
    }
  });
});
