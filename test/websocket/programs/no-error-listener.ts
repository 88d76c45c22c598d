// An echo server that listens for nothing but messages: not for errors, and not for what is uncaught. Prints its port first.
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from '../../../src/websocket/index.ts';

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: true }, () => {
  process.send!((server.address() as AddressInfo).port);
});
server.on('connection', (peer) => {
  peer.on('message', (data, isBinary) => peer.send(data as Buffer, { binary: isBinary }));
});
