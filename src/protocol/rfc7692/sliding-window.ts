// The last bytes of a stream of messages, which later messages may refer back to (RFC 7692 §7.1.1, RFC 1951 §2).

/**
 * Context takeover as a plain value: the tail of what was (de)compressed before serves as dictionary for the next
 * message, so a connection at rest holds these bytes, as many as there were, and no state of zlib.
 */
export class SlidingWindow {
  readonly #size: number;
  #buffer = Buffer.alloc(0);
  #length = 0;

  /** @param size how many bytes are remembered: 2 to the power of the negotiated window bits */
  constructor(size: number) {
    this.#size = size;
  }

  /** The bytes remembered, oldest first; undefined if there are none. Valid until the next `append`. */
  get content(): Buffer | undefined {
    if (this.#length === 0) return undefined;
    return this.#buffer.subarray(Math.max(0, this.#length - this.#size), this.#length);
  }

  append(bytes: Uint8Array): void {
    const tail = bytes.length > this.#size ? bytes.subarray(bytes.length - this.#size) : bytes;
    if (this.#length + tail.length > this.#buffer.length) this.#makeRoom(tail.length);
    this.#buffer.set(tail, this.#length);
    this.#length += tail.length;
  }

  /** Room for half a window more than is remembered: old bytes then move once for many messages. */
  #makeRoom(added: number): void {
    const kept = Math.min(this.#length, this.#size - added);
    const old = this.#buffer.subarray(this.#length - kept, this.#length);
    const room = Math.min(2 * (kept + added), this.#size + (this.#size >>> 1));
    if (this.#buffer.length < room) {
      this.#buffer = Buffer.allocUnsafeSlow(room);
      this.#buffer.set(old, 0);
    } else {
      this.#buffer.copyWithin(0, this.#length - kept, this.#length);
    }
    this.#length = kept;
  }
}
