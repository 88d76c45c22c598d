// Several WebSocketServers on one HTTP server, each with its path: everyone gets to the right one, and nobody waits for ever.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { WebSocket as WsClient } from 'ws';
import { event, Inbox } from '../inbox.ts';
import { WebSocketServer } from '../stage.ts';

async function shared(t: TestContext): Promise<(path: string) => WsClient> {
  const http = createServer();
  const clients: WsClient[] = [];
  const servers = ['/one', '/two'].map((path) => {
    const server = new WebSocketServer({ server: http, path, handshakeTimeout: 50 });
    server.on('connection', (peer) => peer.send(path));
    return server;
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  t.after(() => {
    for (const client of clients) client.terminate();
    for (const server of servers) server.close();
    http.close();
  });
  return (path) => {
    const client = new WsClient(`ws://127.0.0.1:${(http.address() as AddressInfo).port}${path}`);
    clients.push(client);
    return client;
  };
}

test('each path leads to its server', async (t) => {
  const dial = await shared(t);
  for (const path of ['/two', '/one']) assert.equal(await new Inbox(dial(path)).text(), path);
});

test("a path that is nobody's is refused after a while with 400", async (t) => {
  const dial = await shared(t);
  const [error] = (await event(dial('/three'), 'error')) as [Error];
  assert.match(error.message, /400/);
});

test('connections outlive the time in which others could have taken them', async (t) => {
  const dial = await shared(t);
  const client = dial('/two');
  const inbox = new Inbox(client);
  assert.equal(await inbox.text(), '/two');
  const refused = event(dial('/three'), 'error');
  await refused;
  assert.equal(client.readyState, WsClient.OPEN);
});

test('a client that is reset while it waits for somebody to take it breaks nothing', async (t) => {
  const dial = await shared(t);
  const lost = dial('/three');
  const gone = event(lost, 'error');
  lost.on('upgrade', () => assert.fail('taken'));
  const socket = connect(Number(new URL(lost.url).port), '127.0.0.1');
  const closed = event(socket, 'close');
  socket.write(
    'GET /three HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    () => setImmediate(() => socket.resetAndDestroy()),
  );
  await closed;
  await gone;
  assert.equal(await new Inbox(dial('/one')).text(), '/one');
});
