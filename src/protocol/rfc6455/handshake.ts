// An HTTP request in; the facts of an opening handshake out, or the refusal it deserves (RFC 6455 §4.2).
import { hash } from 'node:crypto';
import { type Extension, HeaderSyntaxError, parseExtensions, parseTokens } from './header-list.ts';

/** §1.3: the value that is appended to the client's key. */
export const handshakeGuid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** §4.2.1: the only version there is. */
export const protocolVersion = '13';

/** A request as HTTP parsers give it: names of headers in lower case in `headers`, as sent in `rawHeaders`. */
export interface HandshakeRequest {
  readonly method?: string | undefined;
  readonly httpVersionMajor: number;
  readonly httpVersionMinor: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly rawHeaders: readonly string[];
}

/** What a client asked for in a handshake that follows the rules. */
export interface HandshakeOffer {
  readonly key: string;
  /** Subprotocols in the client's order of preference, none twice. */
  readonly protocols: Set<string>;
  readonly extensions: readonly Extension[];
}

/** A handshake that must not succeed: the HTTP status to answer with, headers, and a reason in words as message. */
export class HandshakeError extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/** §4.2.2: the value of `Sec-WebSocket-Accept` that proves the key was read. */
export function acceptFor(key: string): string {
  return hash('sha1', key + handshakeGuid, 'base64');
}

/** 16 bytes in base64 are 22 characters and two of padding. */
const keyPattern = /^[+/0-9A-Za-z]{22}==$/;

/** RFC 3986 §3.2 less the user information, which is not part of a Host header (RFC 9110 §7.2). */
const hostPattern = /^(\[[0-9a-f:.]+\]|[^\s/?#@\\,:[\]]+)(:\d{0,5})?$/i;

/**
 * Checks each of the client's requirements (§4.2.1) and reads what it offers.
 *
 * @throws HandshakeError
 */
export function readHandshake(request: HandshakeRequest): HandshakeOffer {
  const header = (name: string) => request.headers[name]?.toString();
  // §4.2.1 (1): GET, HTTP/1.1 or higher.
  if (request.method !== 'GET') throw new HandshakeError(405, 'Invalid HTTP method', { Allow: 'GET' });
  if (request.httpVersionMajor < 1 || (request.httpVersionMajor === 1 && request.httpVersionMinor < 1)) {
    throw new HandshakeError(400, 'Invalid HTTP version: a WebSocket handshake needs HTTP/1.1');
  }
  checkHost(request.rawHeaders);
  // §4.2.1 (3), (4): one of several tokens, in any case.
  if (!hasToken(header('upgrade'), 'websocket')) throw new HandshakeError(400, 'Invalid Upgrade header');
  if (!hasToken(header('connection'), 'upgrade')) throw new HandshakeError(400, 'Invalid Connection header');
  checkNoBody(header('content-length'), header('transfer-encoding'));
  // §4.2.1 (5)
  const key = header('sec-websocket-key');
  if (key === undefined || !keyPattern.test(key)) {
    throw new HandshakeError(400, 'Missing or invalid Sec-WebSocket-Key header');
  }
  // §4.2.1 (6), §4.4: with another version the server says which it speaks.
  if (header('sec-websocket-version') !== protocolVersion) {
    throw new HandshakeError(426, 'Missing or invalid Sec-WebSocket-Version header', {
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': protocolVersion,
    });
  }
  return {
    key,
    protocols: readProtocols(header('sec-websocket-protocol')),
    extensions: readExtensions(header('sec-websocket-extensions')),
  };
}

/** §4.2.1 (2): a Host header, and one only, or two readers of the request could take it for two different hosts. */
function checkHost(rawHeaders: readonly string[]): void {
  let host: string | undefined;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!;
    if (name.length !== 4 || name.toLowerCase() !== 'host') continue;
    if (host !== undefined) throw new HandshakeError(400, 'More than one Host header');
    host = rawHeaders[i + 1];
  }
  if (host === undefined || !hostPattern.test(host)) {
    throw new HandshakeError(400, 'Missing or invalid Host header');
  }
}

/** Bytes of a body would be taken for frames, and the frames behind it for a body. */
function checkNoBody(contentLength: string | undefined, transferEncoding: string | undefined): void {
  if (transferEncoding !== undefined || (contentLength !== undefined && contentLength !== '0')) {
    throw new HandshakeError(400, 'A handshake request must not have a body');
  }
}

function hasToken(value: string | undefined, token: string): boolean {
  if (value === undefined) return false;
  const lower = value.toLowerCase();
  return lower === token || lower.split(',').some((element) => element.trim() === token);
}

/** §4.1 (10): tokens, each of which MUST be unique. */
function readProtocols(value: string | undefined): Set<string> {
  if (value === undefined) return new Set();
  const tokens = refuseMalformed('Sec-WebSocket-Protocol', () => parseTokens(value));
  const protocols = new Set(tokens);
  if (protocols.size < tokens.length) throw new HandshakeError(400, 'Invalid Sec-WebSocket-Protocol header');
  return protocols;
}

/** §9.1: a value that does not follow the grammar MUST fail the connection. */
function readExtensions(value: string | undefined): Extension[] {
  if (value === undefined) return [];
  return refuseMalformed('Sec-WebSocket-Extensions', () => parseExtensions(value));
}

function refuseMalformed<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof HeaderSyntaxError)) throw error;
    throw new HandshakeError(400, `Invalid ${name} header`);
  }
}
