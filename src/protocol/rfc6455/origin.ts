// The origin of a page as browsers send it, read as far as it can be compared with a Host header (RFC 6455 §10.2, RFC 6454 §7).

/** Host and port in lower case, as a Host header names them; undefined for an opaque origin, which is the word `null`. */
export function authorityOf(origin: string): string | undefined {
  return /^[a-z][a-z0-9+.-]*:\/\/([^/?#]+)$/i.exec(origin)?.[1]?.toLowerCase();
}
