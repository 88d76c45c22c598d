// What a client said when it connected: its request and the payload of its CONNECT packet (Socket.IO v4 server API).
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Opening, Session } from './session.ts';

/** What a client said when it connected. */
export interface Handshake {
  /** Those of the request, the same object. */
  headers: IncomingHttpHeaders;
  /** The time of the connection, as text for people. */
  time: string;
  /** The client's IP address. */
  address: string;
  /** Whether the request named an origin. */
  xdomain: boolean;
  /** Whether the connection is encrypted. */
  secure: boolean;
  /** The time of the connection, in milliseconds since 1970. */
  issued: number;
  /** The target of the request. */
  url: string;
  /** The query of the request. */
  query: Record<string, string>;
  /** What the client sent to prove itself. */
  // biome-ignore lint/suspicious/noExplicitAny: clients send what they like
  auth: { [key: string]: any };
}

export function readOpening(session: Session): Opening {
  const request: Partial<IncomingMessage> | undefined = session.request;
  return {
    headers: request?.headers ?? {},
    url: request?.url ?? '',
    secure: request?.socket === undefined || 'encrypted' in request.socket,
  };
}

/** A plain object that can be sent to other nodes. */
export function readHandshake(
  { headers, url, secure }: Opening,
  address: string | undefined,
  issued: number,
  auth: Handshake['auth'],
): Handshake {
  return {
    headers,
    time: String(new Date(issued)),
    address: address ?? '',
    xdomain: headers.origin !== undefined,
    secure,
    issued,
    url,
    query: readQuery(url),
    auth,
  };
}

function readQuery(url: string): Record<string, string> {
  const start = url.indexOf('?');
  return start === -1 ? {} : Object.fromEntries(new URLSearchParams(url.slice(start + 1)));
}
