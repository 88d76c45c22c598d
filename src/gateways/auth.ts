// What a plain client says in its request: of itself, as the payload with which others connect, and of what it wants (docs/gateways.md).
import type { IncomingMessage } from 'node:http';

const bearer = /^bearer +([^ ]+) *$/i;

/** The parameters of the query; and as `token` that of an `Authorization: Bearer` header (RFC 6750 §2.1). */
export function readAuth(request: IncomingMessage): Record<string, string> {
  const parameters = readQuery(request);
  const token = bearer.exec(request.headers.authorization ?? '')?.[1];
  if (token !== undefined) parameters.set('token', token);
  return Object.fromEntries(parameters);
}

export function readQuery({ url = '' }: IncomingMessage): URLSearchParams {
  const start = url.indexOf('?');
  return new URLSearchParams(start === -1 ? '' : url.slice(start + 1));
}
