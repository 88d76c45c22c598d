// A frame as it was composed by hand, legal or not, in; its bytes out (RFC 6455 §5.2).
import { mask } from './protocol.js';

/** The lengths' forms by how many bits they have; `auto` is the shortest, which the RFC demands. */
const formOf = (length) => (length < 126 ? 7 : length < 65536 ? 16 : 64);

/**
 * @param fields `{ fin, rsv1, rsv2, rsv3, opcode, masked, key, form, payload, announced }`: `key` is four bytes, `form`
 *   7, 16, 64 or undefined for the shortest, `announced` a length other than the payload's
 */
export function composeFrame({ fin, rsv1, rsv2, rsv3, opcode, masked, key, form, payload, announced }) {
  const length = announced ?? payload.length;
  const size = form ?? formOf(length);
  const first = (fin ? 0x80 : 0) | (rsv1 ? 0x40 : 0) | (rsv2 ? 0x20 : 0) | (rsv3 ? 0x10 : 0) | (opcode & 15);
  const short = size === 7 ? length & 0x7f : size === 16 ? 126 : 127;
  const bytes = [first, (masked ? 0x80 : 0) | short];
  const long = BigInt(length);
  const extended = size === 16 ? 2 : size === 64 ? 8 : 0;
  for (let i = extended - 1; i >= 0; i--) bytes.push(Number((long >> BigInt(8 * i)) & 255n));
  if (masked) bytes.push(...key);
  const frame = new Uint8Array(bytes.length + payload.length);
  frame.set(bytes);
  frame.set(payload, bytes.length);
  if (masked)
    mask(frame, bytes.length, frame.length, (key[0] << 24) | (key[1] << 16) | (key[2] << 8) | key[3]);
  return frame;
}

/** Compresses a message as RFC 7692 §7.2.3.4 allows it: with a last block, and an empty one behind it. */
export async function deflate(payload) {
  const stream = new Blob([payload]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const compressed = new Uint8Array(await new Response(stream).arrayBuffer());
  const message = new Uint8Array(compressed.length + 1);
  message.set(compressed);
  return message;
}

/** Cuts a payload into so many parts, as even as can be. */
export function parts(payload, count) {
  const size = Math.ceil(payload.length / count) || 1;
  return Array.from({ length: count }, (_, index) => payload.subarray(index * size, (index + 1) * size));
}
