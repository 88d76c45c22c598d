// The one error of the protocol: what was wrong, the close code to fail the connection with, the rule that was broken.
import { CloseCode } from './close-codes.ts';

/** Codes of `ProtocolError`, stable, those of the `ws` package where it has one. */
export type ProtocolErrorCode =
  | 'WS_ERR_EXPECTED_FIN'
  | 'WS_ERR_EXPECTED_MASK'
  | 'WS_ERR_INVALID_CLOSE_CODE'
  | 'WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH'
  | 'WS_ERR_INVALID_OPCODE'
  | 'WS_ERR_INVALID_UTF8'
  | 'WS_ERR_INVALID_PAYLOAD_LENGTH'
  | 'WS_ERR_TOO_MANY_BUFFERED_PARTS'
  | 'WS_ERR_UNEXPECTED_MASK'
  | 'WS_ERR_UNEXPECTED_RSV_1'
  | 'WS_ERR_UNEXPECTED_RSV_2_3'
  | 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH'
  | 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'
  /** Compressed data that zlib cannot read. */
  | 'Z_DATA_ERROR';

/** The status each error is answered with (§7.4.1). Whatever is not listed is a protocol error, 1002. */
const closeCodes: Partial<Record<ProtocolErrorCode, number>> = {
  WS_ERR_INVALID_UTF8: CloseCode.InvalidPayloadData,
  WS_ERR_TOO_MANY_BUFFERED_PARTS: CloseCode.PolicyViolation,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: CloseCode.MessageTooBig,
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: CloseCode.MessageTooBig,
  Z_DATA_ERROR: CloseCode.InvalidPayloadData,
};

/**
 * A peer broke a rule of the protocol or a limit of ours, and the connection must be failed (RFC 6455 §7.1.7).
 * It is a `RangeError` because programs written for `ws` test for that.
 */
export class ProtocolError extends RangeError {
  /** Stable name of what happened, to switch on. */
  readonly code: ProtocolErrorCode;
  /** Status for the close frame. */
  readonly closeCode: number;
  /** The rule, as a section of a document: `RFC 6455 §5.1`. */
  readonly rule: string;

  constructor(code: ProtocolErrorCode, rule: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.closeCode = closeCodes[code] ?? CloseCode.ProtocolError;
    this.rule = rule;
  }
}

/** An error in the frame itself, under the heading that programs written for `ws` know. */
export function frameError(code: ProtocolErrorCode, rule: string, message: string): ProtocolError {
  return new ProtocolError(code, rule, `Invalid WebSocket frame: ${message}`);
}
