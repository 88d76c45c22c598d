// A server whose message listener throws at "throw"; `uncaughtException` counts, all else is echoed. Prints its port first.
// At "chunks" its socket has three of them, read while the connection was paused.
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from '../../../src/websocket/index.ts';
import * as frame from '../../conformance/frames.ts';

const chunks = [
  frame.text('throw'),
  Buffer.concat([frame.text('one'), frame.text('throw')]),
  frame.text('last'),
];

let thrown = 0;
process.on('uncaughtException', (error) => {
  if (error.message !== 'the listener threw') throw error;
  thrown++;
});

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: true }, () => {
  process.send!((server.address() as AddressInfo).port);
});
server.on('connection', (peer) => {
  peer.on('message', (data) => {
    const text = String(data);
    peer.send(text, () => {
      if (text === 'throw later') throw new Error('the listener threw');
    });
    if (text === 'chunks') {
      peer.pause();
      for (const chunk of chunks) peer._socket!.push(chunk);
      peer.resume();
    }
    if (text === 'how many?') peer.send(`${thrown}`);
    if (text === 'throw') throw new Error('the listener threw');
  });
  peer.on('ping', (data) => {
    if (String(data) === 'throw') throw new Error('the listener threw');
  });
});
