// What a session asks of a transport, and what a transport tells its session.
import type { EngineData, EnginePacket } from '../protocol/engineio/packet.ts';

export type TransportName = 'polling' | 'websocket';

/** How one message is to be sent. */
export interface PacketOptions {
  /** Whether compressing it is worthwhile. Default true. */
  readonly compress?: boolean | undefined;
  /**
   * Identifies a message that many sessions send: where this is the same object the bytes are the same, and need to be
   * made only once.
   */
  readonly shared?: object | undefined;
}

/** A packet with what its sender asked for. */
export interface OutgoingPacket extends EnginePacket {
  readonly options?: PacketOptions | undefined;
}

/** An error of a transport, as the `close` event of a session describes it. */
export class TransportError extends Error {
  readonly type = 'TransportError';
  readonly description: unknown;

  constructor(message: string, description?: unknown) {
    super(message);
    this.description = description;
  }
}

export interface TransportHost {
  /** A packet came; for a message of text or bytes `onMessage` is called instead. */
  onPacket(packet: EnginePacket): void;
  onMessage(data: EngineData): void;
  /** What came is no packet. */
  onInvalidPacket(): void;
  /** The transport may be written to again. */
  onReady(): void;
  onTransportClose(transport: Transport): void;
  onTransportError(transport: Transport, error: TransportError): void;
}

/** Takes messages that many sessions send without asking their sessions. */
export interface SharedWay {
  tryShared(data: EngineData, shared: object): boolean;
}

/** `closing`: nothing is sent any more but the goodbye. */
export type TransportState = 'open' | 'closing' | 'closed';

export interface Transport {
  readonly name: TransportName;
  /** The id of the session it belongs to, or may belong to one day. */
  readonly sid: string;
  readonly readyState: TransportState;
  /** Whether what is sent now leaves now. */
  readonly writable: boolean;
  /** Whether `send` may be called at any time, because the transport has a buffer and limits of its own. */
  readonly buffers: boolean;
  /** The session it works for; replaced when a transport has proved itself and becomes the session's own. */
  host: TransportHost;
  /** @param done is called when the packets have left */
  send(packets: readonly OutgoingPacket[], done?: () => void): void;
  /** The same for one packet, and quicker. */
  sendOne(packet: OutgoingPacket, done?: () => void): void;
  /** Sends a message that others send as well (see `PacketOptions.shared`) if there is a short way; else returns false. */
  tryShared?(data: EngineData, shared: object): boolean;
  /** Sends a text message with the usual options if there is a short way; else returns false. */
  trySendText?(text: string): boolean;
  /** Closes that way: from now on somebody wants to know what is sent. */
  stopSharing?(): void;
  /** Ends it; nothing is told to the host any more. What it can still say to the peer it says. */
  close(): void;
}
