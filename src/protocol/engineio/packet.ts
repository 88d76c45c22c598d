// Engine.IO packets, and the strings and bytes that stand for them (Engine.IO protocol, revision 4, "Packet encoding").

/** The types, at the index of the digit that stands for them on the wire. */
export const packetTypes = ['open', 'close', 'ping', 'pong', 'message', 'upgrade', 'noop'] as const;
export type EnginePacketType = (typeof packetTypes)[number];

/** The data of a message: text, or bytes. */
export type EngineData = string | Uint8Array;

export interface EnginePacket {
  readonly type: EnginePacketType;
  /** Absent for a packet that is its type alone. Bytes only for messages. */
  readonly data?: EngineData | undefined;
}

/** How bytes are written where only text can go; the platform's own way is the fastest. */
export interface Base64 {
  encode(bytes: Uint8Array): string;
  decode(text: string): Uint8Array;
}

/** Marks a message of bytes written as text. */
const binaryMark = 'b';

const digits: Readonly<Record<EnginePacketType, string>> = {
  open: '0',
  close: '1',
  ping: '2',
  pong: '3',
  message: '4',
  upgrade: '5',
  noop: '6',
};

/** A packet as text, for long-polling and for WebSocket peers that asked for text only (`b64`). */
export function encodeAsText({ type, data }: EnginePacket, base64: Base64): string {
  if (data === undefined) return digits[type];
  return typeof data === 'string' ? digits[type] + data : binaryMark + base64.encode(data);
}

/** A packet as one WebSocket message: bytes go as they are, without a type, which is always `message`. */
export function encodeAsMessage({ type, data }: EnginePacket): EngineData {
  if (data === undefined) return digits[type];
  return typeof data === 'string' ? digits[type] + data : data;
}

/** Reads a packet from text; undefined if it is none. */
export function decodeText(text: string, base64: Pick<Base64, 'decode'>): EnginePacket | undefined {
  const type = packetTypes[text.charCodeAt(0) - 48];
  if (type !== undefined) return text.length === 1 ? { type } : { type, data: text.slice(1) };
  if (text[0] === binaryMark) return { type: 'message', data: base64.decode(text.slice(1)) };
  return undefined;
}
