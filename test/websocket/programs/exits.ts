// A server that answers, and at "exit" sends in every way there is and ends in the same tick. Tells its port first.
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from '../../../src/websocket/index.ts';

const server = new WebSocketServer({ port: 0, host: '127.0.0.1' }, () => {
  process.send!((server.address() as AddressInfo).port);
});
server.on('connection', (peer) => {
  peer.on('message', (data) => {
    peer.send('sent');
    if (!String(data).startsWith('exit')) return;
    peer.send(Buffer.alloc(20_000, 1));
    server.broadcast('broadcast');
    peer.ping('ping');
    if (String(data) === 'exit, and close') peer.close(1001, 'Goodbye');
    process.exit(0);
  });
});
