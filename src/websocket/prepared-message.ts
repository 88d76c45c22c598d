// A message that is sent to many connections: encoded and framed once, whoever sends it and when.
import { encodeFrame } from '../protocol/rfc6455/frame-encoder.ts';
import { Opcode } from '../protocol/rfc6455/opcode.ts';
import { SharedFrame } from './outbox.ts';
import { type Sendable, toPayload } from './sendable.ts';

/** A message that is framed once and sent to many; made by `WebSocket.prepare(data)`. */
export class PreparedMessage extends SharedFrame {
  /** The payload. */
  readonly bytes: Uint8Array;
  /** Whether it is a binary message. */
  readonly binary: boolean;

  /**
   * @param data anything that can be sent but a Blob, whose bytes are not there yet (TypeError)
   * @param binary default: text for strings and numbers, binary for all else
   */
  constructor(data: Sendable, binary?: boolean) {
    const payload = toPayload(data);
    if (payload instanceof Blob) throw new TypeError('A Blob must be read first, with arrayBuffer()');
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
    const isBinary = binary ?? typeof payload !== 'string';
    super(encodeFrame(bytes, { opcode: isBinary ? Opcode.Binary : Opcode.Text }));
    this.bytes = bytes;
    this.binary = isBinary;
  }
}
