// Sequences of messages that try a compressor: some alike, some random, short, empty, and longer than any window.
import fc from 'fast-check';

const words = ['frame', 'masking key', 'opcode', 'payload', 'über', '☃', '\n', 'and the'];

const prose = fc
  .array(fc.constantFrom(...words), { maxLength: 120 })
  .map((chosen) => Buffer.from(chosen.join(' ')));

/** Repeats with a period, near the sizes of the smallest windows and beyond. */
const periodic = fc
  .tuple(fc.constantFrom(1, 3, 200, 249, 250, 251, 256, 257, 300, 505, 513), fc.nat(2000))
  .map(([period, length]) =>
    Buffer.from(Array.from({ length }, (_, at) => (Math.imul(at % period, 2654435761) >>> 16) & 0xff)),
  );

const bytes = fc.uint8Array({ maxLength: 400 }).map((data) => Buffer.from(data));

export const conversations = fc.array(fc.oneof(prose, periodic, bytes, fc.constant(Buffer.alloc(0))), {
  minLength: 1,
  maxLength: 8,
});

/** Messages around the sizes at which work leaves the event loop, and around the largest window. */
export const largeMessages: Buffer[] = [32767, 32768, 32769, 40_000, 100_000, 300_000].map((length) =>
  Buffer.from(Array.from({ length }, (_, at) => (Math.imul(at >> 3, 2654435761) >>> 20) & 0xff)),
);
