// The client, for bundlers and for Node (client API, "Exports").
import { protocol } from '../protocol/socketio/packet.ts';
import { io } from './io.ts';
import { Manager } from './manager.ts';
import { Socket } from './socket.ts';

export type { DefaultEventsMap, EventsMap } from '../protocol/socketio/typed-events.ts';
export type { DisconnectDescription } from './engine-api.ts';
export type { TransportFactory } from './link.ts';
export type { Auth, AuthData, ManagerOptions, SocketOptions } from './options.ts';
export { polling as Fetch, polling as NodeXHR, polling as XHR } from './polling.ts';
export type { Tell, Transport } from './transport.ts';
export { websocket as NodeWebSocket, websocket as WebSocket } from './websocket.ts';

// A script, and `require`, get the function with the rest as properties.
Object.assign(io, { io, connect: io, Manager, Socket, protocol });

export { io, io as connect, io as default, io as 'module.exports', Manager, protocol, Socket };
