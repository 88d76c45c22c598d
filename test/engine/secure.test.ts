// The engine on an https server: long-polling and WebSocket over TLS.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { WebSocket as WsClient } from 'ws';
import { EngineServer } from '../../src/engine/server.ts';
import { WebSocketServer } from '../../src/websocket/index.ts';
import { Inbox } from '../websocket/inbox.ts';
import { polling, webSocket } from './stage.ts';

function selfSigned(): { key: Buffer; cert: Buffer } | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), 'engine-'));
  const [key, cert] = [path.join(folder, 'key'), path.join(folder, 'cert')];
  const request = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-batch',
  ];
  try {
    execFileSync('openssl', [...request, '-subj', '/CN=localhost', '-keyout', key, '-out', cert], {
      stdio: 'ignore',
    });
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const identity = selfSigned();
const skip = identity === undefined && 'openssl is not installed: apt-get install openssl';

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
