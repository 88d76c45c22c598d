// Chunks of a socket in; messages, pings, pongs and the end of the connection out, one at a time and only when wanted.
import { isUtf8 } from 'node:buffer';
import { type CloseReason, decodeClose } from '../protocol/rfc6455/close-frame.ts';
import { Found, FrameParser } from '../protocol/rfc6455/frame-parser.ts';
import { invalidUtf8, MessageAssembler } from '../protocol/rfc6455/message-assembler.ts';
import { Opcode } from '../protocol/rfc6455/opcode.ts';
import { ProtocolError } from '../protocol/rfc6455/protocol-error.ts';
import type { Deflate } from './deflate.ts';
import type { ConnectionSettings } from './settings.ts';

/** The connection a receiver works for. */
export interface ReceiverHost {
  readonly settings: ConnectionSettings;
  readonly deflate: Deflate | undefined;
  /** Whether an event may be given out now: not paused, not waiting for the peer to read. */
  mayReceive(): boolean;
  /** Whether the frames of messages are wanted apart. */
  wantsFragments(): boolean;
  /** Whether texts are wanted as strings. */
  wantsText(): boolean;
  onText(text: string): void;
  onMessage(payload: Buffer, isBinary: boolean, boundaries: number[] | undefined): void;
  onPing(payload: Buffer): void;
  onPong(payload: Buffer): void;
  onClose(code: number, reason: Buffer): void;
  onFailure(error: ProtocolError): void;
  /** After each turn: whether more input is welcome. */
  onFlow(flowing: boolean): void;
  /** All input has been given out, after `finish`. */
  onFinished(): void;
}

/** Receivers of connections that have nothing under way, to be used again: a connection at rest has none. */
const spare: Receiver[] = [];
const mostSpare = 64;

export class Receiver {
  #host: ReceiverHost | undefined;
  readonly #messages: MessageAssembler;
  readonly #frames: FrameParser;
  /** What the last `#read` found, if it was a compressed message: as it was before. */
  #inflated: Buffer | undefined;
  /** The same, while it waits to be found. */
  #decompressed: Buffer | undefined;
  #close: CloseReason | undefined;
  /** A message is being decompressed off the event loop, or the next event waits for a tick of its own. */
  #waiting = false;
  #running = false;
  /** No more input will come: what there is must be given out, paused or not. */
  #finishing = false;
  /** A close frame or a failure: what comes behind it is discarded (§5.5.1, §7.1.7). */
  #ended = false;

  static for(host: ReceiverHost): Receiver {
    const receiver = spare.pop() ?? new Receiver(host);
    receiver.#serve(host);
    return receiver;
  }

  private constructor(host: ReceiverHost) {
    this.#frames = new FrameParser(host.settings.plainRules);
    this.#messages = new MessageAssembler(this.#frames);
  }

