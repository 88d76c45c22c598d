// What a client does not fetch waits for it, within bounds: a peer must not be able to fill the server's memory.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import type { WebSocketTransport } from '../../src/engine/websocket-transport.ts';
import { event } from '../websocket/inbox.ts';
import { startEngine } from './servers.ts';
import { openWebSocket, Polling } from './wire.ts';

/** One buffer for all messages: what waits is counted, not kept. */
const megabyte = Buffer.alloc(1_000_000);
const patience = 100;

test('long-polling: a client that answers for itself but never polls is ended, not waited for without end', async (t) => {
  const { address, engine } = await startEngine(t);
  const client = await Polling.open(address);
  const session = engine.clients[client.sid]!;
  for (let sent = 0; session.readyState === 'open' && sent < patience; sent++) {
    session.send(megabyte);
    await client.post('3');
  }
  assert.notEqual(session.readyState, 'open', `${patience} MB wait`);
});

test('WebSocket: a client that does not read is not waited for beyond 64 MiB', async (t) => {
  const { address, engine } = await startEngine(t);
  const { client, sid } = await openWebSocket(t, address);
  client.pause();
  const session = engine.clients[sid]!;
  const { socket } = session.transport as WebSocketTransport;
  let sent = 0;
  while (socket.readyState === WebSocket.OPEN && sent < patience) {
    session.send(megabyte);
    sent++;
    await new Promise(setImmediate);
  }
  assert.equal(socket.readyState, WebSocket.CLOSING);
  assert.ok(sent > 60, `${sent} MB`);
  const closed = event(session, 'close');
  client.terminate();
  assert.match(String((await closed)[0]), /^transport (close|error)$/);
});
