// Messages and control frames in, frames in the outbox out, in exactly the order they were given (RFC 6455 §5.4–§5.6).
import type { Duplex } from 'node:stream';
import { firstByte } from '../protocol/rfc6455/frame-encoder.ts';
import { Opcode } from '../protocol/rfc6455/opcode.ts';
import type { Deflate } from './deflate.ts';
import { writeFrame, writeText } from './frame-writer.ts';
import { joinLimit, Outbox, type SharedFrame, type WriteCallback } from './outbox.ts';
import type { ConnectionSettings } from './settings.ts';

/** How a message is to be sent, decided. */
export interface SendSettings {
  readonly binary: boolean;
  readonly compress: boolean;
  readonly fin: boolean;
  readonly mask: boolean;
}

/** All there can be, so that no message needs an object of its own. */
const allSettings: readonly SendSettings[] = Array.from({ length: 16 }, (_, bits) => ({
  binary: (bits & 1) !== 0,
  compress: (bits & 2) !== 0,
  fin: (bits & 4) !== 0,
  mask: (bits & 8) !== 0,
}));

export function sendSettings(binary: boolean, compress: boolean, fin: boolean, mask: boolean): SendSettings {
  return allSettings[(binary ? 1 : 0) | (compress ? 2 : 0) | (fin ? 4 : 0) | (mask ? 8 : 0)]!;
}

const wholeText = firstByte(Opcode.Text, true, false);

/** Something that waits until a compression or the reading of a Blob is done. */
interface Waiting {
  readonly size: number;
  readonly callback: WriteCallback | undefined;
  run(): void;
}

/** The connection a sender works for. */
export interface SenderHost {
  readonly socket: Duplex;
  readonly settings: ConnectionSettings;
  readonly deflate: Deflate | undefined;
  /** Work off the event loop is done, and nothing waits behind it any more. */
  onUnblocked(): void;
  /** The socket has taken all; only if somebody waits for that and it does not say so itself. */
  onDrain(): void;
}

export class Sender {
  readonly #host: SenderHost;
  readonly #outbox: Outbox;
  /** What waits behind the present work off the event loop; undefined when there is none. */
  #waiting: Waiting[] | undefined;
  #waitingSize = 0;
  /** State of a message that is sent in fragments (`fin: false`). */
  #inMessage = false;
  /** Whether frames that others send as well may be added past this sender while nothing is under way. */
  #shares: boolean;
  #compressing = false;
  #dropping = false;
  /** What waits until the message under way is complete. */
  #behindMessage: (() => void)[] | undefined;
  #pongs = 0;
  #heldPong: Uint8Array | undefined;

  constructor(host: SenderHost) {
    this.#host = host;
    this.#outbox = new Outbox(host.socket);
    // A limit that a few frames could reach has to be looked at before each of them.
    const { mask, maxBufferedAmount } = host.settings;
    this.#shares =
      host.deflate === undefined && !mask && (maxBufferedAmount === 0 || maxBufferedAmount > 2 * joinLimit);
    this.#letShare();
  }

