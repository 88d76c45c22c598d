// A payload in, a whole frame out: header and payload in one buffer, written into memory of the caller's (RFC 6455 §5.2).
import { FIN, headerLengthFor, RSV1, writeHeader, writeMaskingKey } from './frame-header.ts';
import { mask } from './mask.ts';

/** What a frame's header says beside the length. */
export interface FrameFields {
  readonly opcode: number;
  /** Default true. */
  readonly fin?: boolean;
  /** Marks a compressed message (RFC 7692 §6); default false. */
  readonly rsv1?: boolean;
  /** The masking key, its first byte highest; a server's frames have none (§5.1). */
  readonly maskingKey?: number | undefined;
}

/** FIN, RSV bits and opcode as they stand in a frame's first byte. */
export function firstByte(opcode: number, fin: boolean, rsv1: boolean): number {
  return opcode | (fin ? FIN : 0) | (rsv1 ? RSV1 : 0);
}

/** How long the frame of a payload is. */
export function frameLength(payloadLength: number, masked: boolean): number {
  return headerLengthFor(payloadLength, masked) + payloadLength;
}

/** Makes a frame. The payload is left as it is, also when the frame is masked. */
export function encodeFrame(payload: Uint8Array, fields: FrameFields): Buffer {
  const { opcode, fin = true, rsv1 = false, maskingKey } = fields;
  const masked = maskingKey !== undefined;
  const frame = Buffer.allocUnsafe(frameLength(payload.length, masked));
  let at = writeHeader(frame, 0, firstByte(opcode, fin, rsv1), payload.length);
  if (masked) at = writeMaskingKey(frame, 0, at, maskingKey);
  frame.set(payload, at);
  if (masked) mask(frame, at, frame.length, maskingKey);
  return frame;
}
