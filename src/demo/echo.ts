// A WebSocket for people who try frames by hand, as the docs tell them to: what comes in goes back to its sender as it is.
import { requestPath, sendText } from '../http/static-files.ts';
import { WebSocketServer } from '../websocket/index.ts';
import type { OpenPart } from './site.ts';

const echoPath = '/echo';

const limits = { messageBytes: 64 * 1024, waitingBytes: 1024 * 1024, connections: 1000 };

export const openEcho: OpenPart = ({ http }) => {
  const echo: WebSocketServer = new WebSocketServer({
    server: http,
    path: echoPath,
    origins: 'same',
    maxPayload: limits.messageBytes,
    maxBufferedAmount: limits.waitingBytes,
    closeTimeout: 2000,
    verifyClient: (_client, answer) =>
      answer(echo.clients.size < limits.connections, 503, 'Too many connections echo already'),
  });
  echo.on('error', (error) => console.error(`The echo goes on after an error: ${error.message}`));
  echo.on('connection', (socket) => {
    socket.on('message', (data, isBinary) => socket.send(data as Buffer, { binary: isBinary }));
    // Who breaks the protocol is told so by the close code.
    socket.on('error', () => {});
  });
  return {
    answer(request, response) {
      if (requestPath(request) !== echoPath) return false;
      const text = 'This address is for WebSocket clients.';
      sendText(response, 426, text, { Upgrade: 'websocket', Connection: 'Upgrade' });
      return true;
    },
    close: (ms) => echo.drain(ms),
  };
};
