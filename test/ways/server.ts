// One chat that can be joined in four ways: polling, long-polling, server-sent events and WebSocket; told what they cost.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { WebSocketServer } from '../../src/websocket/index.ts';

/** What the server has spent since it began. */
export interface Spent {
  readonly requests: number;
  /** Read and written on all connections: what TCP carries, without its own headers. */
  readonly bytes: number;
  /** Of user and system, in microseconds. */
  readonly cpu: number;
}

const said: string[] = [];
const waiting = new Set<() => void>();
const streams = new Set<ServerResponse>();
const sockets = new Set<Socket>();
let requests = 0;
let bytesOfTheGone = 0;

const server = createServer((request, response) => {
  requests++;
  if (request.method === 'POST') return void take(request, response);
  const { pathname, searchParams } = new URL(request.url!, 'http://localhost');
  const since = Number(searchParams.get('since'));
  if (pathname === '/poll') answer(response, since);
  else if (pathname === '/wait') answerLater(response, since);
  else stream(response);
});
const webSockets = new WebSocketServer({ server });

webSockets.on('connection', (socket) => {
  requests++;
  socket.on('message', (data) => say(String(data)));
});
server.on('connection', (socket) => {
  sockets.add(socket);
  socket.on('close', () => {
    sockets.delete(socket);
    bytesOfTheGone += bytesOf(socket);
  });
});

const bytesOf = ({ bytesRead, bytesWritten }: Socket) => bytesRead + bytesWritten;

function say(message: string): void {
  said.push(message);
  webSockets.broadcast(message);
  for (const response of streams) response.write(`data: ${message}\n\n`);
  const due = [...waiting];
  waiting.clear();
  for (const answerNow of due) answerNow();
}

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  say(await text(request));
  response.writeHead(204).end();
}

function answer(response: ServerResponse, since: number): void {
  const body = JSON.stringify(said.slice(since));
  response.writeHead(200, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
  });
  response.end(body);
}

function answerLater(response: ServerResponse, since: number): void {
  if (said.length > since) return answer(response, since);
  const answerNow = () => answer(response, since);
  waiting.add(answerNow);
  response.on('close', () => waiting.delete(answerNow));
}

function stream(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  response.flushHeaders();
  streams.add(response);
  response.on('close', () => streams.delete(response));
}

function spent(): Spent {
  const { user, system } = process.cpuUsage();
  const bytes = [...sockets].reduce((sum, socket) => sum + bytesOf(socket), bytesOfTheGone);
  return { requests, bytes, cpu: user + system };
}

process.on('message', () => process.send!(spent()));
process.once('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
