// A vector of test/vectors/engineio.json in; its packets as the code has them out.
import type { EnginePacket, EnginePacketType } from '../../../src/protocol/engineio/packet.ts';
import { bytes, type EngineVector } from '../../vectors/vectors.ts';

export function packetsOf({ packets }: EngineVector): EnginePacket[] {
  return packets.map(({ type, text, hex }) => {
    const data = hex === undefined ? text : bytes(hex);
    return { type: type as EnginePacketType, ...(data !== undefined && { data }) };
  });
}
