// Bytes in, cut anywhere; pieces of data frames and whole control frames out, checked and unmasked (RFC 6455 §5).
import { FIN, headerLength, LENGTH, LENGTH_16, maxHeaderLength, OPCODE, RSV1 } from './frame-header.ts';
import { checkChunks, checkFirstBytes, checkLimits, type FrameRules, readLength } from './frame-rules.ts';
import { mask, readMaskingKey, rotateMaskingKey, viewOf } from './mask.ts';
import { isControl, Opcode } from './opcode.ts';
import { usualHeader, usualLength } from './usual-frame.ts';

/** What `next` found, of `FrameParser` and of the `MessageAssembler` above it. */
export const Found = {
  /** All input is used up: `push` more. */
  Nothing: 0,
  /** A piece of a data frame, which may be all of it: `bytes[start, end)`. */
  Piece: 1,
  /** A whole control frame: `payload`. */
  Control: 2,
  /** A whole message (never of `FrameParser` itself). */
  Message: 3,
} as const;
export type Found = (typeof Found)[keyof typeof Found];

const noBytes = Buffer.alloc(0);

/**
 * A state machine that is fed chunks and asked for what they hold. The result is the same however the bytes are cut.
 * It owns the chunks it is given: payloads are unmasked in place and handed on without a copy.
 */
export class FrameParser {
  /** May be replaced while the parser `isIdle`, to serve another connection. */
  rules: FrameRules;

  /** The frame under way: its header. */
  opcode: number = Opcode.Continuation;
  fin = false;
  payloadLength = 0;

  /** The message under way; `messageOpcode` is 0 outside of one. */
  messageOpcode: number = Opcode.Continuation;
  messageCompressed = false;
  /** Bytes announced by the message's frames up to the present one. */
  messageLength = 0;

  /** After `Found.Piece`: where it lies, and whether it begins and ends its frame. */
  bytes: Buffer = noBytes;
  start = 0;
  end = 0;
  beginsFrame = false;
  endsFrame = false;
  /** Has no bit of `nonAscii` if and only if the piece is all ASCII. */
  highBits = 0;

  /** After `Found.Control`: the payload, and `opcode` says of what. */
  payload: Buffer = noBytes;

  /** Whether anybody was handed a part of the chunk that `bytes` is; otherwise it is free when it is used up. */
  handedOut = false;

  #chunk: Buffer = noBytes;
  #at = 0;
  #view: DataView | undefined;
  #key = 0;
  /** Payload bytes of the frame that are still to come, or -1 between frames. */
  #owed = -1;
  #fragments = 0;
  #pieces = 0;
  /** A header or control payload that comes in several chunks. */
  #gathered: Buffer | undefined;
  #gatheredLength = 0;

  constructor(rules: FrameRules) {
    this.rules = rules;
  }

  /** Lets go of the last chunk and what was found in it. */
  forget(): void {
    this.bytes = noBytes;
    this.payload = noBytes;
    this.#chunk = noBytes;
    this.#view = undefined;
    this.#at = 0;
  }

  /** Whether nothing is under way: no unread input, no frame and no message begun. */
  get isIdle(): boolean {
    return !this.hasInput && this.#owed < 0 && this.#gatheredLength === 0 && this.messageOpcode === 0;
  }

  /** Whether there is input that `next` has not looked at. */
  get hasInput(): boolean {
    return this.#at < this.#chunk.length;
  }

  /** Adds input. What an earlier `next` left unread stays before it. */
  push(chunk: Buffer): void {
    this.#chunk = this.hasInput ? Buffer.concat([this.#chunk.subarray(this.#at), chunk]) : chunk;
    this.#at = 0;
    this.handedOut = false;
    this.#view = this.rules.expectMask ? viewOf(this.#chunk) : undefined;
  }

