// The body of a long-polling request or response: several packets in one text (Engine.IO protocol, "Payload encoding").
import { type Base64, decodeText, type EnginePacket, encodeAsText } from './packet.ts';

/** Stands between packets. A text that holds it can't be protected: the protocol has no escape. */
export const separator = '\x1e';

export function encodePayload(packets: readonly EnginePacket[], base64: Base64): string {
  return packets.map((packet) => encodeAsText(packet, base64)).join(separator);
}

/** Reads packets one by one, so that those before a wrong one are still handled; undefined stands for that, and is the last. */
export function* decodePayload(text: string, base64: Base64): Generator<EnginePacket | undefined> {
  let start = 0;
  while (start <= text.length) {
    const end = text.indexOf(separator, start);
    const packet = decodeText(text.slice(start, end === -1 ? undefined : end), base64);
    yield packet;
    if (packet === undefined || end === -1) return;
    start = end + 1;
  }
}
