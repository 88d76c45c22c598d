// JSON text in; an error out if it is nested too deep (§7).
import { PacketError } from './packet.ts';

const quote = '"'.charCodeAt(0);
const backslash = '\\'.charCodeAt(0);

/** Refuses JSON nested deeper than `max` before it is parsed: what recurses over it later must not run out of stack. */
export function checkNesting(json: string, max: number): void {
  if (json.length <= 2 * max) return;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === quote) inString = !inString;
    else if (inString) at += code === backslash ? 1 : 0;
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > max) throw new PacketError(`payload nested deeper than ${max} levels`);
    } else if (code === 0x5d || code === 0x7d) depth--;
  }
}
