// The terms of a connection in; its two directions as functions that return promises, out.
import { type CompressionSettings, Compressor, Decompressor } from '../../../src/protocol/rfc7692/deflate.ts';

export interface Terms {
  readonly windowBits?: number;
  readonly forgets?: boolean;
  readonly zlibOptions?: CompressionSettings['zlibOptions'];
  readonly maxPayload?: number;
}

/** Compresses and decompresses as one side of a connection, with the same terms both ways. */
export class BothDirections {
  readonly #compressor: Compressor;
  readonly #decompressor: Decompressor;

  constructor({ windowBits = 15, forgets = false, zlibOptions, maxPayload = 0 }: Terms = {}) {
    const settings = {
      noContextTakeover: forgets,
      maxWindowBits: windowBits,
      zlibOptions,
      concurrencyLimit: 10,
    };
    this.#compressor = new Compressor(settings);
    this.#decompressor = new Decompressor({ ...settings, zlibOptions: undefined, maxPayload });
  }

  compress(data: Uint8Array, fin = true): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const now = this.#compressor.compress(data, fin, (error, later) =>
        error === null ? resolve(later) : reject(error),
      );
      if (now !== undefined) resolve(now);
    });
  }

  decompress(payload: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const now = this.#decompressor.decompress(payload, (error, later) =>
        error === null ? resolve(later) : reject(error),
      );
      if (now !== undefined) resolve(now);
    });
  }
}
