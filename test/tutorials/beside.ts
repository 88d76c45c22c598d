// A server beside others, for one test: official clients that are greeted, and WebSockets that want something else.
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { connect, type ManagerOptions, type SocketOptions } from 'socket.io-client';
import { WebSocket } from 'ws';
import type { Server } from '../../src/index.ts';
import { event, Inbox } from '../websocket/inbox.ts';

/** Ends of clients, also of those that are no business of the server under test: the HTTP server waits for all. */
const ends = new Set<() => void>();

/** Listens until the test is over; gives the port. */
export async function listen(t: TestContext, http: HttpServer, io: Server): Promise<number> {
  t.after(async () => {
    for (const end of ends) end();
    ends.clear();
    await io.close();
    http.closeAllConnections();
  });
  http.listen(0, '127.0.0.1');
  await event(http, 'listening');
  return (http.address() as AddressInfo).port;
}

/** An official client that has been greeted. */
export async function greeted(port: number, options: Partial<ManagerOptions & SocketOptions> = {}) {
  const client = connect(`http://127.0.0.1:${port}`, { forceNew: true, reconnection: false, ...options });
  ends.add(() => client.close());
  const [greeting] = await event(client, 'hello');
  return { client, greeting };
}

/** Greets all who connect. */
export function greet(io: Server): Server {
  io.on('connection', (socket) => socket.emit('hello', 'you'));
  return io;
}

/** A WebSocket that knows nothing of Socket.IO; it ends with the test. */
export function plain(port: number, path: string): { client: WebSocket; inbox: Inbox } {
  const client = new WebSocket(`ws://127.0.0.1:${port}${path}`);
  client.on('error', () => {});
  ends.add(() => client.terminate());
  return { client, inbox: new Inbox(client) };
}
