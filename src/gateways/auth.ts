// What a plain client says of itself in its request, as the payload with which others connect (docs/gateways.md).
import type { IncomingMessage } from 'node:http';

const bearer = /^bearer +([^ ]+) *$/i;

/** The parameters of the query; and as `token` that of an `Authorization: Bearer` header (RFC 6750 §2.1). */
export function readAuth({ url = '', headers }: IncomingMessage): Record<string, string> {
  const start = url.indexOf('?');
  const parameters = new URLSearchParams(start === -1 ? '' : url.slice(start + 1));
  const token = bearer.exec(headers.authorization ?? '')?.[1];
  if (token !== undefined) parameters.set('token', token);
  return Object.fromEntries(parameters);
}
