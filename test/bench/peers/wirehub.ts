// This server: echo, or its own broadcast, which frames a message once for all.
import { WebSocketServer } from '../../../src/websocket/index.ts';
import { HOST, reportServer, settings } from './server-process.ts';

const { behaviour, deflate } = settings();
// The generator does not answer pings, and who only listens to broadcasts is silent for as long as a cell takes.
const server = new WebSocketServer({ host: HOST, port: 0, perMessageDeflate: deflate, heartbeat: false });

server.on('connection', (socket) => {
  socket.on('message', (data, binary) => {
    if (behaviour === 'broadcast') server.broadcast(data, { binary });
    else socket.send(data, { binary });
  });
});
server.on('listening', () => reportServer(server as { address(): string | null }));
