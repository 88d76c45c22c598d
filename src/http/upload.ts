// Reads the body of a request, which may be too long, too slow or cut off: its bytes out, or the reason why there are none.
import type { IncomingMessage } from 'node:http';

export interface UploadHost {
  onBody(body: Buffer): void;
  /** Said as soon as the body exceeds the limit; the rest of it is thrown away. */
  onTooLarge(): void;
  /** The connection broke. */
  onCutOff(): void;
}

/** How many times the limit is read, and forgotten, so that an honest client gets to see the refusal. */
const patience = 16;

export class Upload {
  readonly #req: IncomingMessage;
  readonly #host: UploadHost;
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #size = 0;

  /** @param limit in bytes */
  constructor(req: IncomingMessage, limit: number, host: UploadHost) {
    this.#req = req;
    this.#limit = limit;
    this.#host = host;
    req.on('data', this.#onData).on('end', this.#onEnd).on('close', this.#onClose);
  }

  readonly #onData = (chunk: Buffer): void => {
    const before = this.#size;
    this.#size += chunk.length;
    if (this.#size <= this.#limit) {
      this.#chunks.push(chunk);
    } else if (before <= this.#limit) {
      this.#chunks = [];
      this.#ended();
      this.#host.onTooLarge();
    } else if (this.#size > this.#limit * patience) {
      this.#req.destroy();
    }
  };

  readonly #onEnd = (): void => {
    this.#ended();
    this.#host.onBody(Buffer.concat(this.#chunks, this.#size));
  };

  readonly #onClose = (): void => {
    this.#ended();
    this.#host.onCutOff();
  };

  #ended(): void {
    this.#req.off('end', this.#onEnd).off('close', this.#onClose);
  }

  /** Nobody wants it any more: ends its connection. The host is told nothing. */
  cancel(): void {
    this.#ended();
    this.#req.destroy();
  }
}
