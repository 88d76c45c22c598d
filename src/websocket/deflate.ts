// The permessage-deflate of one connection: what was agreed, and the two directions, made when first needed (RFC 7692).
import type { ZlibOptions } from 'node:zlib';
import { Compressor, Decompressor } from '../protocol/rfc7692/deflate.ts';
import type { DeflateParameters, DeflateWishes } from '../protocol/rfc7692/negotiation.ts';

/** Options of permessage-deflate, by the names that `ws` gives them. */
export interface PerMessageDeflateOptions extends DeflateWishes {
  /** Messages below this many bytes are sent as they are if the sender keeps no window. Default 1024. */
  threshold?: number | undefined;
  /** Passed to zlib, but for the window size, which is negotiated. */
  zlibDeflateOptions?: ZlibOptions | undefined;
  /** The same, for messages that are received. */
  zlibInflateOptions?: ZlibOptions | undefined;
  /** How many long messages are (de)compressed at a time, over all connections. Default 10. */
  concurrencyLimit?: number | undefined;
}

export class Deflate {
  readonly #parameters: DeflateParameters;
  readonly #options: PerMessageDeflateOptions;
  readonly #role: 'server' | 'client';
  readonly #maxPayload: number;
  #compressor: Compressor | undefined;
  #decompressor: Decompressor | undefined;

  constructor(
    parameters: DeflateParameters,
    options: PerMessageDeflateOptions,
    role: 'server' | 'client',
    maxPayload: number,
  ) {
    this.#parameters = parameters;
    this.#options = options;
    this.#role = role;
    this.#maxPayload = maxPayload;
  }

  #direction(from: 'server' | 'client') {
    const { serverNoContextTakeover, clientNoContextTakeover, serverMaxWindowBits, clientMaxWindowBits } =
      this.#parameters;
    return {
      noContextTakeover: from === 'server' ? serverNoContextTakeover : clientNoContextTakeover,
      maxWindowBits: from === 'server' ? serverMaxWindowBits : clientMaxWindowBits,
      concurrencyLimit: this.#options.concurrencyLimit ?? 10,
    };
  }

  get compressor(): Compressor {
    this.#compressor ??= new Compressor({
      ...this.#direction(this.#role),
      zlibOptions: this.#options.zlibDeflateOptions,
    });
    return this.#compressor;
  }

  get decompressor(): Decompressor {
    this.#decompressor ??= new Decompressor({
      ...this.#direction(this.#role === 'server' ? 'client' : 'server'),
      zlibOptions: this.#options.zlibInflateOptions,
      maxPayload: this.#maxPayload,
    });
    return this.#decompressor;
  }

  /** With a window even a short message gains; without, only from the threshold on. */
  isWorthwhile(data: string | Uint8Array): boolean {
    if (!this.#direction(this.#role).noContextTakeover) return true;
    const size = typeof data === 'string' ? Buffer.byteLength(data) : data.length;
    return size >= (this.#options.threshold ?? 1024);
  }
}