  #serve(host: ReceiverHost): void {
    const { settings, deflate } = host;
    this.#host = host;
    this.#frames.rules = deflate === undefined ? settings.plainRules : settings.deflateRules;
    this.#messages.skipUTF8Validation = settings.skipUTF8Validation;
  }

  /** Gives the receiver back if nothing is under way; the connection then must forget it. */
  releaseIfIdle(): boolean {
    if (this.#waiting || this.#running || this.#ended || this.#finishing || !this.#messages.isIdle)
      return false;
    this.#host = undefined;
    this.#inflated = undefined;
    this.#messages.forget();
    if (spare.length < mostSpare) spare.push(this);
    return true;
  }

  /** Takes a chunk, which is the receiver's to change, and gives out what it holds. */
  push(chunk: Buffer): void {
    if (this.#ended) return;
    this.#frames.push(chunk);
    this.run();
  }

  /** No more input will come: gives out all there is, paused or not, then `onFinished`. */
  finish(): void {
    this.#finishing = true;
    this.run();
  }

  /** Goes on giving out events for as long as they are wanted. */
  run(): void {
    const host = this.#host;
    if (this.#running || this.#waiting || host === undefined) return;
    this.#running = true;
    this.#messages.keepBoundaries = host.wantsFragments();
    this.#messages.wantsText = host.wantsText();
    let threw = true;
    try {
      while (this.#step(host));
      threw = false;
    } finally {
      this.#running = false;
      // A listener that throws ends this turn, but loses nobody the events behind its own.
      if (threw) this.#runLater(host);
    }
    if (this.#finishing) {
      if (!this.#waiting) host.onFinished();
    } else {
      host.onFlow(this.#ended || (!this.#waiting && host.mayReceive()));
    }
  }

  /** Through the stream an exception goes, too, which then would not go on with what it has read. */
  #runLater(host: ReceiverHost): void {
    host.onFlow(false);
    setImmediate(() => this.run());
  }

  /** Gives out the next event; false if there is none, or not now. */
  #step(host: ReceiverHost): boolean {
    if (this.#ended || this.#waiting || !(this.#finishing || host.mayReceive())) return false;
    const found = this.#read(host);
    if (found === Found.Nothing) return false;
    if (!host.settings.allowSynchronousEvents) this.#waitForNextTurn();
    if (found === Found.Message) {
      this.#giveMessage(host);
    } else if (this.#close !== undefined) {
      this.#ended = true;
      host.onClose(this.#close.code, this.#close.reason);
    } else if (this.#frames.opcode === Opcode.Ping) {
      host.onPing(this.#frames.payload);
    } else {
      host.onPong(this.#frames.payload);
    }
    return true;
  }

  #giveMessage(host: ReceiverHost): void {
    const messages = this.#messages;
    const inflated = this.#inflated;
    const isBinary = messages.opcode === Opcode.Binary;
    if (messages.text !== undefined) host.onText(messages.text);
    else if (inflated === undefined) host.onMessage(messages.payload, isBinary, messages.boundaries);
    else if (isBinary || !messages.wantsText) host.onMessage(inflated, isBinary, undefined);
    else host.onText(inflated.toString());
  }

  /** Finds the next event. This is the one place where an error of the protocol is caught. */
  #read(host: ReceiverHost): Found {
    try {
      const found = this.#decompressed === undefined ? this.#messages.next() : Found.Message;
      if (found === Found.Message && !this.#takeMessage(host)) return Found.Nothing;
      if (found === Found.Control && this.#frames.opcode === Opcode.Close) {
        this.#close = decodeClose(this.#frames.payload, host.settings.skipUTF8Validation);
      }
      return found;
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#fail(host, error);
      return Found.Nothing;
    }
  }

  /** Inflates the message if it is compressed; false if that has to be waited for. */
  #takeMessage(host: ReceiverHost): boolean {
    const messages = this.#messages;
    this.#inflated = this.#decompressed;
    this.#decompressed = undefined;
    if (!messages.compressed) return true;
    this.#inflated ??= this.#decompress(host, messages.payload);
    if (this.#inflated === undefined) return false;
    const checkText = messages.opcode === Opcode.Text && !host.settings.skipUTF8Validation;
    if (checkText && !isUtf8(this.#inflated)) throw invalidUtf8();
    return true;
  }

  #decompress(host: ReceiverHost, payload: Buffer): Buffer | undefined {
    const message = host.deflate!.decompressor.decompress(payload, (error, result) => {
      this.#waiting = false;
      if (error === null) this.#decompressed = result;
      else this.#fail(host, error);
      this.run();
    });
    if (message === undefined) this.#waiting = true;
    return message;
  }

  #fail(host: ReceiverHost, error: ProtocolError): void {
    this.#ended = true;
    host.onFailure(error);
  }

  #waitForNextTurn(): void {
    this.#waiting = true;
    setImmediate(() => {
      this.#waiting = false;
      this.run();
    });
  }
}
