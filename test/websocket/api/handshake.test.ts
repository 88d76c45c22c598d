// Who is let in: path, shouldHandle, handleProtocols, and the events `headers` and `wsClientError`.
import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { test } from 'node:test';
import { openingRequest } from '../../conformance/opening-request.ts';
import { RawClient } from '../../conformance/raw-client.ts';
import { event, within } from '../inbox.ts';
import { stage } from '../stage.ts';

test('ws §2 accepts its path, whatever the query, and no other', async (t) => {
  const on = await stage(t, { path: '/chat' });
  await on.pair({}, '/chat');
  await on.pair({}, '/chat?room=1&path=/other');
  for (const path of ['', '/', '/chat/', '/Chat', '/chatter', '/?/chat']) {
    const { status, body } = await on.refusal(path);
    assert.deepEqual([status, body], [400, 'Bad Request'], path);
  }
});

test('ws §2 asks an overridden shouldHandle', async (t) => {
  const on = await stage(t);
  on.server.shouldHandle = (req) => req.url?.endsWith('!') === true;
  await on.pair({}, '/now!');
  assert.equal((await on.refusal('/now')).status, 400);
});

test('ws §2 gives the request with the connection', async (t) => {
  const on = await stage(t);
  const { request } = await on.pair({ headers: { Cookie: 'a=b' } }, '/x?y=z');
  assert.equal(request.url, '/x?y=z');
  assert.equal(request.headers.cookie, 'a=b');
  assert.equal(request.socket.remoteAddress, '127.0.0.1');
});

test('ws §2 chooses the first subprotocol offered', async (t) => {
  const on = await stage(t);
  const { client, peer } = await on.pair({}, '', ['mqtt', 'stomp']);
  assert.deepEqual([client.protocol, peer.protocol], ['mqtt', 'mqtt']);
});

test('ws §2 asks handleProtocols with all that are offered, in order', async (t) => {
  const asked: unknown[] = [];
  const on = await stage(t, {
    handleProtocols(protocols, req) {
      asked.push(protocols, req.url);
      return 'stomp';
    },
  });
  const { client, peer } = await on.pair({}, '/p', ['mqtt', 'stomp']);
  assert.deepEqual([client.protocol, peer.protocol], ['stomp', 'stomp']);
  assert.deepEqual(asked, [new Set(['mqtt', 'stomp']), '/p']);
});

test('ws §2 does not ask handleProtocols when none is offered', async (t) => {
  const on = await stage(t, { handleProtocols: () => assert.fail() });
  const { peer } = await on.pair();
  assert.equal(peer.protocol, '');
});

test('ws §2 has no subprotocol when handleProtocols says false', async (t) => {
  const on = await stage(t, { handleProtocols: () => false });
  const connected = event(on.server, 'connection');
  const raw = await RawClient.connect(on.port);
  t.after(() => raw.destroy());
  raw.socket.write(openingRequest({ headers: { 'Sec-WebSocket-Protocol': 'mqtt' } }));
  const answer = await raw.answer();
  assert.equal(answer.get('sec-websocket-protocol'), undefined);
  assert.equal(((await connected)[0] as { protocol: string }).protocol, '');
});

test('ws §2 takes no connection for wsClientError that shouldHandle or verifyClient refuses', async (t) => {
  const on = await stage(t, { path: '/only', verifyClient: (_info: unknown) => false });
  on.server.on('wsClientError', () => assert.fail());
  assert.equal((await on.refusal('/')).status, 400);
  assert.equal((await on.refusal('/only')).status, 401);
});

test('ws §2 shows the lines of the 101 to `headers`, and sends what it makes of them', async (t) => {
  const on = await stage(t);
  const shown: string[][] = [];
  on.server.on('headers', (lines, req) => {
    shown.push([...lines], [req.url!]);
    lines.push('Set-Cookie: a=b', 'X-Server: wire');
  });
  const client = on.dial('/h', ['chat']);
  const opened = event(client, 'open');
  const [response] = (await event(client, 'upgrade')) as [IncomingMessage];
  assert.deepEqual(response.headers['set-cookie'], ['a=b']);
  assert.equal(response.headers['x-server'], 'wire');
  assert.equal(shown[0]![0], 'HTTP/1.1 101 Switching Protocols');
  assert.deepEqual(
    shown[0]!.map((line) => line.split(':')[0]),
    [
      'HTTP/1.1 101 Switching Protocols',
      'Upgrade',
      'Connection',
      'Sec-WebSocket-Accept',
      'Sec-WebSocket-Protocol',
    ],
  );
  assert.deepEqual(shown[1], ['/h']);
  await opened;
});

test('ws §2 leaves a wrong handshake to a listener of wsClientError', async (t) => {
  const on = await stage(t);
  const failed = event(on.server, 'wsClientError');
  const raw = await RawClient.connect(on.port);
  t.after(() => raw.destroy());
  raw.socket.write(openingRequest({ headers: { 'Sec-WebSocket-Key': 'short' } }));
  const [error, socket, req] = (await failed) as [Error, Duplex, IncomingMessage];
  assert.equal(error.message, 'Missing or invalid Sec-WebSocket-Key header');
  assert.equal(req.headers['sec-websocket-key'], 'short');
  socket.end('HTTP/1.1 418 A teapot\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  assert.equal((await raw.answer()).status, 418);
  await within(raw.untilEnd(), 'end');
});

test('ws §2 has the connection open, without timeout and delay, when it is announced', async (t) => {
  const on = await stage(t);
  const seen: unknown[] = [];
  on.server.on('connection', (peer) => seen.push(peer.readyState, on.server.clients.has(peer)));
  const { peer } = await on.pair();
  assert.deepEqual(seen, [1, true]);
  assert.equal((peer._socket as { timeout?: number }).timeout, 0);
  assert.equal((peer._socket as { remoteAddress?: string }).remoteAddress, '127.0.0.1');
});
