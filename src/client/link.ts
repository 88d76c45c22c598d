// Where a transport connects, and the URL of its requests (Engine.IO protocol, "Transports").
import type { EngineOptions } from './options.ts';
import type { LinkWith, TransportFactoryWith } from './transport.ts';

export type Link = LinkWith<EngineOptions>;
/**
 * A way to connect that a program can name in `transports`: makes transports, and says whether this platform has what
 * they need.
 */
export type TransportFactory = TransportFactoryWith<EngineOptions>;

/** Where the options are silent. */
export const pathDefault = '/socket.io';
export const timestampParamDefault = 't';

/** The URL of the next request, or of a WebSocket; `scheme` is that of the one without TLS. */
export function urlOf({ address, options, query }: Link, scheme: 'http' | 'ws'): string {
  const {
    timestampRequests = scheme === 'http',
    timestampParam,
    path,
    addTrailingSlash,
    forceBase64,
  } = options;
  const parameters = new URLSearchParams({
    ...query,
    // Something that no cache has seen.
    ...(timestampRequests && { [timestampParam ?? timestampParamDefault]: `${Math.random()}` }),
    ...(forceBase64 && { b64: '1' }),
  });
  const folder = (path ?? pathDefault).replace(/\/$/, '') + (addTrailingSlash === false ? '' : '/');
  return `${address.protocol.replace(/http|ws/, scheme)}//${address.host}${folder}?${parameters}`;
}
