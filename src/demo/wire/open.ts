// The wire inspector's part of the demo: taps what carries a page's token, and answers its requests.
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { packageFolder } from '../../client-files.ts';
import { securityHeaders } from '../../http/security-headers.ts';
import { requestPath, sendText } from '../../http/static-files.ts';
import type { Tap, WebSocketServer } from '../../websocket/index.ts';
import type { OpenPart } from '../site.ts';
import { echoPath, openEcho } from './echo.ts';
import { tracePolling } from './polling.ts';
import { Stream, streamPath } from './stream.ts';
import { traceTap } from './tapping.ts';
import { tokenOf } from './token.ts';
import { Traces } from './traces.ts';

/** The bundle of `page.ts`. */
const protocolPath = '/inspector/protocol.js';

export const openWire: OpenPart = ({ http, io, webSockets }) => {
  const traces = new Traces();
  const stream = new Stream(http, traces);
  const echo = openEcho(http, (request, violation) => stream.onViolation(request, violation));
  for (const server of [webSockets, echo]) watch(server, traces);
  io.engine.use(tracePolling(traces));
  // A namespace for the inspector's own client, which has nothing to do with the chat.
  io.of('/inspector').on('connection', (socket) => {
    socket.on('echo', (...args: unknown[]) => {
      const answer = args.at(-1);
      if (typeof answer === 'function') answer(...args.slice(0, -1));
      else socket.emit('echo', ...args);
    });
  });
  const protocol = path.join(io.opts.clientFolder ?? packageFolder(), 'protocol.js');
  return {
    answer(request, response) {
      const asked = requestPath(request);
      if (asked === protocolPath) answerWith(protocol, response);
      else if (asked === echoPath || asked === streamPath) refusePlain(response);
      else return false;
      return true;
    },
    async close(ms) {
      traces.close();
      await Promise.all([stream.drain(ms), echo.drain(0)]);
    },
  };
};

/** Connections without a token are left alone. */
export function watch(server: WebSocketServer, traces: Traces): void {
  server.on('tap', (tap: Tap, request: IncomingMessage) => {
    const token = tokenOf(request.url);
    const trace = token === undefined ? undefined : traces.of(token);
    if (trace !== undefined) traceTap(tap, request, trace);
  });
}

function answerWith(file: string, response: ServerResponse): void {
  readFile(file).then(
    (bytes) => {
      const headers = { 'Content-Type': 'text/javascript; charset=utf-8', 'Cache-Control': 'no-cache' };
      response.writeHead(200, { ...securityHeaders, ...headers, 'Content-Length': bytes.length }).end(bytes);
    },
    () => sendText(response, 404, 'The bundle has not been built: npm start does it.'),
  );
}

function refusePlain(response: ServerResponse): void {
  const headers = { Upgrade: 'websocket', Connection: 'close, Upgrade' };
  sendText(response, 426, 'This address is for WebSocket clients.', headers);
}
