// What the hub needs of a connection: any object that has this can be a client (Engine.IO protocol v4).
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Chunk } from '../protocol/socketio/packet.ts';
import type { DisconnectReason } from './disconnect-reason.ts';

/** How one message is to be sent. */
export interface WriteOptions {
  /** Whether to compress where the transport can. Default true. */
  compress?: boolean | undefined;
  /** The message may be dropped when the transport is busy; the hub has asked already. */
  volatile?: boolean | undefined;
  /** A WebSocket frame that says the same, for transports that can use it. */
  wsPreEncodedFrame?: unknown;
  /** The packet was encoded by whoever broadcasts it, for all its recipients. */
  preEncoded?: boolean | undefined;
  /**
   * Of a message that goes to many clients: the same object for each of them, so that a session may frame it once for
   * all.
   */
  shared?: object | undefined;
}

/** Takes messages of broadcasts, each the same object for all who get it. */
export interface SharedWay {
  /** Returns false if the message has to be written to the session instead; `shared` is as in `WriteOptions`. */
  tryShared(message: string | Uint8Array, shared: object): boolean;
}

export interface SessionTransport {
  readonly name: string;
  /** False while what was written before is still waiting to leave. */
  readonly writable: boolean;
}

/** Who is told what a session receives, and how it ends. */
export interface SessionReceiver {
  onSessionData(data: Chunk): void;
  onSessionClose(reason: DisconnectReason, description?: unknown): void;
}

/** What is kept of a connection's request: programs may let go of the request itself. */
export interface Opening {
  readonly headers: IncomingHttpHeaders;
  readonly url: string;
  readonly secure: boolean;
}

/** A connection of any kind that carries whole messages both ways, in order. */
export interface Session {
  readonly id: string;
  /** The HTTP request that began it; programs may delete it. */
  readonly request?: IncomingMessage | undefined;
  /** What that request says, for sessions that make the request itself only when asked for it. */
  readonly opening?: Opening;
  readonly remoteAddress: string | undefined;
  /** Revision of the Engine.IO protocol. */
  readonly protocol: number;
  readonly readyState: string;
  readonly transport: SessionTransport;
  /**
   * A session that has this property tells its receiver, where one is set, before it raises the events `data` and
   * `close`: a listener for each session, and a call through the emitter for each message, are worth sparing.
   */
  receiver?: SessionReceiver | undefined;
  /** Events used here: `data` with a message, `error`, and `close` with a reason and a description. */
  // biome-ignore lint/suspicious/noExplicitAny: the arguments of any event
  on(event: string, listener: (this: any, ...args: any[]) => void): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: the arguments of any event
  removeListener(event: string, listener: (this: any, ...args: any[]) => void): unknown;
  /** The shortest way for messages of broadcasts, if it has one now; it may be kept, and says itself when it has ended. */
  readonly sharedWay?: SharedWay | undefined;
  /** Writes a text with the options of most if it has a short way for that; else does nothing and returns false. */
  trySendText?(text: string): boolean;
  write(data: Chunk, options?: WriteOptions, callback?: () => void): unknown;
  /** Ends the session: at once if told to discard what is still waiting to be sent. */
  close(discard?: boolean): unknown;
}
