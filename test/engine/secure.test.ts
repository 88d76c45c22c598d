// The engine on an https server: long-polling and WebSocket over TLS.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { WebSocket as WsClient } from 'ws';
import { EngineServer } from '../../src/engine/server.ts';
import { WebSocketServer } from '../../src/websocket/index.ts';
import { selfSigned, skip } from '../support/certificate.ts';
import { Inbox } from '../websocket/inbox.ts';
import { polling, webSocket } from './stage.ts';

const identity = skip === false ? selfSigned() : undefined;

test('on an https server', { skip }, async (t) => {
  const server = https.createServer(identity!);
  const engine = new EngineServer({ wsEngine: WebSocketServer }).attach(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    engine.close();
    server.close().closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const options = { rejectUnauthorized: false };
  const request = https.get(`https://127.0.0.1:${port}/engine.io/?${polling}`, options);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  assert.match(Buffer.concat(await response.toArray()).toString(), /^0\{/);
  const client = new WsClient(`wss://127.0.0.1:${port}/engine.io/?${webSocket}`, options);
  assert.match(await new Inbox(client).text(), /^0\{/);
  client.terminate();
});
