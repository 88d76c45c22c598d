// Status codes of a close frame: their names, and which of them may travel in one (RFC 6455 §7.4).

/** Status codes by the names of the IANA registry (RFC 6455 §7.4.1, §11.7). */
export const CloseCode = {
  NormalClosure: 1000,
  GoingAway: 1001,
  ProtocolError: 1002,
  UnsupportedData: 1003,
  /** Never sent: reported locally for a close frame without a code. */
  NoStatusReceived: 1005,
  /** Never sent: reported locally when the connection ended without a close frame. */
  AbnormalClosure: 1006,
  InvalidPayloadData: 1007,
  PolicyViolation: 1008,
  MessageTooBig: 1009,
  MandatoryExtension: 1010,
  InternalError: 1011,
  ServiceRestart: 1012,
  TryAgainLater: 1013,
  BadGateway: 1014,
} as const;

/**
 * Whether `code` may be sent in a close frame (§7.4.1, §7.4.2): 1000–1014 less 1004, 1005 and 1006, which are
 * reserved or local only; and 3000–4999, which belong to libraries and applications.
 */
export function isSendableCloseCode(code: number): boolean {
  if (code >= 3000) return code <= 4999;
  return code >= 1000 && code <= 1014 && (code < 1004 || code > 1006);
}
