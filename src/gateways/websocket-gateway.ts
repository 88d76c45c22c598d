// Plain WebSocket clients of one path: upgrade requests in, sessions of the hub out (docs/gateways.md).
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { sendText } from '../http/static-files.ts';
import type { Gateway } from './gateway.ts';
import type { SessionContext } from './session.ts';
import { type PlainWebSocket, WebSocketSession } from './websocket-session.ts';

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

export class WebSocketGateway implements Gateway {
  readonly #context: SessionContext;
  readonly #webSockets: PlainWebSocketServer;
  readonly #sessions = new Set<WebSocketSession>();

  constructor(context: SessionContext, webSockets: PlainWebSocketServer) {
    this.#context = context;
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