  /**
   * Reads on to the next piece or control frame.
   *
   * @throws ProtocolError at the first byte that breaks a rule; the parser is of no use afterwards.
   */
  next(): Found {
    if (this.#owed < 0) {
      if (this.#readUsual()) return Found.Piece;
      if (!this.#readHeader()) return Found.Nothing;
    }
    return isControl(this.opcode) ? this.#readControl() : this.#readPiece();
  }

  #readUsual(): boolean {
    if (this.#gatheredLength > 0 || this.messageOpcode !== 0) return false;
    const chunk = this.#chunk;
    const at = this.#at;
    const length = usualLength(chunk, at, this.rules);
    if (length < 0) return false;
    const start = at + usualHeader;
    const end = start + length;
    this.opcode = chunk[at]! & OPCODE;
    this.messageOpcode = this.opcode;
    this.messageCompressed = false;
    this.fin = true;
    this.payloadLength = length;
    this.highBits = mask(chunk, start, end, readMaskingKey(chunk, at + 2), this.#view);
    this.bytes = chunk;
    this.start = start;
    this.end = end;
    this.beginsFrame = true;
    this.endsFrame = true;
    this.#at = end;
    return true;
  }

  #readHeader(): boolean {
    const chunk = this.#chunk;
    const at = this.#at;
    const available = chunk.length - at;
    if (this.#gatheredLength === 0 && available >= 2) {
      const length = headerLength(chunk[at + 1]!);
      if (available >= length) {
        this.#at = at + length;
        this.#begin(chunk[at]!, chunk[at + 1]!);
        this.#readLengthAndKey(chunk, at);
        return true;
      }
    }
    return available > 0 && this.#gatherHeader();
  }

  #gatherHeader(): boolean {
    this.#gathered ??= Buffer.allocUnsafe(maxHeaderLength);
    const header = this.#gathered;
    while (this.#at < this.#chunk.length) {
      header[this.#gatheredLength++] = this.#chunk[this.#at++]!;
      if (this.#gatheredLength === 2) this.#begin(header[0]!, header[1]!);
      if (this.#gatheredLength >= 2 && this.#gatheredLength === headerLength(header[1]!)) {
        this.#gathered = undefined;
        this.#gatheredLength = 0;
        this.#readLengthAndKey(header, 0);
        return true;
      }
    }
    return false;
  }

  #begin(first: number, second: number): void {
    checkFirstBytes(first, second, this.rules, this.messageOpcode !== 0);
    const opcode = first & OPCODE;
    this.opcode = opcode;
    this.fin = (first & FIN) !== 0;
    if (opcode === Opcode.Text || opcode === Opcode.Binary) {
      this.messageOpcode = opcode;
      this.messageCompressed = (first & RSV1) !== 0;
    }
  }

  #readLengthAndKey(header: Buffer, at: number): void {
    const short = header[at + 1]! & LENGTH;
    const length = short < LENGTH_16 ? short : readLength(header, at);
    if (this.rules.expectMask) {
      const key = at + (short < LENGTH_16 ? 2 : short === LENGTH_16 ? 4 : 10);
      this.#key = readMaskingKey(header, key);
    }
    this.payloadLength = length;
    this.#owed = length;
    this.#pieces = 0;
    if (!isControl(this.opcode)) this.#countFrame(length);
  }

  #countFrame(length: number): void {
    this.messageLength += length;
    this.#fragments++;
    checkLimits(this.messageLength, this.#fragments, this.rules);
  }

  #readPiece(): Found {
    const chunk = this.#chunk;
    const start = this.#at;
    const owed = this.#owed;
    const size = Math.min(owed, chunk.length - start);
    if (size === 0 && owed > 0) return Found.Nothing;
    const end = start + size;
    this.highBits = this.rules.expectMask ? mask(chunk, start, end, this.#key, this.#view) : 0x80;
    this.bytes = chunk;
    this.start = start;
    this.end = end;
    this.beginsFrame = owed === this.payloadLength;
    this.endsFrame = owed === size;
    this.#at = end;
    if (this.endsFrame) this.#owed = -1;
    else this.#expectMore(owed - size, size);
    return Found.Piece;
  }

  #expectMore(owed: number, read: number): void {
    checkChunks(++this.#pieces, this.rules);
    this.#owed = owed;
    this.#key = rotateMaskingKey(this.#key, read);
  }

  /** To be called when a message's last piece has been used: `fin` and `endsFrame`. */
  endMessage(): void {
    this.messageOpcode = Opcode.Continuation;
    this.messageCompressed = false;
    this.messageLength = 0;
    this.#fragments = 0;
  }

  #readControl(): Found {
    const chunk = this.#chunk;
    const start = this.#at;
    const length = this.payloadLength;
    if (this.#gatheredLength === 0 && chunk.length - start >= length) {
      this.#at = start + length;
      this.payload = chunk.subarray(start, this.#at);
      this.handedOut = true;
    } else if (start === chunk.length) {
      return Found.Nothing;
    } else {
      this.#gathered ??= Buffer.allocUnsafe(length);
      const copied = chunk.copy(this.#gathered, this.#gatheredLength, start);
      this.#at = start + copied;
      this.#gatheredLength += copied;
      if (this.#gatheredLength < length) return Found.Nothing;
      this.payload = this.#gathered;
      this.#gathered = undefined;
      this.#gatheredLength = 0;
    }
    if (this.rules.expectMask) mask(this.payload, 0, length, this.#key);
    this.#owed = -1;
    return Found.Control;
  }
}
