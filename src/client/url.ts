// The address a program gives, any part of which may be missing, in; where to connect, and which namespace, out (client API, `io()`).
import { platform } from './platform.ts';

export interface Address {
  readonly secure: boolean;
  /** IPv6 addresses in brackets. */
  readonly host: string;
  readonly port: string;
  /** The namespace. */
  readonly path: string;
  /** Without question mark. */
  readonly query: string;
  /** Tells servers apart: scheme, host and port. */
  readonly id: string;
}

const parts =
  /^(?:(?:(https?|wss?):)?\/\/)?(?:[^@/?#]*@)?(\[[^\]]*\]|[^:/?#]*)(?::(\d*))?([^?#]*)\??([^#]*)/i;

/** @throws Error where an address needs a page to complete it and there is none */
export function parseAddress(text = '', defaults: { secure?: boolean | undefined } = {}): Address {
  const page = platform.location;
  if (/^($|\/(?!\/)|\?)/.test(text)) {
    if (page === undefined) throw new Error('outside of a page, a URL needs a host');
    text = `${page.protocol}//${page.host}${text}`;
  }
  const [
    ,
    scheme = page?.protocol ?? (defaults.secure === false ? 'http' : 'https'),
    host,
    port,
    path,
    query,
  ] = parts.exec(text)!;
  const secure = !/^(http|ws)(:|$)/i.test(scheme);
  const address = { secure, host: host!, port: port || (secure ? '443' : '80'), query: query! };
  return {
    ...address,
    path: path || '/',
    id: `${secure ? 'https' : 'http'}://${address.host}:${address.port}`,
  };
}
