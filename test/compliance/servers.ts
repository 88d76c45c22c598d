// The servers that these tests are about: an engine that echoes, and a hub with the application that the protocol's tests assume.
import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { EngineServer } from '../../src/engine/server.ts';
import { Server, type Socket } from '../../src/index.ts';
import { WebSocketServer } from '../../src/websocket/index.ts';
import { within } from '../websocket/inbox.ts';

/** Short, so that every wait of the protocol ends soon. */
const settings = { pingInterval: 300, pingTimeout: 200, maxHttpBufferSize: 1e6, cors: { origin: '*' } };

async function listen(t: TestContext, server: HttpServer, end: () => unknown): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(async () => {
    const closed = once(server, 'close');
    await end();
    server.closeAllConnections();
    await within(closed, 'end of the server');
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Sends every message back as it came. */
export async function startEngine(t: TestContext): Promise<{ engine: EngineServer; address: string }> {
  const server = createServer();
  const engine = new EngineServer({ wsEngine: WebSocketServer, ...settings });
  engine.attach(server);
  engine.on('connection', (session) => session.on('message', (data) => session.send(data)));
  const address = await listen(t, server, () => {
    engine.close();
    server.close();
  });
  return { engine, address: `${address}/engine.io/` };
}

/** Tells who connects what they said of themselves, sends messages back, and acknowledges with what it got. */
export async function startHub(t: TestContext): Promise<{ io: Server; address: string }> {
  const server = createServer();
  const io = new Server(server, { ...settings, connectTimeout: 1000 });
  const greet = (socket: Socket) => socket.emit('auth', socket.handshake.auth);
  io.on('connection', (socket) => {
    greet(socket);
    socket.on('message', (...args) => socket.emit('message-back', ...args));
    socket.on('message-with-ack', (...args) => {
      const reply = args.pop() as (...replies: unknown[]) => void;
      reply(...args);
    });
  });
  io.of('/custom').on('connection', greet);
  const address = await listen(t, server, () => io.close());
  return { io, address: `${address}/socket.io/` };
}
