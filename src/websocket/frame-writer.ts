// A payload in; a frame in an outbox out, written where it is to lie wherever that spares a copy (RFC 6455 §5.2).
import { randomFillSync } from 'node:crypto';
import { encodeFrame } from '../protocol/rfc6455/frame-encoder.ts';
import { headerLengthFor, writeHeader } from '../protocol/rfc6455/frame-header.ts';
import type { Outbox } from './outbox.ts';
import { Slab } from './slab.ts';

/** @param header the frame's first byte */
export function writeFrame(
  outbox: Outbox,
  header: number,
  payload: string | Uint8Array,
  mask: boolean,
): void {
  if (mask) {
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
    outbox.append(encodeFrame(bytes, { ...fields(header), maskingKey: randomKey() }));
  } else if (typeof payload === 'string') {
    writeText(outbox, header, payload);
  } else if (payload.length <= Slab.largest) {
    const at = outbox.reserve(headerLengthFor(payload.length, false) + payload.length);
    outbox.bytes.set(payload, writeHeader(outbox.bytes, at, header, payload.length));
  } else {
    appendLong(outbox, header, payload as Buffer);
  }
}

/** Writes first and counts then: asking for the number of bytes beforehand would read the text twice. */
export function writeText(outbox: Outbox, header: number, text: string): void {
  const most = mostBytes(text);
  if (most > Slab.largest) return appendLong(outbox, header, Buffer.from(text));
  const room = headerLengthFor(most, false) + most;
  const at = outbox.reserve(room, false);
  const { bytes } = outbox;
  const likely = headerLengthFor(text.length, false);
  const size = bytes.write(text, at + likely, most, 'utf8');
  const start = headerLengthFor(size, false);
  if (start > likely) bytes.copyWithin(at + start, at + likely, at + likely + size);
  writeHeader(bytes, at, header, size);
  outbox.giveBack(room - start - size);
}

function appendLong(outbox: Outbox, header: number, bytes: Buffer): void {
  const at = outbox.reserve(headerLengthFor(bytes.length, false));
  writeHeader(outbox.bytes, at, header, bytes.length);
  outbox.append(bytes);
}

/** What a text may take as UTF-8; exactly that where it matters. */
function mostBytes(text: string): number {
  const most = 3 * text.length;
  return most <= Slab.largest ? most : Buffer.byteLength(text);
}

function fields(header: number): { opcode: number; fin: boolean; rsv1: boolean } {
  return { opcode: header & 0x0f, fin: (header & 0x80) !== 0, rsv1: (header & 0x40) !== 0 };
}

const keys = new Int32Array(1024);
let nextKey = keys.length;

/** §5.3: masking keys must be unpredictable, so they come from the system's source of randomness, many at a time. */
function randomKey(): number {
  if (nextKey === keys.length) {
    randomFillSync(keys);
    nextKey = 0;
  }
  return keys[nextKey++]!;
}
