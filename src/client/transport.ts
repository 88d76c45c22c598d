// What an engine asks of a transport and is told by it, and the URL of its requests (Engine.IO protocol, "Transports").
import { revision } from '../protocol/engineio/handshake.ts';
import type { EnginePacketType } from '../protocol/engineio/packet.ts';
import type { Binary } from '../protocol/socketio/packet.ts';
import type { EngineOptions } from './options.ts';
import type { Address } from './url.ts';

/** A packet that is to be sent. */
export interface Outgoing {
  readonly type: EnginePacketType;
  readonly data?: string | Binary | undefined;
  readonly options?: SendOptions | undefined;
}

export interface SendOptions {
  readonly compress?: boolean | undefined;
  /** What the message is a part of, for the sender's own eyes. */
  readonly source?: unknown;
}

/** A packet that has come. */
export interface Incoming {
  readonly type: EnginePacketType;
  readonly data?: string | ArrayBufferLike | Uint8Array | undefined;
}

export interface TransportEvents {
  /** Packets can be sent. */
  opened(): void;
  packet(packet: Incoming): void;
  /** What was to be sent is with the platform; more can be. */
  drained(): void;
  /** The other end has gone. */
  closed(description: string, context?: unknown): void;
  failed(message: string, description?: unknown, context?: unknown): void;
}

/** Where a transport connects, and how. */
export interface Link {
  readonly address: Address;
  readonly options: EngineOptions;
  /** Parameters of its URLs. */
  readonly query: Record<string, unknown>;
  /** Of a session that is kept on over several requests. */
  readonly cookies: Map<string, string>;
}

export interface Transport {
  readonly name: string;
  readonly query: Record<string, unknown>;
  /** Whether it takes packets now. */
  readonly writable: boolean;
  send(packets: readonly Outgoing[]): void;
  /**
   * Ends what is under way, then calls back, with nothing begun anew until `resume`. A transport that can do so is one to
   * upgrade from, and one that joins packets in bodies, which the server limits.
   */
  pause?(done: () => void): void;
  resume?(): void;
  /** Ends it; no event follows. @param farewell tell the server, if it is to be told */
  close(farewell: boolean): void;
}

/** Makes a transport that begins at once. Events do not come before it has returned. */
export interface TransportFactory {
  (link: Link, events: TransportEvents): Transport;
  readonly transportName: string;
  /** Whether this platform has what it takes. */
  available?(options: EngineOptions): boolean;
}

/** An error as the engine raises it. */
export interface TransportError extends Error {
  type: 'TransportError';
  description: unknown;
  context: unknown;
}

export function transportError(message: string, description?: unknown, context?: unknown): TransportError {
  return Object.assign(new Error(message), { type: 'TransportError' as const, description, context });
}

/** The URL of the next request. @param stamped unless the options say otherwise */
export function urlOf({ address, options, query }: Link, scheme: 'http' | 'ws', stamped: boolean): string {
  const { secure, host, port } = address;
  const path =
    (options.path ?? '/engine.io').replace(/\/$/, '') + (options.addTrailingSlash === false ? '' : '/');
  const all: Record<string, unknown> = { ...query };
  if (options.timestampRequests ?? stamped) all[options.timestampParam ?? 't'] = stamp();
  if (options.forceBase64) all.b64 = 1;
  const parameters = Object.entries(all).map((pair) =>
    pair.map((one) => encodeURIComponent(String(one))).join('='),
  );
  const usual = port === (secure ? '443' : '80');
  return `${scheme}${secure ? 's' : ''}://${host}${usual ? '' : `:${port}`}${path}?${parameters.join('&')}`;
}

/** Five characters of time and three of chance. */
function stamp(): string {
  return Date.now().toString(36).slice(-5) + Math.random().toString(36).slice(2, 5).padEnd(3, '0');
}

/** The parameters that all URLs of a session begin with. */
export function baseQuery(
  given: Record<string, unknown>,
  transport: string,
  sid?: string,
): Record<string, unknown> {
  return { ...given, EIO: revision, transport, ...(sid && { sid }) };
}
