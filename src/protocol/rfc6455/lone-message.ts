// A chunk in that may be one usual frame and nothing else; what message it is out, unmasked where it lies (RFC 6455 §5).
import { isUtf8 } from 'node:buffer';
import { OPCODE } from './frame-header.ts';
import type { FrameRules } from './frame-rules.ts';
import { mask, nonAscii, readMaskingKey } from './mask.ts';
import { Opcode } from './opcode.ts';
import { usualHeader, usualLength } from './usual-frame.ts';

/** What `readLone` found; its payload is all behind the `usualHeader`. */
export const Lone = {
  /** Something else: the chunk is as it was. */
  None: 0,
  Binary: 1,
  Text: 2,
  /** Text that is plain ASCII. */
  Ascii: 3,
} as const;
export type Lone = (typeof Lone)[keyof typeof Lone];

/** @param checkText whether text has to be UTF-8 (§8.1); what is not is left to the parser, which says what is wrong */
export function readLone(chunk: Buffer, rules: FrameRules, checkText: boolean): Lone {
  const length = usualLength(chunk, 0, rules);
  if (length < 0 || usualHeader + length < chunk.length) return Lone.None;
  const key = readMaskingKey(chunk, 2);
  const seen = mask(chunk, usualHeader, chunk.length, key);
  if ((chunk[0]! & OPCODE) === Opcode.Binary) return Lone.Binary;
  if ((seen & nonAscii) === 0) return Lone.Ascii;
  if (!checkText || isUtf8(chunk.subarray(usualHeader))) return Lone.Text;
  mask(chunk, usualHeader, chunk.length, key);
  return Lone.None;
}
