// Arbitrary streams of frames for properties: what a peer sends, as frames and as the outcomes that they must have.
import fc from 'fast-check';
import { encodeClose } from '../../../src/protocol/rfc6455/close-frame.ts';
import { encodeFrame } from '../../../src/protocol/rfc6455/frame-encoder.ts';
import { Opcode } from '../../../src/protocol/rfc6455/opcode.ts';
import type { Outcome } from '../../vectors/vectors.ts';
import { cutAt, cuts } from '../chunking.ts';
import { hexOf } from './transcript.ts';

interface Sent {
  readonly frames: Buffer[];
  readonly outcomes: Outcome[];
}

const maskingKey = fc.integer({ min: -(2 ** 31), max: 2 ** 32 - 1 });

const texts = fc
  .oneof(
    { weight: 8, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
    fc.constantFrom(
      'a'.repeat(125),
      'a'.repeat(126),
      'é€😀'.repeat(100),
      'a'.repeat(65535),
      'a'.repeat(65536),
    ),
  )
  .map((text) => Buffer.from(text));

const payloads = fc.oneof(
  { weight: 8, arbitrary: fc.uint8Array({ maxLength: 300 }) },
  fc.constantFrom(65535, 65536, 70000).map((size) => new Uint8Array(size).fill(0xa5)),
);

const controls: fc.Arbitrary<Sent> = fc
  .record({
    opcode: fc.constantFrom(Opcode.Ping, Opcode.Pong),
    payload: fc.uint8Array({ maxLength: 125 }),
    key: maskingKey,
  })
  .map(({ opcode, payload, key }) => ({
    frames: [encodeFrame(payload, { opcode, maskingKey: key })],
    outcomes: [opcode === Opcode.Ping ? { ping: hexOf(payload) } : { pong: hexOf(payload) }],
  }));

/** A message in any number of frames, with control frames between them. */
const messages: fc.Arbitrary<Sent> = fc
  .oneof(
    texts.map((payload) => ({ opcode: Opcode.Text as number, payload: payload as Uint8Array })),
    payloads.map((payload) => ({ opcode: Opcode.Binary as number, payload })),
  )
  .chain(({ opcode, payload }) =>
    fc.record({
      opcode: fc.constant(opcode),
      payload: fc.constant(payload),
      fragments: cuts(payload.length).map((positions) => cutAt(payload, positions.slice(0, 5))),
      keys: fc.array(maskingKey, { minLength: 6, maxLength: 6 }),
      between: fc.array(fc.option(controls), { minLength: 6, maxLength: 6 }),
    }),
  )
  .map(({ opcode, payload, fragments, keys, between }) => {
    const sent: Sent = { frames: [], outcomes: [] };
    fragments.forEach((fragment, index) => {
      const fin = index === fragments.length - 1;
      const fields = { opcode: index === 0 ? opcode : Opcode.Continuation, fin, maskingKey: keys[index] };
      sent.frames.push(encodeFrame(fragment, fields));
      const control = between[index];
      if (fin || control == null) return;
      sent.frames.push(...control.frames);
      sent.outcomes.push(...control.outcomes);
    });
    const whole = Buffer.from(payload);
    sent.outcomes.push(opcode === Opcode.Text ? { text: whole.toString() } : { binary: hexOf(whole) });
    return sent;
  });

const closings: fc.Arbitrary<Sent> = fc
  .record({
    code: fc.integer({ min: 3000, max: 4999 }),
    reason: fc.string({ maxLength: 20 }),
    key: maskingKey,
  })
  .map(({ code, reason, key }) => ({
    frames: [encodeFrame(encodeClose(code, reason), { opcode: Opcode.Close, maskingKey: key })],
    outcomes: [{ close: code, reason }],
  }));

/** All that one peer sends, as a rule to the end. */
export const conversations: fc.Arbitrary<Sent> = fc
  .tuple(fc.array(fc.oneof(messages, controls), { maxLength: 6 }), fc.option(closings))
  .map(([all, closing]) => {
    const sent = closing === null ? all : [...all, closing];
    return {
      frames: sent.flatMap(({ frames }) => frames),
      outcomes: sent.flatMap(({ outcomes }) => outcomes),
    };
  });

/** Frames as a mad peer may write them: any first bytes, right lengths or not, text that is none. */
const wildFrames = fc
  .record({
    first: fc.oneof(fc.constantFrom(0x01, 0x81, 0x80, 0x00, 0x82, 0x89, 0x88, 0xc1), fc.nat(255)),
    payload: fc.oneof(
      fc.uint8Array({ maxLength: 10 }),
      fc.string({ unit: 'grapheme', maxLength: 40 }).map((s) => Buffer.from(s)),
    ),
    key: fc.constantFrom(0, 0x37fa213d),
    break: fc.option(fc.tuple(fc.nat(20), fc.nat(255)), { freq: 4 }),
  })
  .map(({ first, payload, key, break: change }) => {
    const frame = encodeFrame(payload, { opcode: first & 0xf, maskingKey: key });
    frame[0] = first;
    if (change !== null && change[0] < frame.length) frame[change[0]] = change[1];
    return frame;
  });

/** Any bytes whatever: some like frames, some not, cut off anywhere. */
export const anything: fc.Arbitrary<Buffer> = fc
  .tuple(
    fc.array(fc.oneof({ weight: 5, arbitrary: wildFrames }, fc.uint8Array({ maxLength: 30 })), {
      maxLength: 8,
    }),
    fc.nat(10),
  )
  .map(([pieces, missing]) => {
    const all = Buffer.concat(pieces);
    return all.subarray(0, Math.max(0, all.length - missing));
  });
