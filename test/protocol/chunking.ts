// Bytes in; the same bytes cut into chunks, in every way that a network may cut them, out.
import fc from 'fast-check';

export function byteByByte(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
}

/** Cuts before each of the positions; those that are equal make empty chunks. */
export function cutAt(bytes: Uint8Array, positions: readonly number[]): Uint8Array[] {
  const edges = [0, ...[...positions].sort((a, b) => a - b), bytes.length];
  return edges.slice(1).map((end, index) => bytes.subarray(edges[index]!, end));
}

/** Positions to cut at: few or many, anywhere, and most often near the beginning, where headers are. */
export function cuts(length: number): fc.Arbitrary<number[]> {
  const anywhere = fc.nat(length);
  const early = fc.nat(Math.min(length, 20));
  return fc.array(fc.oneof(anywhere, early), { maxLength: 12 });
}

/** Seed and effort of every property, so that a failure can be repeated. */
export function runs(numRuns: number): { seed: number; numRuns: number } {
  return { seed: 6455, numRuns };
}
