// What `wirehub/websocket` exports: the server-side API of `ws`, and the codec for those who want it alone.

import { WebSocketServer } from './server.ts';
import { createWebSocketStream } from './stream.ts';
import { WebSocket } from './websocket.ts';

export type { BinaryType, RawData } from './binary-type.ts';
export type { BroadcastOptions } from './broadcast.ts';
export type { PerMessageDeflateOptions } from './deflate.ts';
export type { CloseEvent, ErrorEvent, MessageEvent, OpenEvent } from './dom-events.ts';
export type { ClientInfo, ServerOptions, VerifyClient, VerifyClientAnswer } from './options.ts';
export type { Origins } from './origins.ts';
export type { PreparedMessage } from './prepared-message.ts';
export type { Sendable } from './sendable.ts';
export type { ConnectionOptions, SlowClientPolicy } from './settings.ts';
export type { Side, Tap, TapEvents, TappedChunk, TappedFrame } from './tap.ts';
export type { SendOptions, WebSocketEvents } from './websocket.ts';
export { createWebSocketStream, WebSocket, WebSocketServer };
export default WebSocket;

/** For `require()`: the class with all the rest as properties, as CommonJS programs know it from `ws`. */
const commonJs = Object.assign(WebSocket, {
  WebSocket,
  WebSocketServer,
  Server: WebSocketServer,
  createWebSocketStream,
});

export { commonJs as 'module.exports' };