  #letShare(): void {
    this.#outbox.takesShared = this.#shares && !this.#inMessage && this.#waiting === undefined;
  }

  /** To be called when nothing more may be sent but the close frame. */
  stopSharing(): void {
    this.#shares = false;
    this.#letShare();
  }

  get outbox(): Outbox {
    return this.#outbox;
  }

  /** Bytes that have not gone to the system yet. */
  get bufferedAmount(): number {
    return this.#outbox.waiting + this.#waitingSize;
  }

  /** Whether the peer has so much waiting that a further message meets the policy for slow clients. */
  get isOverfull(): boolean {
    const { maxBufferedAmount } = this.#host.settings;
    if (maxBufferedAmount === 0 || this.bufferedAmount <= maxBufferedAmount) return false;
    // What only waits for others to leave with is no sign of a slow peer.
    this.#outbox.flush();
    return this.bufferedAmount > maxBufferedAmount;
  }

  /** Whether nothing should be read from the peer until it has read more. */
  get isAboveHighWaterMark(): boolean {
    // What is in neither of these has been written at once, or soon will be: the usual case, and a hot one.
    if (this.#waiting === undefined && !this.#outbox.isLarge) return false;
    const { highWaterMark } = this.#host.settings;
    if (highWaterMark === 0 || this.bufferedAmount <= highWaterMark) return false;
    this.#outbox.flush();
    return this.#waitingSize > highWaterMark || this.#outbox.isAbove(highWaterMark);
  }

  /**
   * Sends a message or a fragment of one.
   *
   * @returns false if it was left out because the peer is too slow; then the callback is not called
   */
  message(data: string | Uint8Array | Blob, how: SendSettings, callback: WriteCallback | undefined): boolean {
    // A message that has begun goes on, and one whose beginning was left out is left out to its end.
    if (!this.#inMessage) this.#dropping = this.isOverfull;
    const first = !this.#inMessage;
    this.#inMessage = !how.fin;
    if (!first || !how.fin) this.#letShare();
    if (this.#dropping) this.#askForDrain();
    else this.#inTurn(data, first, how, callback);
    if (how.fin) this.#messageEnded();
    return !this.#dropping;
  }

  /** Sends a text with the usual settings if nothing stands in its way; else does nothing and returns false. */
  tryText(text: string): boolean {
    const outbox = this.#outbox;
    // As with shared frames; and what is not large is below every limit.
    if (!outbox.takesShared || outbox.isLarge) return false;
    writeText(outbox, wholeText, text);
    return true;
  }

  #inTurn(
    data: string | Uint8Array | Blob,
    first: boolean,
    how: SendSettings,
    callback: WriteCallback | undefined,
  ): void {
    if (typeof data !== 'string' && !(data instanceof Uint8Array)) {
      this.#inOrder(data.size, callback, () => this.#readBlob(data, first, how, callback));
    } else if (this.#waiting === undefined) {
      this.#sendData(data, first, how, callback);
    } else {
      const size = typeof data === 'string' ? Buffer.byteLength(data) : data.length;
      this.#inOrder(size, callback, () => this.#sendData(data, first, how, callback));
    }
  }

  /** Whether a message has begun whose last fragment has not been sent. */
  get isInMessage(): boolean {
    return this.#inMessage;
  }

  /** Does something when the message under way is complete: nothing may come between its fragments but control frames (§5.4). */
  afterMessage(run: () => void): void {
    this.#behindMessage ??= [];
    this.#behindMessage.push(run);
  }

  #messageEnded(): void {
    const waiting = this.#behindMessage;
    if (waiting === undefined) return;
    this.#behindMessage = undefined;
    for (const run of waiting) run();
  }

  /** Sends a ping or a pong. */
  control(opcode: number, payload: Uint8Array, mask: boolean, callback: WriteCallback | undefined): void {
    this.#inOrder(payload.length, callback, () =>
      this.#write(firstByte(opcode, true, false), payload, mask, callback),
    );
  }

  /** Answers a ping. When many answers wait for a peer that doesn't read, only the last of the rest is sent (§5.5.3). */
  pong(payload: Uint8Array): void {
    if (!this.#outbox.isBacklogged) this.#pongs = 0;
    const { maxPendingPongs, mask } = this.#host.settings;
    if (++this.#pongs <= maxPendingPongs || maxPendingPongs === 0) {
      this.control(Opcode.Pong, payload, mask, undefined);
    } else {
      if (this.#heldPong === undefined) this.#askForDrain();
      this.#heldPong = payload;
    }
  }

  #askForDrain(): void {
    const host = this.#host;
    this.#outbox.whenDrained(() => host.onDrain());
  }

  /** To be called when the socket has taken all it was given. */
  drained(): void {
    this.#pongs = 0;
    const payload = this.#heldPong;
    this.#heldPong = undefined;
    if (payload !== undefined) this.pong(payload);
  }

  /** Sends a close frame behind all else, and calls back at once when that has gone to the socket. */
  close(payload: Uint8Array, sent: () => void): void {
    this.#inOrder(payload.length, undefined, () => {
      this.#write(firstByte(Opcode.Close, true, false), payload, this.#host.settings.mask, undefined);
      this.#outbox.flush();
      sent();
    });
  }

  /** Sends a frame that others send as well. */
  shared(frame: SharedFrame, callback: WriteCallback | undefined): void {
    if (this.#waiting === undefined) this.#appendShared(frame, callback);
    else this.#inOrder(frame.size, callback, () => this.#appendShared(frame, callback));
  }

  #appendShared(frame: SharedFrame, callback: WriteCallback | undefined): void {
    this.#outbox.appendShared(frame);
    if (callback !== undefined) this.#outbox.whenWritten(callback);
  }

  /** Gives up what waits: the socket is gone. */
  abandon(error: Error): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    this.#waitingSize = 0;
    for (const { callback } of waiting) if (callback) process.nextTick(callback, error);
  }

  #inOrder(size: number, callback: WriteCallback | undefined, run: () => void): void {
    if (this.#waiting === undefined) {
      run();
      return;
    }
    this.#waiting.push({ size, callback, run });
    this.#waitingSize += size;
  }

  /** Holds back all else until `#continue`. */
  #block(size: number, callback: WriteCallback | undefined): void {
    this.#waiting = [{ size, callback, run() {} }];
    this.#waitingSize += size;
    this.#letShare();
  }

  /** Goes on behind the work off the event loop, whose result `run` sends; nothing if the socket is gone by now. */
  #continue(run: () => void): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#waiting = undefined;
    this.#waitingSize -= waiting[0]!.size;
    run();
    for (let i = 1; i < waiting.length; i++) {
      // One of them may have begun new work: the rest waits behind that.
      if (this.#waiting !== undefined) {
        (this.#waiting as Waiting[]).push(...waiting.slice(i));
        return;
      }
      this.#waitingSize -= waiting[i]!.size;
      waiting[i]!.run();
    }
    this.#letShare();
    this.#host.onUnblocked();
  }

  #readBlob(blob: Blob, first: boolean, how: SendSettings, callback: WriteCallback | undefined): void {
    this.#block(blob.size, callback);
    blob.arrayBuffer().then(
      (data) => this.#continue(() => this.#sendData(new Uint8Array(data), first, how, callback)),
      (error: Error) => this.#continue(() => callback && process.nextTick(callback, error)),
    );
  }

  #sendData(
    data: string | Uint8Array,
    first: boolean,
    how: SendSettings,
    callback: WriteCallback | undefined,
  ): void {
    const deflate = this.#host.deflate;
    if (first) this.#compressing = how.compress && deflate?.isWorthwhile(data) === true;
    const opcode = first ? (how.binary ? Opcode.Binary : Opcode.Text) : Opcode.Continuation;
    const header = firstByte(opcode, how.fin, first && this.#compressing);
    if (!this.#compressing) {
      this.#write(header, data, how.mask, callback);
      return;
    }
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    const compressed = deflate!.compressor.compress(bytes, how.fin, (error, result) =>
      this.#continue(() => {
        if (error === null) this.#write(header, result, how.mask, callback);
        else callback?.(error);
      }),
    );
    if (compressed !== undefined) this.#write(header, compressed, how.mask, callback);
    else this.#block(bytes.length, callback);
  }

  #write(
    header: number,
    payload: string | Uint8Array,
    mask: boolean,
    callback: WriteCallback | undefined,
  ): void {
    writeFrame(this.#outbox, header, payload, mask);
    if (callback !== undefined) this.#outbox.whenWritten(callback);
  }
}
