// The payload of a close frame: a status code and a reason, both or neither (RFC 6455 §5.5.1, §7.1.5, §7.1.6).
import { isUtf8 } from 'node:buffer';
import { CloseCode, isSendableCloseCode } from './close-codes.ts';
import { invalidUtf8 } from './message-assembler.ts';
import { frameError } from './protocol-error.ts';

/** The reason shares the 125 bytes of a control frame with the two of the code. */
export const maxReasonLength = 123;

const noReason = Buffer.alloc(0);

/** What a peer's close frame said. An empty one has the code 1005, which is never sent (§7.1.5). */
export interface CloseReason {
  readonly code: number;
  readonly reason: Buffer;
}

/**
 * Reads the payload of a close frame; the parser has already refused one of a single byte.
 *
 * @throws ProtocolError for a code that must not be sent, or a reason that is not UTF-8.
 */
export function decodeClose(payload: Buffer, skipUTF8Validation: boolean): CloseReason {
  if (payload.length === 0) return { code: CloseCode.NoStatusReceived, reason: noReason };
  const code = payload.readUInt16BE(0);
  if (!isSendableCloseCode(code)) {
    throw frameError('WS_ERR_INVALID_CLOSE_CODE', 'RFC 6455 §7.4', `invalid status code ${code}`);
  }
  const reason = payload.subarray(2);
  if (!skipUTF8Validation && !isUtf8(reason)) throw invalidUtf8();
  return { code, reason };
}

/**
 * Makes the payload of a close frame; without a code it is empty.
 *
 * @throws TypeError for a code that must not be sent, RangeError for a reason of over 123 bytes.
 */
export function encodeClose(code?: number, reason?: string | Uint8Array): Buffer {
  if (code === undefined) return noReason;
  if (typeof code !== 'number' || !isSendableCloseCode(code)) {
    throw new TypeError('First argument must be a valid error code number');
  }
  // What is neither text nor bytes, an error that somebody passed on, is no reason.
  const words =
    typeof reason === 'string' ? Buffer.from(reason) : reason instanceof Uint8Array ? reason : noReason;
  if (words.length > maxReasonLength) {
    throw new RangeError(`The message must not be greater than ${maxReasonLength} bytes`);
  }
  const payload = Buffer.allocUnsafe(2 + words.length);
  payload.writeUInt16BE(code, 0);
  payload.set(words, 2);
  return payload;
}
