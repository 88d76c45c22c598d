// The options of a server, and their defaults (Socket.IO v4 server API).
import type { AttachOptions, EngineOptions } from './engine/options.ts';
import type { GatewaysOptions } from './gateways/options.ts';
import type { AdapterFactory } from './hub/adapter-contract.ts';
import type { RecoveryOptions } from './hub/hub-server.ts';
import { type HubLimits, limitDefaults } from './hub/limits.ts';
import type { Parser } from './hub/parser.ts';

/** Options of a server: its own, those of the engine underneath, and its limits. */
export interface ServerOptions extends EngineOptions, AttachOptions, Partial<HubLimits> {
  /** Where the server is found. Default `/socket.io`. */
  path?: string | undefined;
  /** Whether the bundles of the client are served below the path. Default true. */
  serveClient?: boolean | undefined;
  /** The folder of these bundles. Default: those of this package. */
  clientFolder?: string | undefined;
  /** A class of adapters, or a function that returns one. Default: rooms of this node, in memory. */
  adapter?: AdapterFactory | undefined;
  /** What turns packets into messages and back. Default: the protocol's own text form. */
  parser?: Parser | undefined;
  /** Milliseconds until a connection that has joined no namespace is closed. Default 45,000. */
  connectTimeout?: number | undefined;
  /** Brings rooms, data and missed packets back after a short disconnection. Default off; `{}` turns it on. */
  connectionStateRecovery?: Partial<RecoveryOptions> | undefined;
  /** Whether a namespace that was made for a client is removed when the last one has left. Default false. */
  cleanupEmptyChildNamespaces?: boolean | undefined;
  /** Ways in for clients that speak no Socket.IO: see docs/gateways.md. Default none. */
  gateways?: GatewaysOptions | undefined;
  /** Most binaries in a received packet. Default 10. Beyond: the connection is closed. */
  maxAttachments?: number | undefined;
  /** Most levels of arrays and objects in a received packet. Default 256. Beyond: the connection is closed. */
  maxNesting?: number | undefined;
}

export type ResolvedServerOptions = Omit<ServerOptions, 'connectionStateRecovery'> & {
  readonly connectionStateRecovery?: RecoveryOptions | undefined;
};

const recoveryDefaults: RecoveryOptions = { maxDisconnectionDuration: 120_000, skipMiddlewares: true };

export const connectTimeoutDefault = 45_000;

export function resolveServerOptions(options: ServerOptions): ResolvedServerOptions {
  const { connectionStateRecovery: recovery, ...rest } = options;
  if (!recovery) return rest;
  return {
    ...rest,
    connectionStateRecovery: {
      maxDisconnectionDuration:
        recovery.maxDisconnectionDuration ?? recoveryDefaults.maxDisconnectionDuration,
      skipMiddlewares: recovery.skipMiddlewares ?? recoveryDefaults.skipMiddlewares,
    },
  };
}

export function resolveLimits(options: ServerOptions): HubLimits {
  return {
    maxNamespacesPerClient: options.maxNamespacesPerClient ?? limitDefaults.maxNamespacesPerClient,
    maxPendingAcks: options.maxPendingAcks ?? limitDefaults.maxPendingAcks,
    maxPendingEvents: options.maxPendingEvents ?? limitDefaults.maxPendingEvents,
  };
}
