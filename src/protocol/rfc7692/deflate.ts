// Messages in, compressed payloads out, and back (RFC 7692 §7.2). Short ones at once, long ones off the event loop.
import {
  constants,
  deflateRaw,
  deflateRawSync,
  inflateRaw,
  inflateRawSync,
  type ZlibOptions,
} from 'node:zlib';
import { messageTooBig } from '../rfc6455/frame-rules.ts';
import { ProtocolError } from '../rfc6455/protocol-error.ts';
import { type Inflated, Inflation, readingTail, tail } from './inflation.ts';
import { Limiter } from './limiter.ts';
import { SlidingWindow } from './sliding-window.ts';

/** Up to these sizes a call costs less than handing the work to another thread and back. */
const syncInput = 32 * 1024;
const syncOutput = 256 * 1024;

/** zlib looks through the whole dictionary for each message; nearly all the gain is in its last bytes. */
const longestDictionary = 8 * 1024;

/** A result, or undefined if it will be given to the callback later. */
export type Later<T> = T | undefined;
export type Callback<E extends Error = Error> = (error: E | null, result: Buffer) => void;

export interface CompressionSettings {
  readonly noContextTakeover: boolean;
  readonly maxWindowBits: number;
  /** Passed to zlib: `level`, `memLevel`, `strategy` and so on. */
  readonly zlibOptions?: ZlibOptions | undefined;
  /** How many long messages may be (de)compressed at a time, over all connections. */
  readonly concurrencyLimit: number;
}

/** Compresses one side's messages, in order. */
export class Compressor {
  readonly #settings: CompressionSettings;
  readonly #window: SlidingWindow | undefined;

  constructor(settings: CompressionSettings) {
    this.#settings = settings;
    if (!settings.noContextTakeover) {
      this.#window = new SlidingWindow(Math.min(2 ** settings.maxWindowBits, longestDictionary));
    }
  }

  /**
   * Compresses a message, or a fragment of one.
   *
   * @param fin whether it ends the message: then the flush's last four bytes are left out (§7.2.1)
   * @returns the payload, or undefined: then the callback gets it, and nothing else may be compressed until it does
   */
  compress(data: Uint8Array, fin: boolean, callback: Callback): Later<Buffer> {
    const options = this.#options(data.length);
    if (data.length <= syncInput) {
      const result = deflateRawSync(data, options);
      this.#window?.append(data);
      return finish(result, fin);
    }
    Limiter.shared(this.#settings.concurrencyLimit).run((done) =>
      deflateRaw(data, options, (error, result) => {
        done();
        if (error !== null) return callback(error, result);
        this.#window?.append(data);
        callback(null, finish(result, fin));
      }),
    );
    return undefined;
  }

  #options(length: number): ZlibOptions {
    const dictionary = this.#window?.content;
    return {
      chunkSize: Math.max(64, Math.min(length + 64, 64 * 1024)),
      ...this.#settings.zlibOptions,
      // zlib can't make a window of 8 bits and takes 9, but never refers back further than 9 bits less 262: 250 bytes.
      windowBits: this.#settings.maxWindowBits,
      finishFlush: constants.Z_SYNC_FLUSH,
      ...(dictionary && { dictionary }),
    };
  }
}

function finish(compressed: Buffer, fin: boolean): Buffer {
  return fin ? compressed.subarray(0, compressed.length - tail.length) : compressed;
}

export interface DecompressionSettings extends CompressionSettings {
  /** Largest message after decompression, in bytes; 0 for no limit. */
  readonly maxPayload: number;
}

/** Decompresses one side's messages, in order. */
export class Decompressor {
  readonly #settings: DecompressionSettings;
  readonly #window: SlidingWindow | undefined;

  constructor(settings: DecompressionSettings) {
    this.#settings = settings;
    if (!settings.noContextTakeover) this.#window = new SlidingWindow(2 ** settings.maxWindowBits);
  }

  /**
   * Decompresses a whole message. It stops at the limit, before memory for more is taken.
   *
   * @returns the message, or undefined: then the callback gets it, and nothing else may be decompressed until it does
   * @throws ProtocolError as the callback gets one: data that is not DEFLATE, or more than the limit
   */
  decompress(payload: Buffer, callback: Callback<ProtocolError>): Later<Buffer> {
    // A compressor that keeps its stream has nothing to flush when empty messages follow each other.
    if (payload.length === 0) return payload;
    const input = Buffer.concat([payload, readingTail]);
    const limit = this.#settings.maxPayload || Infinity;
    if (payload.length <= syncInput) {
      try {
        return this.#decompressNow(input, Math.min(limit, syncOutput));
      } catch (error) {
        if (!isTooLarge(error) || limit <= syncOutput) throw asProtocolError(error);
      }
    }
    Limiter.shared(this.#settings.concurrencyLimit).run((done) =>
      this.#decompressLater(input, limit, new Inflation(), (error, message) => {
        done();
        callback(error === null ? null : asProtocolError(error), message);
      }),
    );
    return undefined;
  }

  #decompressNow(input: Buffer, limit: number): Buffer {
    const inflation = new Inflation();
    do {
      const result = inflateRawSync(inflation.rest(input), this.#options(input.length, limit, inflation));
      inflation.add(result as unknown as Inflated, limit);
    } while (!inflation.isComplete(input));
    return this.#keep(inflation.message);
  }

  #decompressLater(input: Buffer, limit: number, inflation: Inflation, callback: Callback): void {
    inflateRaw(inflation.rest(input), this.#options(input.length, limit, inflation), (error, result) => {
      if (error !== null) return callback(error, result);
      try {
        inflation.add(result as unknown as Inflated, limit);
      } catch (excess) {
        return callback(excess as Error, result.subarray(0, 0));
      }
      if (inflation.isComplete(input)) callback(null, this.#keep(inflation.message));
      else this.#decompressLater(input, limit, inflation, callback);
    });
  }

  #options(length: number, limit: number, inflation: Inflation): ZlibOptions {
    const dictionary = inflation.dictionary(this.#window?.content);
    return {
      chunkSize: Math.max(1024, Math.min(4 * length, 64 * 1024)),
      ...this.#settings.zlibOptions,
      windowBits: this.#settings.maxWindowBits,
      info: true,
      ...(limit !== Infinity && { maxOutputLength: Math.max(1, limit - inflation.size) }),
      ...(dictionary && { dictionary }),
    };
  }

  #keep(message: Buffer): Buffer {
    this.#window?.append(message);
    return message;
  }
}

function isTooLarge(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
}

function asProtocolError(error: unknown): ProtocolError {
  if (error instanceof ProtocolError) return error;
  if (isTooLarge(error)) return messageTooBig();
  const reason = error instanceof Error ? error.message : String(error);
  return new ProtocolError('Z_DATA_ERROR', 'RFC 7692 §7.2.2', `Invalid compressed message: ${reason}`, {
    cause: error,
  });
}
