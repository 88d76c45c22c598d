// The request of a session comes back as it was when it is asked for, and is left alone when it could not.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { KeptRequest } from '../../src/engine/kept-request.ts';

/** The request that a server gets for these lines. */
async function requestOf(t: TestContext, ...lines: string[]): Promise<IncomingMessage> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port);
  socket.write([...lines, 'Connection: Upgrade', 'Upgrade: websocket', '', ''].join('\r\n'));
  const [request, peer] = await once(server, 'upgrade');
  t.after(() => {
    peer.destroy();
    socket.destroy();
    server.close();
  });
  return request;
}

test('what a program can read of a request is the same again', async (t) => {
  const request = await requestOf(
    t,
    'GET /socket.io/?EIO=4&transport=websocket&x=1 HTTP/1.1',
    'Host: example.org',
    'Cookie: a=1; b=2',
    'X-Empty:',
  );
  const restored = KeptRequest.of(request)!.restore();
  assert.notEqual(restored, request);
  assert.deepEqual(restored.headers, request.headers);
  assert.equal(restored.headers['x-empty'], '');
  assert.deepEqual(restored.rawHeaders, request.rawHeaders);
  assert.deepEqual({ ...restored.headersDistinct }, { ...request.headersDistinct });
  for (const key of [
    'url',
    'method',
    'httpVersion',
    'httpVersionMajor',
    'httpVersionMinor',
    'socket',
  ] as const)
    assert.equal(restored[key], request[key], key);
  assert.equal((restored as IncomingMessage & { _query: { x: string } })._query.x, '1');
});

test('a request that would not be the same again is kept itself', async (t) => {
  const twice = await requestOf(t, 'GET / HTTP/1.1', 'Host: a', 'X-Twice: 1', 'X-Twice: 2');
  assert.equal(KeptRequest.of(twice), undefined);
  const decorated = await requestOf(t, 'GET / HTTP/1.1', 'Host: a');
  Object.assign(decorated, { user: 'Ada' });
  assert.equal(KeptRequest.of(decorated), undefined);
});
