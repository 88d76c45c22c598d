// The parser interface: how packets become messages and back, which a program may replace (Socket.IO protocol v5).
// biome-ignore-all lint/suspicious/noExplicitAny: parsers name their packets, messages and options as they like
import type { Chunk, SocketPacket } from '../protocol/socketio/packet.ts';

/** Writes packets; one per server. */
export interface PacketEncoder {
  /** The messages of a packet, to be sent in this order without another's between them. Must not change the packet. */
  encode(packet: SocketPacket): Chunk[];
}

/** Reads the packets of one connection. */
export interface PacketDecoder {
  /** Takes the next message. Throws for one that cannot be read. */
  add(chunk: any): void;
  on(event: 'decoded', listener: (packet: any) => void): unknown;
  /** Whether it is in the middle of no packet, and could read for another connection; without it, it is kept for one. */
  readonly isIdle?: boolean;
  /** Drops a packet of which only a part has arrived. */
  destroy?(): void;
}

export interface Parser {
  Encoder: new (...options: any[]) => { encode(packet: any): any };
  Decoder: new (...options: any[]) => PacketDecoder;
}
