// The options of the engine, and their defaults (limits are on without asking).
import type { ZlibOptions } from 'node:zlib';
import type { CorsDelegate, CorsOptions } from '../http/cors.ts';
import type { AllowRequest } from '../http/may-connect.ts';
import type { EngineData } from '../protocol/engineio/packet.ts';
import type { CookieOptions } from './cookie.ts';
import type { TransportName } from './transport.ts';
import type { WebSocketEngineClass } from './websocket-engine.ts';

export interface EngineOptions {
  /** Milliseconds between pings. Default 25,000. */
  pingInterval?: number | undefined;
  /** Milliseconds that a client has to answer a ping. Default 20,000. */
  pingTimeout?: number | undefined;
  /** Milliseconds that an upgrade may take. Default 10,000. */
  upgradeTimeout?: number | undefined;
  /** Bytes of a POST's body or of a WebSocket message. Default 1,000,000. */
  maxHttpBufferSize?: number | undefined;
  /**
   * Bytes that may wait for a client that does not poll, or reads its WebSocket slowly; 0 for no limit. Default 64 MiB.
   * Beyond, the session is ended with `transport error`.
   */
  maxBufferedAmount?: number | undefined;
  /** Default both. */
  transports?: readonly TransportName[] | undefined;
  /** Whether clients are told that they can upgrade. Default true. */
  allowUpgrades?: boolean | undefined;
  /**
   * Decides about each handshake, over both transports, by a callback `(error, allowed)`. Default: none is refused.
   */
  allowRequest?: AllowRequest | undefined;
  /** Passed to the WebSocket server. Default false. */
  perMessageDeflate?: boolean | object | undefined;
  /** Compresses responses of long-polling from `threshold` bytes on. Default 1,024; false for never. */
  httpCompression?: boolean | (ZlibOptions & { threshold?: number | undefined }) | undefined;
  /** The class of the WebSocket server underneath. */
  wsEngine?: WebSocketEngineClass | undefined;
  /** A message that every client gets first. */
  initialPacket?: EngineData | undefined;
  /** True or options to set a cookie with the session's id. Default false. */
  cookie?: boolean | CookieOptions | undefined;
  /** Lets pages of other origins in. Without it only pages of this host may open a WebSocket, see `docs`. */
  cors?: CorsOptions | CorsDelegate | false | undefined;
  /** Not supported: clients of Engine.IO revision 3 are refused. */
  allowEIO3?: boolean | undefined;
}

export interface AttachOptions {
  /** Default `/engine.io`. */
  path?: string | undefined;
  /** Whether the path must end with a slash. Default true. */
  addTrailingSlash?: boolean | undefined;
  /** Whether upgrade requests that nobody answers are ended. Default true. */
  destroyUpgrade?: boolean | undefined;
  /** After how many milliseconds. Default 1,000. */
  destroyUpgradeTimeout?: number | undefined;
}

export const engineDefaults = {
  pingInterval: 25_000,
  pingTimeout: 20_000,
  upgradeTimeout: 10_000,
  maxHttpBufferSize: 1_000_000,
  maxBufferedAmount: 64 * 1024 * 1024,
  transports: ['polling', 'websocket'] as readonly TransportName[],
  allowUpgrades: true,
  perMessageDeflate: false,
  httpCompression: { threshold: 1024 },
  cookie: false,
  allowEIO3: false,
} as const satisfies EngineOptions;

export type ResolvedEngineOptions = EngineOptions & {
  [Name in keyof typeof engineDefaults]-?: Exclude<EngineOptions[Name], undefined>;
};

export function resolveEngineOptions(options: EngineOptions): ResolvedEngineOptions {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return { ...engineDefaults, ...given } as ResolvedEngineOptions;
}
