// What `wirehub` exports: the server-side API of Socket.IO v4.
import { Namespace, Socket } from './hub/index.ts';
import { Server } from './server.ts';

export type { EventGatewayOptions, GatewaysOptions, WebSocketGatewayOptions } from './gateways/options.ts';
export type {
  BroadcastOperator,
  DefaultEventsMap,
  DisconnectReason,
  Event,
  ExtendedError,
  Handshake,
  RemoteSocket,
} from './hub/index.ts';
export type { ServerOptions } from './server-options.ts';
export { Namespace, Server, Socket };

/** For `require()`: a function that makes a server, with the classes as properties, as CommonJS programs know it. */
function createServer(...args: ConstructorParameters<typeof Server>): Server {
  return new Server(...args);
}
const commonJs: typeof createServer & {
  Server: typeof Server;
  Namespace: typeof Namespace;
  Socket: typeof Socket;
} = Object.assign(createServer, { Server, Namespace, Socket });

export { commonJs as 'module.exports' };
