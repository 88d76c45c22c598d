// What a session tells the program: its states, its events and why it ended.
import type { EngineData, EnginePacket } from '../protocol/engineio/packet.ts';
import type { OutgoingPacket, Transport, TransportError } from './transport.ts';

export type SessionState = 'opening' | 'open' | 'closing' | 'closed';

/** Why a session ended, as its `close` event says. */
export type CloseReason =
  | 'transport close'
  | 'transport error'
  | 'parse error'
  | 'ping timeout'
  | 'forced close';

export interface SessionEvents {
  open: [];
  packet: [packet: EnginePacket];
  packetCreate: [packet: OutgoingPacket];
  heartbeat: [];
  data: [data: EngineData];
  message: [data: EngineData];
  flush: [packets: readonly OutgoingPacket[]];
  drain: [];
  upgrading: [transport: Transport];
  upgrade: [transport: Transport];
  close: [reason: CloseReason, description?: TransportError];
  error: [error: Error];
  /** As of any emitter: before a listener is added. */
  newListener: [event: string | symbol];
}

/** Called with the transport that took the packet, when it has left. */
export type SentCallback = (transport: Transport) => void;

/** In the form in which emitters have it. */
export type SessionListener<E> = E extends keyof SessionEvents
  ? SessionEvents[E] extends unknown[]
    ? (...args: SessionEvents[E]) => void
    : never
  : never;
