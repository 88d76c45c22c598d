// Where the laboratory's experiments go: a WebSocket server that says back what it is told, with limits small enough to be met.
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { WebSocketServer } from '../../websocket/index.ts';

export const echoPath = '/inspector/echo';

export const echoLimits = {
  maxPayload: 65_536,
  maxFragments: 16,
  connections: 200,
};

/** What a connection did wrong. */
export interface Violation {
  readonly code: string;
  readonly rule: string;
  readonly message: string;
  readonly closeCode: number;
}

export function openEcho(
  http: HttpServer,
  onViolation: (request: IncomingMessage, violation: Violation) => void,
): WebSocketServer {
  const echo: WebSocketServer = new WebSocketServer({
    server: http,
    path: echoPath,
    origins: 'same',
    maxPayload: echoLimits.maxPayload,
    maxFragments: echoLimits.maxFragments,
    maxBufferedAmount: 1024 * 1024,
    closeTimeout: 1000,
    perMessageDeflate: { threshold: 0 },
    verifyClient: (_client, answer) =>
      answer(echo.clients.size < echoLimits.connections, 503, 'Too many experiments are under way'),
  });
  echo.on('error', () => {});
  echo.on('connection', (socket, request) => {
    socket.on('error', (error) => onViolation(request, error as Error & Violation));
    socket.on('message', (data, isBinary) => socket.send(data as Buffer, { binary: isBinary }));
  });
  return echo;
}
