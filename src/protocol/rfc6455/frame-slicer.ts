// Bytes of one direction in, cut anywhere; each frame out with its bytes as they were on the wire, legal or not (RFC 6455 §5.2).
import { headerLength, LENGTH, LENGTH_16, maxHeaderLength } from './frame-header.ts';

/** A frame as it was on the wire: header, masking key and masked payload. */
export interface FrameSlice {
  /** Bytes of its direction before it, counted from the end of the opening handshake. */
  readonly offset: number;
  /** How long it is, by its own header. Of a frame that is cut short, how much of it came. */
  readonly length: number;
  /** The frame, or as much of its beginning as is kept. */
  readonly bytes: Uint8Array;
  /** Whether all of it came. */
  readonly complete: boolean;
}

/** The payload length that a whole header announces; above 2^53 it is not exact, and nothing is refused here. */
export function announcedLength(header: Uint8Array): number {
  const short = header[1]! & LENGTH;
  if (short < LENGTH_16) return short;
  let length = 0;
  for (let at = 2; at < (short === LENGTH_16 ? 4 : 10); at++) length = length * 256 + header[at]!;
  return length;
}

/**
 * Cuts a stream into its frames, for those who watch it: it judges nothing, and keeps no more than it was told of a
 * frame, however long that says it is.
 */
export class FrameSlicer {
  readonly #keep: number;
  /** What is kept of the frame under way. */
  #bytes = new Uint8Array(maxHeaderLength);
  #kept = 0;
  #came = 0;
  /** Of the frame under way, once its header is there. */
  #length: number | undefined;
  #offset = 0;

  /** @param keep how many bytes of a frame are kept, at least its header; default all */
  constructor(keep = Number.POSITIVE_INFINITY) {
    this.#keep = Math.max(keep, maxHeaderLength);
  }

  /** Takes the next bytes, which may change afterwards, and returns the frames that end in them. */
  push(chunk: Uint8Array): FrameSlice[] {
    const frames: FrameSlice[] = [];
    let at = 0;
    while (at < chunk.length) {
      at =
        this.#length === undefined ? this.#readHeader(chunk, at) : this.#readPayload(chunk, at, this.#length);
      if (this.#came === this.#length) frames.push(this.#take(true));
    }
    return frames;
  }

  /** The frame that had begun when the stream ended, if any. */
  finish(): FrameSlice | undefined {
    return this.#came === 0 ? undefined : this.#take(false);
  }

  #readHeader(chunk: Uint8Array, start: number): number {
    let at = start;
    while (at < chunk.length && this.#length === undefined) {
      this.#bytes[this.#kept++] = chunk[at++]!;
      this.#came++;
      const length = this.#came < 2 ? undefined : headerLength(this.#bytes[1]!);
      if (this.#came === length) this.#length = length + announcedLength(this.#bytes);
    }
    return at;
  }

  #readPayload(chunk: Uint8Array, at: number, length: number): number {
    const size = Math.min(length - this.#came, chunk.length - at);
    const kept = Math.min(size, this.#keep - this.#kept);
    if (kept > 0) this.#add(chunk.subarray(at, at + kept), Math.min(length, this.#keep));
    this.#came += size;
    return at + size;
  }

  /** An announced length takes no memory before its bytes have come. */
  #add(bytes: Uint8Array, mostNeeded: number): void {
    const needed = this.#kept + bytes.length;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.min(mostNeeded, Math.max(needed, 2 * this.#bytes.length)));
      grown.set(this.#bytes.subarray(0, this.#kept));
      this.#bytes = grown;
    }
    this.#bytes.set(bytes, this.#kept);
    this.#kept = needed;
  }

  #take(complete: boolean): FrameSlice {
    const frame = {
      offset: this.#offset,
      length: this.#came,
      bytes: this.#bytes.subarray(0, this.#kept),
      complete,
    };
    this.#offset += this.#came;
    this.#bytes = new Uint8Array(maxHeaderLength);
    this.#kept = 0;
    this.#came = 0;
    this.#length = undefined;
    return frame;
  }
}
