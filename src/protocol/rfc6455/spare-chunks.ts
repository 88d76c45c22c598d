// Chunks that were copied out of in; memory for the next messages out: it is warm, and new memory costs more than a copy.

/** What the system hands over at most in one read. */
const wholeChunk = 64 * 1024;
/** A mebibyte in all. */
const mostSpares = 16;

const spares: Buffer[] = [];

/** Takes a chunk that nobody has any part of. One that is a part of something else is left alone. */
export function giveSpare(chunk: Buffer): void {
  if (chunk.length !== wholeChunk || chunk.buffer.byteLength !== wholeChunk) return;
  if (spares.length < mostSpares) spares.push(chunk);
}

/** Memory for a message that fills most of it; undefined if there is none. */
export function takeSpare(size: number): Buffer | undefined {
  return size > wholeChunk / 2 && size <= wholeChunk ? spares.pop() : undefined;
}
