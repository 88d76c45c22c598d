// Takes a cell's message description and gives the masked request frames and the exact reply frames (RFC 6455 §5.2).
import { deflateRawSync } from 'node:zlib';
import type { Message } from './work.ts';

const TEXT = 0x1;
const BINARY = 0x2;
const FIN = 0x80;
const RSV1 = 0x40;
const MASKED = 0x80;

export const CLOSE_REPLY: Buffer = Buffer.from([0x88, 0x02, 0x03, 0xe8]);
export const CLOSE_REQUEST: Buffer = maskedFrame(0x88, Buffer.from([0x03, 0xe8]), randomSource(7));

/** Numbers that look random and are the same in every process: the floor must know the generator's messages. */
function randomSource(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state;
  };
}

function header(firstByte: number, payloadBytes: number, maskBit: number): Buffer {
  if (payloadBytes < 126) return Buffer.from([firstByte, maskBit | payloadBytes]);
  if (payloadBytes < 65536)
    return Buffer.from([firstByte, maskBit | 126, payloadBytes >>> 8, payloadBytes & 0xff]);
  const bytes = Buffer.alloc(10);
  bytes[0] = firstByte;
  bytes[1] = maskBit | 127;
  bytes.writeBigUInt64BE(BigInt(payloadBytes), 2);
  return bytes;
}

function maskedFrame(firstByte: number, payload: Buffer, random: () => number): Buffer {
  const key = Buffer.alloc(4);
  key.writeUInt32BE(random());
  const masked = Buffer.from(payload);
  for (let i = 0; i < masked.length; i++) masked[i]! ^= key[i & 3]!;
  return Buffer.concat([header(firstByte, payload.length, MASKED), key, masked]);
}

/** One message of readable text: a JSON-like record whose names repeat and whose values do not. */
function textPayload(bytes: number, random: () => number): Buffer {
  let text = '{"items":[';
  while (text.length < bytes) {
    text += `{"id":${random() % 1_000_000},"name":"user-${(random() % 46656).toString(36)}","price":${(random() % 100_000) / 100},"active":${random() % 2 === 0}},`;
  }
  return Buffer.from(text.slice(0, bytes));
}

function binaryPayload(bytes: number, random: () => number): Buffer {
  const payload = Buffer.alloc(bytes);
  // The high bits of a linear congruential generator are the random ones.
  for (let i = 0; i < bytes; i++) payload[i] = random() >>> 24;
  return payload;
}

export function payloads(message: Message): Buffer[] {
  const random = randomSource(20261120);
  const make = message.binary ? binaryPayload : textPayload;
  return Array.from({ length: message.distinct }, () => make(message.bytes, random));
}

function firstByte(message: Message): number {
  return FIN | (message.binary ? BINARY : TEXT);
}

/** Numbers of acknowledgements: all of two digits, so that all replies are of one length. */
const firstAck = 10;

/** The messages as an event that a Socket.IO client sends, and as what it gets back (Socket.IO protocol v5). */
function inEvents(message: Message, direction: 'request' | 'reply'): Buffer[] {
  const { event } = message;
  return payloads(message).map((payload, i) => {
    // Without quotes in them, JSON leaves texts as long as they are.
    const text = JSON.stringify(payload.toString().replaceAll('"', "'"));
    if (event === undefined) return payload;
    if (event === 'publish')
      return Buffer.from(`42["${direction === 'request' ? 'publish' : 'news'}",${text}]`);
    const id = firstAck + i;
    return Buffer.from(direction === 'request' ? `42${id}["echo",${text}]` : `43${id}[${text}]`);
  });
}

/** The requests, each already masked with a key of its own. */
export function requestFrames(message: Message): Buffer[] {
  const random = randomSource(6455);
  return inEvents(message, 'request').map((payload) => maskedFrame(firstByte(message), payload, random));
}

/** What an exact echo (or broadcast) sends for each request. */
export function replyFrames(message: Message): Buffer[] {
  return inEvents(message, 'reply').map((payload) =>
    Buffer.concat([header(firstByte(message), payload.length, 0), payload]),
  );
}

/** A message of text as a server sends it. */
export function textFrame(payload: Buffer): Buffer {
  return Buffer.concat([header(FIN | TEXT, payload.length, 0), payload]);
}

/** The requests compressed one by one: a sender may always forget its context, whatever was negotiated. */
export function deflatedRequestFrames(message: Message): Buffer[] {
  const random = randomSource(7692);
  return payloads(message).map((payload) => {
    // RFC 7692 §7.2.1: an empty stored block ends the message, and its last four bytes stay at home.
    const block = deflateRawSync(payload, { finishFlush: 2 /* Z_SYNC_FLUSH */ }).subarray(0, -4);
    return maskedFrame(firstByte(message) | RSV1, block, random);
  });
}

/** Joins frames into batches of `size`, each to be sent in one write. */
export function batches(frames: Buffer[], size: number): Buffer[] {
  if (frames.length % size !== 0)
    throw new Error(`${frames.length} frames do not divide into batches of ${size}`);
  return Array.from({ length: frames.length / size }, (_, i) =>
    Buffer.concat(frames.slice(i * size, (i + 1) * size)),
  );
}
