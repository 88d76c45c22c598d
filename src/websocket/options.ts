// The options of a WebSocketServer: types, defaults, and what is refused.
import type { IncomingMessage, Server } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { PerMessageDeflateOptions } from './deflate.ts';
import type { Origins } from './origins.ts';
import { type ConnectionOptions, connectionDefaults, givenOf } from './settings.ts';
import { WebSocket } from './websocket.ts';

/** What `verifyClient` is told. */
export interface ClientInfo<Request extends typeof IncomingMessage = typeof IncomingMessage> {
  /** The `Origin` header: which page a browser comes from. Other clients send none. */
  readonly origin: string;
  /** Whether the connection is encrypted. */
  readonly secure: boolean;
  /** The opening handshake. */
  readonly req: InstanceType<Request>;
}

/** `callback(false)` refuses with 401 unless told otherwise. */
export type VerifyClientAnswer = (
  ok: boolean,
  code?: number | null,
  message?: string | null,
  headers?: Readonly<Record<string, string | number>> | null,
) => void;

/** A function of one parameter answers by its result, one of two by the callback. */
export type VerifyClient<Request extends typeof IncomingMessage = typeof IncomingMessage> = (
  info: ClientInfo<Request>,
  callback: VerifyClientAnswer,
  // biome-ignore lint/suspicious/noConfusingVoidType: one signature for both forms, or their parameters have no type.
) => boolean | void;

export interface ServerOptions<
  Socket extends typeof WebSocket = typeof WebSocket,
  Request extends typeof IncomingMessage = typeof IncomingMessage,
> extends ConnectionOptions {
  /** Listens on a port of its own; or `server`, or `noServer`. */
  port?: number | null | undefined;
  /** The address to listen on, with `port`. Default: every one there is. */
  host?: string | null | undefined;
  /** How many TCP connections may wait to be accepted, with `port`. Default: 511, as in Node. */
  backlog?: number | null | undefined;
  /** Handles the upgrades of an existing HTTP server. */
  server?: Server<Request> | HttpsServer<Request> | null | undefined;
  /** Handles what is given to `handleUpgrade`, and nothing else. */
  noServer?: boolean | undefined;
  /** Accepts this path only, without the query. Default: all. */
  path?: string | null | undefined;
  /** Whether `clients` holds the connections. Default true. */
  clientTracking?: boolean | undefined;
  /** True or options to offer permessage-deflate. Default false. */
  perMessageDeflate?: boolean | PerMessageDeflateOptions | undefined;
  /** Chooses one of the subprotocols offered; false for none. Default: the first. */
  handleProtocols?:
    | ((protocols: Set<string>, req: InstanceType<Request>) => string | false)
    | null
    | undefined;
  /** Decides about a handshake that breaks no rule. Default: all are accepted. */
  verifyClient?: VerifyClient<Request> | null | undefined;
  /** The class of connections. */
  WebSocket?: Socket | undefined;
  /**
   * Which pages may connect, by the `Origin` that browsers send (RFC 6455 §10.2); others are refused with 403. Clients
   * that are no browsers send none and are not concerned. Default `*`, as in `ws`; `same` is what most pages want.
   */
  origins?: Origins | undefined;
  /**
   * Milliseconds of silence after which a connection is sent a ping; one that stays silent for as long again is ended.
   * False or 0 for never. Default 30,000.
   */
  heartbeat?: number | false | undefined;
  /** Milliseconds that a handshake may take: the request, on a port of its own, and `verifyClient`. Default 10,000; 0 for any. */
  handshakeTimeout?: number | undefined;
}

export type ResolvedOptions<
  Socket extends typeof WebSocket,
  Request extends typeof IncomingMessage,
> = ServerOptions<Socket, Request> & {
  [Name in
    | 'clientTracking'
    | 'perMessageDeflate'
    | 'WebSocket'
    | 'origins'
    | 'heartbeat'
    | 'handshakeTimeout']-?: Exclude<ServerOptions<Socket, Request>[Name], undefined>;
};

const defaults = {
  ...connectionDefaults,
  port: null,
  host: null,
  backlog: null,
  server: null,
  noServer: false,
  path: null,
  clientTracking: true,
  perMessageDeflate: false,
  handleProtocols: null,
  verifyClient: null,
  WebSocket,
  origins: '*',
  heartbeat: 30_000,
  handshakeTimeout: 10_000,
};

/** Fills in the defaults. Throws TypeError unless exactly one of `port`, `server` and `noServer` is given. */
export function resolveOptions<Socket extends typeof WebSocket, Request extends typeof IncomingMessage>(
  options: ServerOptions<Socket, Request>,
): ResolvedOptions<Socket, Request> {
  const resolved = { ...defaults, ...givenOf(options) } as unknown as ResolvedOptions<Socket, Request>;
  const ways = [resolved.port != null, Boolean(resolved.server), Boolean(resolved.noServer)];
  if (ways.filter(Boolean).length !== 1) {
    throw new TypeError('One and only one of the "port", "server", or "noServer" options must be specified');
  }
  return resolved;
}
