// Joins the demo chat with plain `ws` clients, as any program would, and listens to what reaches whom.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import WebSocket from 'ws';
import { limits } from '../../src/demo/plain-chat.ts';
import { type Demo, startDemo } from '../../src/demo/server.ts';
import { PlainClient } from './plain-client.ts';

async function start(t: TestContext): Promise<Demo & { port: number }> {
  const demo = await startDemo('127.0.0.1', 0);
  let closed: Promise<void> | undefined;
  const close = (ms = 0) => {
    closed ??= demo.close(ms);
    return closed;
  };
  t.after(() => close());
  return { ...demo, port: demo.address.port, close };
}

test('what one client says reaches all, its sender too, as it is and in one order', async (t) => {
  const { port } = await start(t);
  const [ada, bob, eve] = await Promise.all([1, 2, 3].map(() => PlainClient.join(port)));
  const said = [
    'hello',
    'Ada: hello',
    '',
    ' \n ',
    '<b>&amp;</b>',
    'سلام 👋🏽',
    '["json"]',
    'x'.repeat(limits.messageBytes),
  ];
  for (const text of said) ada!.socket.send(text);
  for (const client of [ada, bob, eve]) {
    for (const text of said) assert.equal(await client!.next(), text);
  }
  bob!.socket.send('bye');
  assert.equal(await ada!.next(), 'bye');
});

test('a message in fragments arrives as one', async (t) => {
  const { port } = await start(t);
  const ada = await PlainClient.join(port);
  ada.socket.send('half ', { fin: false });
  ada.socket.send('and half', { fin: true });
  assert.equal(await ada.next(), 'half and half');
});

test('a binary message is refused with 1003 (RFC 6455 §7.4.1), and nobody else notices', async (t) => {
  const { port } = await start(t);
  const ada = await PlainClient.join(port);
  const bob = await PlainClient.join(port);
  bob.socket.send(Buffer.from('bytes'));
  bob.socket.send('too late');
  const { code, reason } = await bob.closed;
  assert.equal(code, 1003);
  assert.match(reason, /text messages only/);
  ada.socket.send('still here');
  assert.equal(await ada.next(), 'still here');
});

test('a message above the limit closes its sender with 1009, and nobody else notices', async (t) => {
  const { port } = await start(t);
  const ada = await PlainClient.join(port);
  const bob = await PlainClient.join(port);
  bob.socket.on('error', () => {});
  bob.socket.send('x'.repeat(limits.messageBytes + 1));
  assert.equal((await bob.closed).code, 1009);
  ada.socket.send('still here');
  assert.equal(await ada.next(), 'still here');
});

test('who sends too fast gets one notice, the rest is dropped, and others may still talk', async (t) => {
  const { port } = await start(t);
  const ada = await PlainClient.join(port);
  const bob = await PlainClient.join(port);
  const flood = limits.burst * 3;
  for (let i = 0; i < flood; i += 1) bob.socket.send(`${i}`);
  // The answer to a ping comes after all that was sent before it has been handled.
  const handled = once(bob.socket, 'pong');
  bob.socket.ping();
  await handled;
  ada.socket.send('enough');
  const heard: string[] = [];
  for (let text = await bob.next(); text !== 'enough'; text = await bob.next()) heard.push(text);
  const notices = heard.filter((text) => text.startsWith('* You are sending more'));
  assert.equal(notices.length, 1);
  const relayed = heard.filter((text) => !notices.includes(text));
  assert.deepEqual(
    relayed.slice(0, limits.burst),
    Array.from({ length: limits.burst }, (_, i) => `${i}`),
  );
  assert.ok(relayed.length < flood);
  for (const text of relayed) assert.equal(await ada.next(), text);
  assert.equal(await ada.next(), 'enough');
});

test('long messages cost more, so that nobody alone can fill what waits for the others', async (t) => {
  const { port } = await start(t);
  const ada = await PlainClient.join(port);
  const bob = await PlainClient.join(port);
  const long = 'x'.repeat(limits.messageBytes);
  for (let i = 0; i < 50; i += 1) bob.socket.send(long);
  bob.socket.send('end');
  let bytes = 0;
  for (let text = await ada.next(); text !== 'end'; text = await ada.next()) bytes += text.length;
  assert.ok(bytes > 0 && bytes < limits.waitingBytes, String(bytes));
});

test('a page of another site is refused with 403; a page of this one and a program are not', async (t) => {
  const { port } = await start(t);
  const answer = (origin: string) =>
    new Promise<number | undefined>((resolve) => {
      const client = new WebSocket(`ws://127.0.0.1:${port}/ws`, { origin });
      client.on('upgrade', (response) => resolve(response.statusCode));
      client.on('unexpected-response', (request, response) => {
        request.destroy();
        resolve(response.statusCode);
      });
      client.on('error', () => {});
    });
  assert.equal(await answer('https://example.com'), 403);
  assert.equal(await answer('null'), 403);
  assert.equal(await answer(`http://127.0.0.1:${port}`), 101);
});

test('a browser that opens /ws as a page learns what it is for', async (t) => {
  const { port } = await start(t);
  const response = await fetch(`http://127.0.0.1:${port}/ws?x=1`);
  assert.equal(response.status, 426);
  assert.equal(response.headers.get('upgrade'), 'websocket');
  assert.match(await response.text(), /WebSocket clients/);
});

test('closing says goodbye with 1012 and gives the port back', async (t) => {
  const demo = await start(t);
  const clients = await Promise.all([1, 2, 3].map(() => PlainClient.join(demo.port)));
  await demo.close(20);
  for (const client of clients) assert.equal((await client.closed).code, 1012);
  const again = await startDemo('127.0.0.1', demo.port);
  await again.close(0);
});
