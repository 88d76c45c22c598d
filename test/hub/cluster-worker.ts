// A worker of node:cluster with a server whose clients say what it is to do; it tells the primary its port.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdapter } from '@socket.io/cluster-adapter';
import { Server } from '../../src/server.ts';

const http = createServer();
const io = new Server(http, { adapter: createAdapter() });

io.on('connection', (socket) => {
  socket.on('server count', async (reply) => reply(await io.of('/').adapter.serverCount()));
  socket.on('join', (room, reply) => {
    socket.join(room);
    reply();
  });
  socket.on('join remote', (id, room) => io.in(id).socketsJoin(room));
  socket.on('broadcast', (room, ...args) => io.to(room).emit('news', ...args));
  socket.on('ask everyone', async (reply) => reply(await io.timeout(5000).emitWithAck('question')));
  socket.on('fetch', async (reply) => reply((await io.fetchSockets()).map(({ id }) => id)));
  socket.on('ask servers', async (reply) => reply(await io.serverSideEmitWithAck('who')));
});
io.on('who', (reply) => reply(process.pid));
io.of('/').adapter.on('join-room', (room: string, id: string) => io.to(id).emit('joined', room));

// Not shared with the other worker: each has a port of its own.
http.listen({ port: 0, host: '127.0.0.1', exclusive: true }, () => {
  process.send!({ port: (http.address() as AddressInfo).port, pid: process.pid });
});
