// Frames of one direction in, as they were on the wire; compressed messages, inflated with the connection's window, out (RFC 7692 §7.2.2).
import { dissect } from '../../protocol/rfc6455/dissection.ts';
import { parseExtensions } from '../../protocol/rfc6455/header-list.ts';
import { isControl, Opcode } from '../../protocol/rfc6455/opcode.ts';
import { Decompressor } from '../../protocol/rfc7692/deflate.ts';
import type { Side } from '../../websocket/index.ts';

type Found = (message: Buffer, compressed: number) => void;

const mostInflated = 1024 * 1024;

export class MessageInflater {
  readonly #decompressor: Decompressor;
  /** Payloads of the compressed message under way. */
  #parts: Uint8Array[] | undefined;
  /** What waits for the message before it. */
  readonly #waiting: (() => void)[] = [];
  #busy = false;
  /** A message could not be read; without it those behind can't be either. */
  #lost = false;

  private constructor(noContextTakeover: boolean, maxWindowBits: number) {
    this.#decompressor = new Decompressor({
      noContextTakeover,
      maxWindowBits,
      maxPayload: mostInflated,
      concurrencyLimit: 10,
    });
  }

  /** One for each side, by what the response agreed to; undefined if that is not permessage-deflate. */
  static pair(extensions: string): Record<Side, MessageInflater> | undefined {
    if (extensions === '') return undefined;
    const { parameters } = parseExtensions(extensions)[0]!;
    const of = (side: Side) =>
      new MessageInflater(
        parameters.has(`${side}_no_context_takeover`),
        Number(parameters.get(`${side}_max_window_bits`)?.[0] ?? 15),
      );
    return { client: of('client'), server: of('server') };
  }

  /** @param length how long the frame was; if it was not kept whole, nothing can be read from then on */
  add(frame: Uint8Array, length: number, found: Found): void {
    const { opcode, rsv1, fin, payload } = dissect(frame);
    if (this.#lost || isControl(opcode)) return;
    if (opcode !== Opcode.Continuation) this.#parts = rsv1 ? [] : undefined;
    if (this.#parts === undefined) return;
    if (frame.length < length) {
      this.#lost = true;
      return;
    }
    this.#parts.push(payload);
    if (!fin) return;
    const compressed = Buffer.concat(this.#parts);
    this.#parts = undefined;
    this.#waiting.push(() => this.#inflate(compressed, found));
    this.#goOn();
  }

  #goOn(): void {
    while (!this.#busy && !this.#lost && this.#waiting.length > 0) this.#waiting.shift()!();
  }

  #inflate(compressed: Buffer, found: Found): void {
    try {
      const message = this.#decompressor.decompress(compressed, (error, later) => {
        this.#busy = false;
        if (error === null) found(later, compressed.length);
        else this.#lost = true;
        this.#goOn();
      });
      if (message === undefined) this.#busy = true;
      else found(message, compressed.length);
    } catch {
      // What is wrong with it, the connection's own reader says with its close code.
      this.#lost = true;
    }
  }
}
