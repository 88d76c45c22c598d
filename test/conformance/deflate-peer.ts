// The client's half of permessage-deflate (RFC 7692 §7.2): compresses and decompresses messages by the parameters agreed on.
import { constants, deflateRawSync, inflateRawSync, type ZlibOptions } from 'node:zlib';

const windowSize = 32768;
const tail = Buffer.from([0x00, 0x00, 0xff, 0xff]);

export class DeflatePeer {
  readonly #parameters: Map<string, string>;
  /** What a context carries from message to message: the last bytes that went through it (RFC 7692 §7.1.1). */
  #sent: Buffer = Buffer.alloc(0);
  #got: Buffer = Buffer.alloc(0);

  constructor(parameters: Map<string, string>) {
    this.#parameters = parameters;
  }

  #bits(name: string): number {
    return Number(this.#parameters.get(name) || 15);
  }

  compress(data: Buffer, options: ZlibOptions = {}): Buffer {
    const context = this.#sent.length > 0 ? { dictionary: this.#sent } : {};
    // zlib has no window of 256 bytes; the one of 512 never looks back further than 250.
    const windowBits = Math.max(9, this.#bits('client_max_window_bits'));
    const settings = { windowBits, finishFlush: constants.Z_SYNC_FLUSH, ...context, ...options };
    const block = deflateRawSync(data, settings);
    if (!this.#parameters.has('client_no_context_takeover')) this.#sent = lastWindow(this.#sent, data);
    return block.subarray(-4).equals(tail) ? block.subarray(0, -4) : block;
  }

  decompress(payload: Buffer): Buffer {
    const context = this.#got.length > 0 ? { dictionary: this.#got } : {};
    const windowBits = this.#bits('server_max_window_bits');
    // zlib checks distances against its window only from one piece of output to the next: small pieces make it strict.
    const chunkSize = windowBits < 15 ? 64 : 16384;
    const data = inflateRawSync(Buffer.concat([payload, tail]), {
      windowBits,
      chunkSize,
      finishFlush: constants.Z_SYNC_FLUSH,
      ...context,
    });
    if (!this.#parameters.has('server_no_context_takeover')) this.#got = lastWindow(this.#got, data);
    return data;
  }
}

function lastWindow(before: Buffer, data: Buffer): Buffer {
  return data.length >= windowSize
    ? data.subarray(-windowSize)
    : Buffer.concat([before, data]).subarray(-windowSize);
}
