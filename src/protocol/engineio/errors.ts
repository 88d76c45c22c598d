// Why a request is refused: the codes and words of Engine.IO (protocol, "Handshake"; body of the JSON error).

export const EngineErrorCode = {
  UNKNOWN_TRANSPORT: 0,
  UNKNOWN_SID: 1,
  BAD_HANDSHAKE_METHOD: 2,
  BAD_REQUEST: 3,
  FORBIDDEN: 4,
  UNSUPPORTED_PROTOCOL_VERSION: 5,
} as const;
export type EngineErrorCode = (typeof EngineErrorCode)[keyof typeof EngineErrorCode];

export const errorMessages: Readonly<Record<EngineErrorCode, string>> = {
  0: 'Transport unknown',
  1: 'Session ID unknown',
  2: 'Bad handshake method',
  3: 'Bad request',
  4: 'Forbidden',
  5: 'Unsupported protocol version',
};

/** A request that is refused: `context` says more for the server's own eyes. */
export interface EngineRefusal {
  readonly code: EngineErrorCode;
  readonly context: Readonly<Record<string, unknown>>;
}

/** What the client is told: a program's own word, if it has refused with one, instead of the standard one. */
export function refusalMessage({ code, context }: EngineRefusal): string {
  const given = code === EngineErrorCode.FORBIDDEN ? context.message : undefined;
  return typeof given === 'string' ? given : errorMessages[code];
}

/** The body of an HTTP response that refuses. */
export function errorBody(refusal: EngineRefusal): string {
  return JSON.stringify({ code: refusal.code, message: refusalMessage(refusal) });
}
