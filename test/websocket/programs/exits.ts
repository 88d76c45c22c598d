// A server that sends in every way there is and then calls process.exit() in the same tick. Prints its port first.
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from '../../../src/websocket/index.ts';

const server = new WebSocketServer({ port: 0, host: '127.0.0.1' }, () => {
  process.send!((server.address() as AddressInfo).port);
});
server.on('connection', (peer) => {
  peer.on('message', () => {
    peer.send('sent');
    peer.send(Buffer.alloc(20_000, 1));
    server.broadcast('broadcast');
    peer.ping('ping');
    peer.close(1001, 'Goodbye');
    process.exit(0);
  });
});
