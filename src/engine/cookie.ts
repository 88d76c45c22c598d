// The cookie that carries a session's id, for load balancers that keep a client with one server (RFC 6265 §4.1).

export interface CookieOptions {
  /** Default `io`. */
  name?: string | undefined;
  /** Seconds. */
  maxAge?: number | undefined;
  domain?: string | undefined;
  /** Default `/`. */
  path?: string | undefined;
  expires?: Date | undefined;
  /** Default true: scripts of the page can't read it. */
  httpOnly?: boolean | undefined;
  secure?: boolean | undefined;
  partitioned?: boolean | undefined;
  priority?: 'low' | 'medium' | 'high' | undefined;
  /** Default `lax`; `true` is `strict`. */
  sameSite?: boolean | 'lax' | 'strict' | 'none' | undefined;
  /** Default `encodeURIComponent`. */
  encode?: ((value: string) => string) | undefined;
}

const defaults = { name: 'io', path: '/', httpOnly: true, sameSite: 'lax' } as const;

/** The value of a `Set-Cookie` header. */
export function sessionCookie(id: string, options: CookieOptions | true): string {
  const cookie: CookieOptions = { ...defaults, ...(options === true ? {} : options) };
  const { encode = encodeURIComponent } = cookie;
  const parts = [`${cookie.name}=${encode(id)}`];
  if (cookie.maxAge !== undefined) parts.push(`Max-Age=${Math.floor(cookie.maxAge)}`);
  if (cookie.domain !== undefined) parts.push(`Domain=${cookie.domain}`);
  if (cookie.path !== undefined) parts.push(`Path=${cookie.path}`);
  if (cookie.expires !== undefined) parts.push(`Expires=${cookie.expires.toUTCString()}`);
  if (cookie.httpOnly) parts.push('HttpOnly');
  if (cookie.secure) parts.push('Secure');
  if (cookie.partitioned) parts.push('Partitioned');
  if (cookie.priority !== undefined) parts.push(`Priority=${capitalize(cookie.priority)}`);
  if (cookie.sameSite)
    parts.push(`SameSite=${capitalize(cookie.sameSite === true ? 'strict' : cookie.sameSite)}`);
  return parts.join('; ');
}

function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
}
