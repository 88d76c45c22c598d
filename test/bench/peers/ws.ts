// The peer `ws`: echo, or a broadcast as its users write it, a loop over the clients.
import { WebSocketServer } from 'ws';
import { HOST, reportServer, settings } from './server-process.ts';

const { behaviour, deflate } = settings();
const server = new WebSocketServer({ host: HOST, port: 0, perMessageDeflate: deflate });

server.on('connection', (socket) => {
  socket.on('message', (data, binary) => {
    if (behaviour === 'broadcast') for (const client of server.clients) client.send(data, { binary });
    else socket.send(data, { binary });
  });
});
server.on('listening', () => reportServer(server as { address(): string | null }));
