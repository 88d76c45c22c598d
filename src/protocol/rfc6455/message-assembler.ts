// Pieces of data frames in, whole messages out: joined in one buffer, text checked as it arrives (RFC 6455 §5.4, §8.1).
import { constants, isUtf8 } from 'node:buffer';
import { Found, type FrameParser } from './frame-parser.ts';
import { messageTooBig } from './frame-rules.ts';
import { nonAscii } from './mask.ts';
import { Opcode } from './opcode.ts';
import { frameError } from './protocol-error.ts';
import { giveSpare, takeSpare } from './spare-chunks.ts';
import { Utf8Validator } from './utf8.ts';

/** Memory is taken for this much of an announced length at once; for more, only in proportion to what has arrived. */
const believed = 64 * 1024;
const growth = 16;

const noBytes = Buffer.alloc(0);

/** Joins one message at a time. Its number of frames costs no memory, an announced length only what has arrived. */
export class MessageAssembler {
  readonly frames: FrameParser;

  /** After `Found.Message`: the message, which is still compressed if `compressed` says so. */
  payload: Buffer = noBytes;
  /** The message, in place of `payload`, if `wantsText` was set and it is text and not compressed. */
  text: string | undefined;
  opcode: number = Opcode.Text;
  compressed = false;
  /** Where each of its frames ends, if `keepBoundaries` was set when it began and it came in several pieces. */
  boundaries: number[] | undefined;

  keepBoundaries = false;
  /** Whether texts are wanted as strings. */
  wantsText = false;
  /** Whether text is taken unchecked. */
  skipUTF8Validation = false;

  #buffer: Buffer | undefined;
  #length = 0;
  #validator: Utf8Validator | undefined;

  constructor(frames: FrameParser) {
    this.frames = frames;
  }

  /** Whether nothing is under way: no unread input, no frame and no message begun. */
  get isIdle(): boolean {
    return this.#buffer === undefined && this.frames.isIdle;
  }

  /** Lets go of the last message and chunk. */
  forget(): void {
    this.payload = noBytes;
    this.text = undefined;
    this.boundaries = undefined;
    this.frames.forget();
  }

  /**
   * Reads on to the next message (`payload`) or control frame (`frames.payload`, `frames.opcode`).
   *
   * @throws ProtocolError as the parser does, and for text that is not UTF-8 at its first bad byte, though frame and
   * message be unfinished.
   */
  next(): Found {
    for (;;) {
      const found = this.frames.next();
      if (found !== Found.Piece) return found;
      if (this.#add(this.frames)) return Found.Message;
    }
  }

  #add(frames: FrameParser): boolean {
    const last = frames.endsFrame && frames.fin;
    const checkText =
      frames.messageOpcode === Opcode.Text && !frames.messageCompressed && !this.skipUTF8Validation;
    if (last && this.#buffer === undefined) {
      this.#takeWhole(frames, checkText);
      return true;
    }
    if (checkText) this.#check(frames, last);
    this.#append(frames);
    if (last) this.#finish(this.#buffer!.subarray(0, this.#length));
    return last;
  }

  /** A message that lies in one chunk. */
  #takeWhole(frames: FrameParser, checkText: boolean): void {
    const { bytes, start, end } = frames;
    const isAscii = (frames.highBits & nonAscii) === 0;
    this.boundaries = undefined;
    if (this.wantsText && checkText && isAscii) {
      this.#end();
      this.text = bytes.toString('latin1', start, end);
      return;
    }
    const payload = bytes.subarray(start, end);
    frames.handedOut = true;
    if (checkText && !isAscii && !isUtf8(payload)) throw invalidUtf8();
    this.#finish(payload);
  }

  #finish(payload: Buffer): void {
    this.payload = payload;
    this.#end();
    const isText = this.wantsText && this.opcode === Opcode.Text && !this.compressed;
    this.text = isText ? payload.toString() : undefined;
  }

  #end(): void {
    this.opcode = this.frames.messageOpcode;
    this.compressed = this.frames.messageCompressed;
    this.frames.endMessage();
    this.#buffer = undefined;
    this.#length = 0;
    this.#validator = undefined;
  }

  #check(frames: FrameParser, last: boolean): void {
    this.#validator ??= new Utf8Validator();
    const valid = this.#validator.push(frames.bytes, frames.start, frames.end);
    if (!valid || (last && !this.#validator.complete)) throw invalidUtf8();
  }

  #append(frames: FrameParser): void {
    const size = frames.end - frames.start;
    const length = this.#length + size;
    if (this.#buffer === undefined) {
      this.boundaries = this.keepBoundaries && !frames.messageCompressed ? [] : undefined;
      this.#buffer = allocate(Math.max(length, Math.min(frames.messageLength, believed)));
    } else if (length > this.#buffer.length) {
      this.#grow(length, frames.messageLength, frames.fin);
    }
    frames.bytes.copy(this.#buffer, this.#length, frames.start, frames.end);
    this.#length = length;
    if (!frames.handedOut && frames.end === frames.bytes.length) giveSpare(frames.bytes);
    if (frames.endsFrame) this.boundaries?.push(length);
  }

  /** In steps that keep copying in proportion to the message, and not past what an unfinished frame announced. */
  #grow(needed: number, announced: number, isLast: boolean): void {
    const more = isLast ? announced : Math.max(announced, 2 * needed);
    const size = Math.min(growth * this.#buffer!.length, more);
    const grown = allocate(Math.max(needed, Math.min(size, constants.MAX_LENGTH)));
    this.#buffer!.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }
}

function allocate(size: number): Buffer {
  if (size > constants.MAX_LENGTH) throw messageTooBig();
  return takeSpare(size) ?? Buffer.allocUnsafe(size);
}

/** §8.1: an endpoint that finds text not to be UTF-8 MUST fail the connection. */
export function invalidUtf8(): Error {
  return frameError('WS_ERR_INVALID_UTF8', 'RFC 6455 §8.1', 'invalid UTF-8 sequence');
}
