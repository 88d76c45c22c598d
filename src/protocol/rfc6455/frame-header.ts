// The header of a frame: FIN, RSV1–3, opcode, MASK, payload length in its three forms, masking key (RFC 6455 §5.2).

/** Bits of the first byte. */
export const FIN = 0x80;
export const RSV1 = 0x40;
export const RSV2 = 0x20;
export const RSV3 = 0x10;
export const OPCODE = 0x0f;
/** Bits of the second byte. */
export const MASK = 0x80;
export const LENGTH = 0x7f;

/** The second byte's length bits say that the length follows in 2 or in 8 bytes (§5.2). */
export const LENGTH_16 = 126;
export const LENGTH_64 = 127;

/** The longest header: 2 bytes, 8 of length, 4 of masking key. */
export const maxHeaderLength = 14;

/** How many bytes the header has, told by its second byte. */
export function headerLength(secondByte: number): number {
  const length = secondByte & LENGTH;
  const extended = length === LENGTH_16 ? 2 : length === LENGTH_64 ? 8 : 0;
  return 2 + extended + ((secondByte & MASK) !== 0 ? 4 : 0);
}

/** How many bytes the shortest header for such a payload has; §5.2 allows no longer one. */
export function headerLengthFor(payloadLength: number, masked: boolean): number {
  return (payloadLength < 126 ? 2 : payloadLength < 65536 ? 4 : 10) + (masked ? 4 : 0);
}

/**
 * Writes the header of an unmasked frame in the shortest form and returns where the payload begins.
 * For a masked frame set the MASK bit and put the key there: `writeMaskingKey`.
 *
 * @param firstByte FIN, RSV bits and opcode
 */
export function writeHeader(
  target: Uint8Array,
  at: number,
  firstByte: number,
  payloadLength: number,
): number {
  target[at] = firstByte;
  if (payloadLength < 126) {
    target[at + 1] = payloadLength;
    return at + 2;
  }
  if (payloadLength < 65536) {
    target[at + 1] = LENGTH_16;
    target[at + 2] = payloadLength >>> 8;
    target[at + 3] = payloadLength;
    return at + 4;
  }
  target[at + 1] = LENGTH_64;
  const high = Math.floor(payloadLength / 2 ** 32);
  for (let i = 0; i < 4; i++) {
    target[at + 2 + i] = high >>> (24 - 8 * i);
    target[at + 6 + i] = payloadLength >>> (24 - 8 * i);
  }
  return at + 10;
}

/** Adds the masking key at `at`, the end of the header that begins at `header`, and returns where the payload begins. */
export function writeMaskingKey(target: Uint8Array, header: number, at: number, key: number): number {
  target[header + 1]! |= MASK;
  for (let i = 0; i < 4; i++) target[at + i] = key >>> (24 - 8 * i);
  return at + 4;
}
