// A peer made of plain zlib streams, one for a whole connection or one for each message; it knows nothing of our code.
import { constants, createDeflateRaw, createInflateRaw, type ZlibOptions } from 'node:zlib';

/** What the sender takes away and the receiver puts back (RFC 7692 §7.2.1). */
const tail = Buffer.from([0x00, 0x00, 0xff, 0xff]);

type Stream = ReturnType<typeof createInflateRaw>;

class Direction {
  readonly #make: () => Stream;
  readonly #forgets: boolean;
  #stream: Stream | undefined;

  constructor(make: () => Stream, forgets: boolean) {
    this.#make = make;
    this.#forgets = forgets;
  }

  /** Writes the input and returns all that comes out until a sync flush is done. */
  async through(input: Uint8Array): Promise<Buffer> {
    this.#stream ??= this.#make();
    const stream = this.#stream;
    const pieces: Buffer[] = [];
    const collect = (piece: Buffer) => void pieces.push(piece);
    stream.on('data', collect);
    await new Promise<void>((resolve, reject) => {
      stream.once('error', reject);
      stream.write(input);
      stream.flush(constants.Z_SYNC_FLUSH, () => {
        stream.off('error', reject);
        resolve();
      });
    });
    stream.off('data', collect);
    if (this.#forgets) this.end();
    return Buffer.concat(pieces);
  }

  end(): void {
    this.#stream?.close();
    this.#stream = undefined;
  }
}

export class StreamPeer {
  readonly #deflater: Direction;
  readonly #inflater: Direction;

  /** Both directions with the same terms. */
  constructor(windowBits: number, forgets: boolean, options: ZlibOptions = {}) {
    this.#deflater = new Direction(() => createDeflateRaw({ ...options, windowBits }), forgets);
    this.#inflater = new Direction(() => createInflateRaw({ windowBits }), forgets);
  }

  async compress(message: Uint8Array): Promise<Buffer> {
    const flushed = await this.#deflater.through(message);
    // An empty message behind another leaves nothing to flush; §7.2.3.6 has a payload for it.
    return flushed.length === 0 ? Buffer.from([0]) : flushed.subarray(0, -tail.length);
  }

  async decompress(payload: Uint8Array): Promise<Buffer> {
    return this.#inflater.through(Buffer.concat([payload, tail]));
  }

  end(): void {
    this.#deflater.end();
    this.#inflater.end();
  }
}
