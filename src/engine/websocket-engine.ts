// The WebSocket server that the engine uses, which may be any that looks like the one of `ws`.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocketLike } from './websocket-transport.ts';

export interface WebSocketEngine {
  handleUpgrade(
    req: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    callback: (webSocket: WebSocketLike) => void,
  ): void;
  on?(event: 'headers', listener: (lines: string[], req: IncomingMessage) => void): unknown;
  close(): void;
}

// A class of somebody else's: what its options are is its own affair.
export type WebSocketEngineClass = new (options: never) => WebSocketEngine;

/** What the engine passes on of its options; a heartbeat it has of its own. */
export function createWebSocketEngine(
  Class: WebSocketEngineClass,
  options: { perMessageDeflate: boolean | object; maxHttpBufferSize: number; maxBufferedAmount: number },
  onHeaders: (lines: string[], req: IncomingMessage) => void,
): WebSocketEngine {
  const { perMessageDeflate, maxHttpBufferSize, maxBufferedAmount } = options;
  const deflate =
    typeof perMessageDeflate === 'object' ? { threshold: 1024, ...perMessageDeflate } : perMessageDeflate;
  const webSockets = new Class({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: deflate,
    maxPayload: maxHttpBufferSize,
    maxBufferedAmount,
    heartbeat: false,
  } as never);
  webSockets.on?.('headers', onHeaders);
  return webSockets;
}
