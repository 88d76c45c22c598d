// Packets in, what stands for them on the wire out, and back; and how large that is (Engine.IO protocol, "Packet encoding").
import { packetTypes } from '../protocol/engineio/packet.ts';
import type { Binary } from '../protocol/socketio/packet.ts';
import type { Outgoing } from './transport.ts';

/** A packet as a message: binaries of any kind as they are, everything else as text. */
export function toMessage({ type, data = '' }: Outgoing): string | Binary {
  return typeof data === 'object' ? data : packetTypes.indexOf(type) + data;
}

/** A packet as text. The bytes of a Blob have to be waited for. */
export async function toText(packet: Outgoing): Promise<string> {
  const message = toMessage(packet);
  if (typeof message === 'string') return message;
  const bytes = new Uint8Array(await new Blob([message as ArrayBuffer]).arrayBuffer());
  return `b${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))}`;
}

/** The bytes that base64 stands for. */
export function fromBase64(text: string): ArrayBuffer {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0)).buffer;
}

/**
 * Bytes of a message, with its type: text in UTF-8, binaries as they are or as base64.
 *
 * @param enough below it, an estimate that is too large will do
 */
export function sizeOf(data: string | Binary = '', asText?: unknown, enough = 0): number {
  // No UTF-16 unit takes more than three bytes, so that most texts need no count.
  const most = (data as string).length * 3 + 1;
  if (most <= enough) return most;
  const { size } = new Blob([data as string]);
  return typeof data === 'string' ? size + 1 : asText ? Math.ceil(size / 3) * 4 + 1 : size;
}
