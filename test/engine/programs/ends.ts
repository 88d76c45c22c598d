// A program whose engine has sessions of every kind, some of them half-way, and closes: nothing must keep it running.
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket as WsClient } from 'ws';
import { EngineServer } from '../../../src/engine/server.ts';
import { WebSocketServer } from '../../../src/websocket/index.ts';

const server = http.createServer();
const engine = new EngineServer({ wsEngine: WebSocketServer }).attach(server);
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
const path = `//127.0.0.1:${port}/engine.io/?EIO=4&transport=`;

async function poll(): Promise<string> {
  const body = await (await fetch(`http:${path}polling`)).text();
  return (JSON.parse(body.slice(1)) as { sid: string }).sid;
}

const waiting = await poll();
const response = fetch(`http:${path}polling&sid=${waiting}`);
while (engine.clients[waiting]?.transport.writable !== true) await new Promise(setImmediate);

await poll();
engine.clients[await poll()]?.send('never').close();
engine.clients[await poll()]?.close();

const upgrading = await poll();
const candidate = new WsClient(`ws:${path}websocket&sid=${upgrading}`);
await once(candidate, 'open');
candidate.send('2probe');
await once(candidate, 'message');

const open = new WsClient(`ws:${path}websocket`);
await once(open, 'message');

console.log(engine.clientsCount);
const ended = Promise.all([once(candidate, 'close'), once(open, 'close')]);
engine.close();
server.close();
console.log(await (await response).text(), engine.clientsCount);
await ended;
server.closeAllConnections();
