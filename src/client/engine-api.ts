// What a program sees of a session: its state, its events and what can be done with it (client API, "Engine socket").
import type { OpenData } from '../protocol/engineio/handshake.ts';
import type { EnginePacket } from '../protocol/engineio/packet.ts';
import type { Binary } from '../protocol/socketio/packet.ts';
import type { Emitter } from './emitter.ts';
import type { Outgoing, SendOptions, Transport, TransportError } from './transport.ts';

/** Why a connection has ended, beyond the reason: where a transport has failed, its error. */
export type DisconnectDescription = Error | { description: string; context?: unknown };

export interface EngineEvents {
  open: () => void;
  handshake: (data: OpenData) => void;
  packet: (packet: EnginePacket) => void;
  packetCreate: (packet: Outgoing) => void;
  data: (data: string | Binary) => void;
  message: (data: string | Binary) => void;
  /** All has been given to the transport. */
  drain: () => void;
  flush: () => void;
  heartbeat: () => void;
  ping: () => void;
  pong: () => void;
  upgrading: (transport: Transport) => void;
  upgrade: (transport: Transport) => void;
  upgradeError: (error: Error) => void;
  error: (error: TransportError) => void;
  close: (reason: string, details?: DisconnectDescription) => void;
}

// biome-ignore lint/complexity/noBannedTypes: it has no events but its own
export interface Engine extends Emitter<{}, EngineEvents> {
  /** Given by the server; undefined until the session is open. */
  id?: string;
  readyState: 'opening' | 'open' | 'closing' | 'closed';
  /** Undefined where there is none to use. */
  transport: Transport;
  /** What has not been given to a transport yet. */
  writeBuffer: Outgoing[];
  upgrading: boolean;
  readonly binaryType: string;
  /** Sends a message. Ignored after `close`. @param done called when it has been given to the transport */
  send(data: string | Binary, options?: SendOptions, done?: () => void): this;
  write: this['send'];
  /** Ends the session, after what is waiting has been sent. */
  close(): this;
  /** Gives to the transport what waits, as soon as it takes it. */
  _flush(): void;
  /** Whether something that is sent now goes out at once. */
  _writable(): boolean;
  /** Whether the server should have been heard of long ago: a timer may have slept. Ends the session then. */
  _overdue(): boolean;
  /** @throws RangeError for a message that is larger than the server has said it takes */
  _check(messages: readonly (string | Binary)[]): void;
}
