// What an engine asks of a transport and is told by it (Engine.IO protocol, "Transports").
import type { EnginePacketType } from '../protocol/engineio/packet.ts';
import type { Binary } from '../protocol/socketio/packet.ts';

/** A packet that is to be sent. */
export interface Outgoing {
  readonly type: EnginePacketType;
  readonly data?: string | Binary | undefined;
  readonly options?: SendOptions | undefined;
}

export interface SendOptions {
  readonly compress?: boolean | undefined;
  /** What the message is a part of, for the sender's own eyes. */
  readonly _source?: unknown;
}

/** What a transport tells, and with what. Whoever has closed it hears no more. */
export interface TransportNews {
  /** Packets can be sent. */
  opened: [];
  /** A packet has come, as text, or as the bytes of a message. */
  data: [packet: string | ArrayBuffer];
  /** What was to be sent is with the platform; more can be. */
  drained: [];
  /** The other end has gone. */
  closed: [description: string, context?: unknown];
  failed: [error: TransportError];
}

/** What is done about it. */
export type TransportHandlers = {
  [News in keyof TransportNews]?: (...what: TransportNews[News]) => void;
};

/** How a transport tells the engine its news: `writable`, `drained`, `closed`, `failed` and the like. */
export type Tell = <News extends keyof TransportNews>(news: News, ...what: TransportNews[News]) => void;

/** Where a transport connects, and how. */
export interface LinkWith<Options> {
  readonly address: URL;
  readonly options: Options;
  /** Parameters of its URLs. */
  readonly query: Record<string, string>;
  /** Of a session, for platforms that keep none. */
  readonly _cookies: Map<string, string>;
}

/** What a factory makes of a transport; the engine adds the rest. */
export interface BareTransport {
  /** Whether it takes packets now. */
  readonly writable: boolean;
  /** Sends packets; only called while it is writable. */
  send(packets: readonly Outgoing[]): void;
  /**
   * Ends what is under way, then calls back, with nothing begun anew until `resume`. A transport that can do so is one to
   * upgrade from, and one that joins packets in bodies, which the server limits.
   */
  pause?(done: () => void): void;
  /** Goes on after `pause`. */
  resume?(): void;
  /** May be called again. @param farewell tell the server, if it is to be told */
  close(farewell?: boolean): void;
}

/** One way to carry packets, as the engine uses it. */
export interface Transport extends BareTransport {
  /** As in `transports`. */
  readonly name: string;
  /** Parameters of its URLs. */
  readonly query: Record<string, string>;
  /** Who hears of it: kept here by the engine. */
  _handlers: TransportHandlers;
}

export interface TransportFactoryWith<Options> {
  readonly name: string;
  /** Makes a transport that begins at once, and tells nothing before it has been returned. */
  open(link: LinkWith<Options>, tell: Tell): BareTransport;
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
