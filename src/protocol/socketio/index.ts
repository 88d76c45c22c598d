// The Socket.IO protocol for those who use it alone: the parser that servers and clients take unless given another (Socket.IO protocol v5).
export { isBinary } from './binary.ts';
export { Decoder, type DecoderOptions } from './decoder.ts';
export { Encoder } from './encoder.ts';
export {
  type Binary,
  type Chunk,
  isReservedEvent,
  isValidPayload,
  PacketError,
  PacketType,
  protocol,
  type SocketPacket,
} from './packet.ts';
