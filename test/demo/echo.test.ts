// The address at which the docs let their readers try frames by hand.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import WebSocket from 'ws';
import { type TestDemo, testDemo } from '../support/demo.ts';

let demo: TestDemo;
before(async () => {
  demo = await testDemo();
});
after(() => demo.close(0));

test('/echo says back what it is told, to whoever told it, and ends with 1012', async () => {
  const ending = await testDemo();
  const connect = async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${ending.port}/echo`);
    await once(socket, 'open');
    return socket;
  };
  const [one, other] = [await connect(), await connect()];
  other.on('message', () => assert.fail('heard what another said'));
  for (const said of ['text', Buffer.from([0, 255])]) {
    one.send(said);
    const [heard, isBinary] = await once(one, 'message');
    assert.deepEqual([heard, isBinary], [Buffer.from(said), typeof said !== 'string']);
  }
  const closed = once(one, 'close');
  await ending.close(0);
  assert.equal((await closed)[0], 1012);
});

test('/echo refuses what is too large, pages of others, and requests without an upgrade', async () => {
  const url = `ws://127.0.0.1:${demo.port}/echo`;
  const large = new WebSocket(url);
  large.on('error', () => {});
  large.on('open', () => large.send(Buffer.alloc(65_537)));
  assert.equal((await once(large, 'close'))[0], 1009);
  const foreign = new WebSocket(url, { origin: 'https://example.com' });
  const [, response] = await once(
    foreign.on('error', () => {}),
    'unexpected-response',
  );
  assert.equal(response.statusCode, 403);
  foreign.terminate();
  assert.equal((await fetch(url.replace('ws', 'http'))).status, 426);
});
