// A vector of a refused handshake in; the request that it describes, and the refusal that `readHandshake` gives, out.
import { HandshakeError, readHandshake } from '../../../src/protocol/rfc6455/handshake.ts';
import { type RefusalVector, vectors } from '../../vectors/vectors.ts';
import { requestOf, withHeaders } from './http-request.ts';

/** RFC 6455 §1.3's request with the vector's one change. */
export function refusedRequest({ requestLine, headers = {} }: RefusalVector): string[] {
  const good = vectors('handshakes').get('rfc-1.3')!.request;
  const [line, ...rest] = withHeaders(good, headers);
  return [requestLine ?? line!, ...rest];
}

/** The refusal, or undefined if the request is accepted. */
export function refusalOf(lines: readonly string[]): HandshakeError | undefined {
  try {
    readHandshake(requestOf(lines));
    return undefined;
  } catch (error) {
    if (error instanceof HandshakeError) return error;
    throw error;
  }
}
