// The vectors of the Socket.IO protocol as the code has them, and what a decoder makes of messages.
import {
  type Chunk,
  Decoder,
  type DecoderOptions,
  PacketType,
  type SocketPacket,
} from '../../../src/protocol/socketio/index.ts';
import { bytes, type HexVector, type SocketVector } from '../../vectors/vectors.ts';

/** Strings stay; `{ hex }` becomes bytes. */
export function chunksOf(messages: readonly (string | HexVector)[]): Chunk[] {
  return messages.map((message) => (typeof message === 'string' ? message : bytes(message.hex)));
}

export function packetOf({ packet }: SocketVector): SocketPacket {
  const { type, data, ...rest } = packet;
  const known = { ...rest, type: PacketType[type as keyof typeof PacketType] };
  return data === undefined ? known : { ...known, data: withBytes(data) };
}

/** The same, with bytes for each `{ hex }`. */
function withBytes(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withBytes);
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0]![0] === 'hex') return bytes(String(entries[0]![1]));
  return Object.fromEntries(entries.map(([key, one]) => [key, withBytes(one)]));
}

/** The packets that a decoder finds, as plain objects of what is known of them. */
export function decode(chunks: readonly Chunk[], options?: DecoderOptions): Record<string, unknown>[] {
  const packets: Record<string, unknown>[] = [];
  const decoder = new Decoder(options);
  decoder.on('decoded', (packet) => packets.push(known(packet)));
  for (const chunk of chunks) decoder.add(chunk);
  return packets;
}

export function known(packet: SocketPacket): Record<string, unknown> {
  return Object.fromEntries(Object.entries(packet).filter(([, value]) => value !== undefined));
}
