// What a client says in the query of its URL, and what the server tells it first (Engine.IO protocol, "Handshake").

/** The revision of the protocol that is spoken here. */
export const revision = 4;

/** The payload of the open packet. */
export interface OpenData {
  readonly sid: string;
  /** The transports that the session can be upgraded to. */
  readonly upgrades: readonly string[];
  /** Milliseconds between the server's pings. */
  readonly pingInterval: number;
  /** Milliseconds that the client has to answer one. */
  readonly pingTimeout: number;
  /** Bytes that a request of the client may hold. */
  readonly maxPayload: number;
}

/** The parameters of a URL; of a repeated one the last value counts. */
export type Query = Record<string, string>;

/** Reads the query of a request's target. Even a parameter named `__proto__` becomes a property like any other. */
export function readQuery(url: string): Query {
  const start = url.indexOf('?');
  return start === -1 ? {} : Object.fromEntries(new URLSearchParams(url.slice(start + 1)));
}
