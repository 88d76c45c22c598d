// Which web pages may open a connection: the check against cross-site WebSocket hijacking (RFC 6455 §10.2).
import type { IncomingMessage } from 'node:http';
import { authorityOf } from '../protocol/rfc6455/origin.ts';

/** Which web pages may connect: all; those of the host they connect to; those listed; those a function says yes to. */
export type Origins = '*' | 'same' | readonly string[] | ((origin: string, req: IncomingMessage) => boolean);

/** Whether the request comes from an allowed page, or from no page at all. */
export function isAllowedOrigin(req: IncomingMessage, allowed: Origins): boolean {
  const { origin } = req.headers;
  if (allowed === '*' || origin === undefined) return true;
  if (typeof allowed === 'function') return allowed(origin, req);
  if (allowed === 'same') return authorityOf(origin) === req.headers.host?.toLowerCase();
  return allowed.includes(origin);
}
