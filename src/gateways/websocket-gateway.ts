// Plain WebSocket clients of one path: upgrade requests in, sessions of the hub out (docs/gateways.md).
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { sendText } from '../http/static-files.ts';
import type { Gateway } from './gateway.ts';
import type { SessionContext } from './session.ts';
import { writeEvent } from './translation.ts';
import { type PlainWebSocket, type WebSocketContext, WebSocketSession } from './websocket-session.ts';

/** The part of the WebSocketServer of `ws` that is used. */
export interface PlainWebSocketServer {
  handleUpgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    callback: (webSocket: PlainWebSocket) => void,
  ): void;
  close(): void;
}

/** Frames a message once for many connections. */
export type Prepare = (data: string | Uint8Array, options: { binary: boolean }) => unknown;

export class WebSocketGateway implements Gateway {
  readonly #context: WebSocketContext;
  readonly #webSockets: PlainWebSocketServer;
  readonly #sessions = new Set<WebSocketSession>();

  constructor(context: SessionContext, webSockets: PlainWebSocketServer, prepare: Prepare) {
    const frame: WebSocketContext['frame'] = (event) => {
      const written = writeEvent(event);
      const binary = typeof written !== 'string';
      return { data: prepare(written, { binary }), binary };
    };
    this.#context = { ...context, frame };
    this.#webSockets = webSockets;
  }

  handleRequest(_request: IncomingMessage, response: ServerResponse): void {
    sendText(response, 426, 'This address is for WebSocket clients.', {
      Upgrade: 'websocket',
      Connection: 'Upgrade',
    });
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      const session = new WebSocketSession(this.#context, request, webSocket);
      this.#sessions.add(session);
      session.on('close', () => this.#sessions.delete(session));
    });
  }

  close(): void {
    for (const session of this.#sessions) session.shutDown();
    this.#webSockets.close();
  }
}
