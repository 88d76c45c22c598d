// The client, for bundlers and for Node (client API, "Exports").
import { io } from './io.ts';

export { protocol } from '../protocol/socketio/packet.ts';
export type { DisconnectDescription } from './engine-api.ts';
export { Manager } from './manager.ts';
export type { Auth, AuthData, ManagerOptions, SocketOptions } from './options.ts';
export { polling as Fetch, polling as NodeXHR, polling as XHR } from './polling.ts';
export { Socket } from './socket.ts';
export type { Tell, Transport, TransportFactory } from './transport.ts';
export type { DefaultEventsMap, EventsMap } from './typed-events.ts';
export { websocket as NodeWebSocket, websocket as WebSocket } from './websocket.ts';
export { io, io as connect, io as default };
