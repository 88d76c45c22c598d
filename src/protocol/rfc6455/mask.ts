// Masking: each payload byte XOR one byte of the masking key (RFC 6455 §5.3). Masking and unmasking are the same.

/** Below this many bytes a loop over bytes is done before a view for words is made. */
const wordsWorthwhile = 192;

/** The masking key that stands at `bytes[at]`, as an integer whose highest byte is the key's first. */
export function readMaskingKey(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}

const littleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

function byteSwap(word: number): number {
  return (word >>> 24) | ((word >>> 8) & 0xff00) | ((word & 0xff00) << 8) | (word << 24);
}

/** The key for a payload that goes on `by` bytes further: rotated left by that many bytes. */
export function rotateMaskingKey(key: number, by: number): number {
  const bits = (by & 3) << 3;
  return bits === 0 ? key : (key << bits) | (key >>> (32 - bits));
}

/**
 * XORs `bytes[start, end)` with the key, in place, and returns the OR of all the results: its high bits tell whether
 * everything was ASCII, at no cost (`& 0x80808080`).
 *
 * @param key the masking key, big-endian, its first byte meant for `bytes[start]`
 */
export function mask(bytes: Uint8Array, start: number, end: number, key: number): number {
  let seen = 0;
  let at = start;
  if (end - start >= wordsWorthwhile) {
    const lead = -(bytes.byteOffset + start) & 3;
    const aligned = start + lead;
    seen |= maskBytes(bytes, start, aligned, key);
    const count = (end - aligned) >>> 2;
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + aligned, count);
    const rotated = rotateMaskingKey(key, lead);
    seen |= maskWords(words, littleEndian ? byteSwap(rotated) : rotated);
    at = aligned + (count << 2);
  }
  return seen | maskBytes(bytes, at, end, rotateMaskingKey(key, at - start));
}

function maskBytes(bytes: Uint8Array, start: number, end: number, key: number): number {
  let seen = 0;
  let shift = 24;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]! ^ ((key >>> shift) & 0xff);
    bytes[i] = byte;
    seen |= byte;
    shift = (shift - 8) & 31;
  }
  // One byte's high bit stands for all four, as `mask` promises its caller.
  return seen;
}

function maskWords(words: Int32Array, key: number): number {
  let seen = 0;
  const length = words.length;
  for (let i = 0; i < length; i++) {
    const word = words[i]! ^ key;
    words[i] = word;
    seen |= word;
  }
  return seen;
}
