// Reads what a server sends after its 101, chunk by chunk, and throws on every frame that a server may not send (RFC 6455 §5).
import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import { BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT } from './frames.ts';

export type Received =
  | { kind: 'text' | 'binary' | 'ping' | 'pong'; payload: Buffer; compressed?: boolean }
  | { kind: 'close'; code: number }
  | { kind: 'fin' | 'reset' };

/** The half of permessage-deflate that undoes the server's; without one RSV1 is refused. */
export interface Inflater {
  decompress(payload: Buffer): Buffer;
}

interface Header {
  fin: boolean;
  rsv1: boolean;
  opcode: number;
  start: number;
  end: number;
}

export class ServerFrames {
  inflater: Inflater | undefined;
  #chunks: Buffer[] = [];
  #buffered = 0;
  #needed = 2;
  #message: { opcode: number; compressed: boolean; parts: Buffer[] } | undefined;
  #closed = false;

  push(chunk: Buffer): Received[] {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    const received: Received[] = [];
    if (this.#buffered < this.#needed) return received;

    let bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    for (;;) {
      const header = readHeader(bytes);
      this.#needed = typeof header === 'number' ? header : header.end;
      if (bytes.length < this.#needed || typeof header === 'number') break;
      const item = this.#accept(header, bytes.subarray(header.start, header.end));
      if (item) received.push(item);
      bytes = bytes.subarray(header.end);
    }
    this.#chunks = [bytes];
    this.#buffered = bytes.length;
    return received;
  }

  #accept({ fin, rsv1, opcode }: Header, payload: Buffer): Received | undefined {
    assert(!this.#closed || opcode === PONG, '§5.5.1: the server sent a frame after its close frame');
    if (opcode >= CLOSE) {
      assert(fin && payload.length <= 125 && !rsv1, '§5.5: the server sent a malformed control frame');
      if (opcode === PING || opcode === PONG) return { kind: opcode === PING ? 'ping' : 'pong', payload };
      this.#closed = true;
      return { kind: 'close', code: closeCode(payload) };
    }
    if (opcode === CONTINUATION) {
      assert(this.#message && !rsv1, '§5.4: the server continued nothing, or with RSV1');
      this.#message.parts.push(payload);
    } else {
      assert(!this.#message, '§5.4: the server began a message inside another');
      assert(!rsv1 || this.inflater, 'the server set RSV1 without permessage-deflate');
      this.#message = { opcode, compressed: rsv1, parts: [payload] };
    }
    if (!fin) return undefined;
    const { opcode: type, compressed, parts } = this.#message;
    this.#message = undefined;
    const whole = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    const data = compressed ? this.inflater!.decompress(whole) : whole;
    assert(type !== TEXT || isUtf8(data), '§5.6: the server sent text that is not UTF-8');
    return { kind: type === TEXT ? 'text' : 'binary', payload: data, compressed };
  }
}

/** The header at the start of `bytes`, or how many bytes it takes to say more. */
function readHeader(bytes: Buffer): Header | number {
  if (bytes.length < 2) return 2;
  const [first, second] = [bytes[0]!, bytes[1]!];
  const opcode = first & 0x0f;
  assert((first & 0x30) === 0, '§5.2: the server set RSV2 or RSV3');
  assert([CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG].includes(opcode), `§5.2: the server sent ${opcode}`);
  assert((second & 0x80) === 0, '§5.1: the server masked a frame');
  const start = second === 126 ? 4 : second === 127 ? 10 : 2;
  if (bytes.length < start) return start;
  const length =
    start === 2 ? second : start === 4 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  assert(
    start === 2 || length > (start === 4 ? 125 : 65535),
    '§5.2: the server did not use the shortest length',
  );
  return { fin: first >= 0x80, rsv1: (first & 0x40) !== 0, opcode, start, end: start + length };
}

function closeCode(payload: Buffer): number {
  if (payload.length === 0) return 1005;
  assert(
    payload.length >= 2 && isUtf8(payload.subarray(2)),
    '§5.5.1: the server sent a malformed close frame',
  );
  const code = payload.readUInt16BE(0);
  assert(
    ![1004, 1005, 1006, 1015].includes(code) && code >= 1000 && code < 5000,
    `§7.4: the server sent ${code}`,
  );
  return code;
}
