// The frame that most are: a whole message of up to 125 bytes, masked, all of it here (RFC 6455 §5.2).
import { FIN, LENGTH_16, MASK } from './frame-header.ts';
import type { FrameRules } from './frame-rules.ts';
import { Opcode } from './opcode.ts';

const WHOLE_TEXT = FIN | Opcode.Text;
const WHOLE_BINARY = FIN | Opcode.Binary;

/** Two bytes, and the masking key. */
export const usualHeader = 6;

/**
 * How long the payload is if such a frame begins at `at`, else -1: then it has to be looked at part by part. Such a
 * frame keeps each rule of §5 outside of a fragmented message by being what it is.
 */
export function usualLength(chunk: Buffer, at: number, rules: FrameRules): number {
  const payload = at + usualHeader;
  if (payload > chunk.length || !rules.expectMask) return -1;
  const first = chunk[at]!;
  const length = chunk[at + 1]! - MASK;
  if ((first !== WHOLE_TEXT && first !== WHOLE_BINARY) || length < 0 || length >= LENGTH_16) return -1;
  if (payload + length > chunk.length || (rules.maxPayload > 0 && length > rules.maxPayload)) return -1;
  return length;
}
