// Masking: each payload byte XOR one byte of the masking key (RFC 6455 §5.3). Masking and unmasking are the same.
import { maskStrides } from './mask-simd.ts';

/** From this many bytes on it is worth making a view of words for them; a view that is there serves shorter ones. */
const viewWorthwhile = 256;
const wordsWorthwhile = 16;

/** From this many bytes on copying them to where sixteen can be masked at a time, and back, costs less than a loop of words. */
const stridesWorthwhile = 2048;

/** For a result that nobody has looked at: perhaps not all ASCII. */
const unknown = 0x80;

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

/** A view of bytes as words, for masking many short payloads that lie in them; undefined if it would not pay. */
export function wordsOf(bytes: Uint8Array): Int32Array | undefined {
  if (bytes.length < viewWorthwhile) return undefined;
  const aligned = bytes.byteOffset + (-bytes.byteOffset & 3);
  return new Int32Array(bytes.buffer, aligned, (bytes.byteOffset + bytes.length - aligned) >>> 2);
}

/**
 * XORs `bytes[start, end)` with the key, in place, and returns the OR of all the results: its high bits tell whether
 * everything was ASCII, at no cost (`& 0x80808080`). For long ones they are set, which promises nothing.
 *
 * @param key the masking key, big-endian, its first byte meant for `bytes[start]`
 * @param words the view of `wordsOf(bytes)`, if there is one
 */
export function mask(
  bytes: Uint8Array,
  start: number,
  end: number,
  key: number,
  words: Int32Array | undefined = wordsOf(bytes),
): number {
  if (end - start >= stridesWorthwhile) {
    const masked = maskStrides(bytes, start, end, littleEndian ? byteSwap(key) : key);
    if (masked > start) return mask(bytes, masked, end, key) | unknown;
  }
  if (words === undefined || end - start < wordsWorthwhile) return maskBytes(bytes, start, end, key);
  const offset = words.byteOffset - bytes.byteOffset;
  const lead = (offset - start) & 3;
  const aligned = start + lead;
  const first = (aligned - offset) >>> 2;
  const last = (end - offset) >>> 2;
  const rotated = rotateMaskingKey(key, lead);
  const seen =
    maskBytes(bytes, start, aligned, key) |
    maskWords(words, first, last, littleEndian ? byteSwap(rotated) : rotated);
  return seen | maskBytes(bytes, offset + (last << 2), end, rotated);
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

function maskWords(words: Int32Array, start: number, end: number, key: number): number {
  let seen = 0;
  for (let i = start; i < end; i++) {
    const word = words[i]! ^ key;
    words[i] = word;
    seen |= word;
  }
  return seen;
}
