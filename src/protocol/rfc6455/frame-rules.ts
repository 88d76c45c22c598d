// The rules that a received frame must keep, one branch each (RFC 6455 §5.1–§5.5, RFC 7692 §6.1), and our limits.
import { FIN, LENGTH, LENGTH_16, MASK, OPCODE, RSV1, RSV2, RSV3 } from './frame-header.ts';
import { isControl, isReserved, Opcode } from './opcode.ts';
import { frameError, ProtocolError } from './protocol-error.ts';

/** What a frame may be, by role, negotiation and limits. One object serves all connections that share it. */
export interface FrameRules {
  /** True for a server, whose peers must mask; false for a client, whose peer must not (§5.1). */
  readonly expectMask: boolean;
  /** Whether RSV1 may mark a compressed message (RFC 7692 §6). */
  readonly allowCompressed: boolean;
  /** Largest message in bytes, as it stands in its frames; 0 for no limit. */
  readonly maxPayload: number;
  /** Most frames in one message; 0 for no limit. */
  readonly maxFragments: number;
  /** Most chunks that one frame may come in; 0 for no limit. */
  readonly maxBufferedChunks: number;
}

/**
 * Checks a frame's first two bytes.
 *
 * @param inMessage whether a fragmented message is under way
 */
export function checkFirstBytes(first: number, second: number, rules: FrameRules, inMessage: boolean): void {
  const opcode = first & OPCODE;
  // §5.2: RSV1–3 MUST be 0 unless an extension is negotiated that defines them.
  if ((first & (RSV2 | RSV3)) !== 0) {
    throw frameError('WS_ERR_UNEXPECTED_RSV_2_3', 'RFC 6455 §5.2', 'RSV2 and RSV3 must be clear');
  }
  if ((first & RSV1) !== 0) checkRsv1(opcode, rules);
  // §5.2: an endpoint that receives an unknown opcode MUST fail the connection.
  if (isReserved(opcode)) throw invalidOpcode(opcode, 'RFC 6455 §5.2');
  if (isControl(opcode)) checkControl(opcode, (first & FIN) !== 0, second & LENGTH);
  // §5.4: a continuation needs a message to continue, and no other message may begin inside of one.
  else if ((opcode === Opcode.Continuation) !== inMessage) throw invalidOpcode(opcode, 'RFC 6455 §5.4');
  // §5.1: a server MUST fail the connection on an unmasked frame, a client on a masked one.
  if (((second & MASK) !== 0) !== rules.expectMask) {
    throw rules.expectMask
      ? frameError('WS_ERR_EXPECTED_MASK', 'RFC 6455 §5.1', 'MASK must be set')
      : frameError('WS_ERR_UNEXPECTED_MASK', 'RFC 6455 §5.1', 'MASK must be clear');
  }
}

function checkRsv1(opcode: number, rules: FrameRules): void {
  // RFC 7692 §6.1: it marks a message, so it stands on the first frame of one and nowhere else.
  if (rules.allowCompressed && (opcode === Opcode.Text || opcode === Opcode.Binary)) return;
  const rule = rules.allowCompressed ? 'RFC 7692 §6.1' : 'RFC 6455 §5.2';
  throw frameError('WS_ERR_UNEXPECTED_RSV_1', rule, 'RSV1 must be clear');
}

function checkControl(opcode: number, fin: boolean, length: number): void {
  // §5.5: control frames MUST NOT be fragmented and MUST have a payload of 125 bytes or less.
  if (!fin) throw frameError('WS_ERR_EXPECTED_FIN', 'RFC 6455 §5.5', 'FIN must be set');
  // §5.5.1: if a close frame has a body, its first two bytes are the status code.
  if (length > 125 || (opcode === Opcode.Close && length === 1)) {
    const rule = length > 125 ? 'RFC 6455 §5.5' : 'RFC 6455 §5.5.1';
    throw frameError('WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH', rule, `invalid payload length ${length}`);
  }
}

/** Reads the length of a header at `at` whose second byte says that it follows in 2 or 8 bytes (§5.2). */
export function readLength(header: Buffer, at: number): number {
  if ((header[at + 1]! & LENGTH) === LENGTH_16) {
    const length = header.readUInt16BE(at + 2);
    if (length < 126) throw nonMinimal(length);
    return length;
  }
  const high = header.readUInt32BE(at + 2);
  // §5.2: the most significant bit MUST be 0.
  if (high > 0x7fffffff) {
    throw frameError('WS_ERR_INVALID_PAYLOAD_LENGTH', 'RFC 6455 §5.2', 'payload length > 2^63 - 1');
  }
  const length = high * 2 ** 32 + header.readUInt32BE(at + 6);
  if (!Number.isSafeInteger(length)) {
    throw new ProtocolError(
      'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH',
      'RFC 6455 §7.4.1',
      'Unsupported WebSocket frame: payload length > 2^53 - 1',
    );
  }
  if (length < 65536) throw nonMinimal(length);
  return length;
}

/** Limits hold for what is announced, before it is received and takes memory. */
export function checkLimits(messageLength: number, fragments: number, rules: FrameRules): void {
  if (rules.maxPayload > 0 && messageLength > rules.maxPayload) {
    throw messageTooBig();
  }
  if (rules.maxFragments > 0 && fragments > rules.maxFragments) {
    throw tooManyParts('Too many message fragments');
  }
}

export function checkChunks(chunks: number, rules: FrameRules): void {
  if (rules.maxBufferedChunks > 0 && chunks > rules.maxBufferedChunks) {
    throw tooManyParts('Too many buffered chunks');
  }
}

export function messageTooBig(): ProtocolError {
  return new ProtocolError(
    'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH',
    'RFC 6455 §7.4.1',
    'Max payload size exceeded',
  );
}

/** §5.2: the minimal number of bytes MUST be used to encode the length. */
function nonMinimal(length: number): ProtocolError {
  return frameError(
    'WS_ERR_INVALID_PAYLOAD_LENGTH',
    'RFC 6455 §5.2',
    `payload length ${length} in too long a form`,
  );
}

function invalidOpcode(opcode: number, rule: string): ProtocolError {
  return frameError('WS_ERR_INVALID_OPCODE', rule, `invalid opcode ${opcode}`);
}

export function tooManyParts(message: string): ProtocolError {
  return new ProtocolError('WS_ERR_TOO_MANY_BUFFERED_PARTS', 'RFC 6455 §7.4.1', message);
}
