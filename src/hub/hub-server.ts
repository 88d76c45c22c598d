// What namespaces and sockets need of the server they belong to.
import type { AdapterFactory } from './adapter-contract.ts';
import type { ClientHub } from './client.ts';
import type { HubLimits } from './limits.ts';

/** Connection state recovery, with its defaults. */
export interface RecoveryOptions {
  /** Milliseconds that the state of a cut connection is kept. Default 120,000. */
  maxDisconnectionDuration: number;
  /** Whether a client that comes back does not pass the namespace's middlewares again. Default true. */
  skipMiddlewares: boolean;
}

export interface HubServer extends ClientHub {
  readonly opts: {
    readonly connectionStateRecovery?: RecoveryOptions | undefined;
    readonly cleanupEmptyChildNamespaces?: boolean | undefined;
  };
  readonly limits: HubLimits;
  /** Gets or makes a namespace. */
  // biome-ignore lint/suspicious/noExplicitAny: a namespace, which this file comes before
  of(name: string): any;
  adapter(): AdapterFactory;
  /** Forgets a namespace that nobody is in any more. */
  _forget(name: string): void;
}
