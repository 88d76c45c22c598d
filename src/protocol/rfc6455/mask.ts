// Masking: each payload byte XOR one byte of the masking key (RFC 6455 §5.3). Masking and unmasking are the same.
import { maskStrides } from './mask-simd.ts';

/** From this many bytes on it is worth making a view for reading words from them. */
const viewWorthwhile = 256;

/** From this many bytes on copying them to where sixteen can be masked at a time, and back, costs less than a loop of words. */
const stridesWorthwhile = 2048;

/** A result of `mask` that has none of these bits was all ASCII. */
export const nonAscii = 0x80808080;

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

/** A view of bytes from which words can be read, for masking many payloads that lie in them; undefined if it would not pay. */
export function viewOf(bytes: Uint8Array): DataView | undefined {
  if (bytes.length < viewWorthwhile) return undefined;
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/**
 * XORs `bytes[start, end)` with the key, in place, and returns the OR of all the results: its high bits tell whether
 * everything was ASCII, at no cost (`& nonAscii`). For long ones they are set, which promises nothing.
 *
 * @param key the masking key, big-endian, its first byte meant for `bytes[start]`
 * @param view the view of `viewOf(bytes)`, if there is one
 */
export function mask(
  bytes: Uint8Array,
  start: number,
  end: number,
  key: number,
  view: DataView | undefined = viewOf(bytes),
): number {
  if (end - start >= stridesWorthwhile) {
    const masked = maskStrides(bytes, start, end, littleEndian ? byteSwap(key) : key);
    if (masked > start) return mask(bytes, masked, end, key) | unknown;
  }
  if (view === undefined) return maskBytes(bytes, start, end, key);
  const words = end - ((end - start) & 3);
  return maskWords(view, start, words, key) | maskBytes(bytes, words, end, key);
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

/** Wherever they lie: a DataView asks for no alignment. */
function maskWords(view: DataView, start: number, end: number, key: number): number {
  let seen = 0;
  let at = start;
  for (const strides = end - 15; at < strides; at += 16) {
    const first = view.getInt32(at) ^ key;
    const second = view.getInt32(at + 4) ^ key;
    const third = view.getInt32(at + 8) ^ key;
    const fourth = view.getInt32(at + 12) ^ key;
    view.setInt32(at, first);
    view.setInt32(at + 4, second);
    view.setInt32(at + 8, third);
    view.setInt32(at + 12, fourth);
    seen |= first | second | third | fourth;
  }
  for (; at < end; at += 4) {
    const word = view.getInt32(at) ^ key;
    view.setInt32(at, word);
    seen |= word;
  }
  return seen;
}
