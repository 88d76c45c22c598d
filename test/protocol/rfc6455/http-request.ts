// The lines of an HTTP request in; the request as Node's HTTP server would present it, out.
import type { HandshakeRequest } from '../../../src/protocol/rfc6455/handshake.ts';

/** Headers of which Node keeps the first; others that come several times are joined. */
const firstOnly = new Set(['host', 'content-length', 'user-agent']);

export function requestOf(lines: readonly string[]): HandshakeRequest {
  const [method, , version] = lines[0]!.split(' ');
  const [major, minor] = version!.replace('HTTP/', '').split('.').map(Number);
  const headers: Record<string, string> = {};
  const rawHeaders: string[] = [];
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).trim();
    const key = name.toLowerCase();
    const before = headers[key];
    rawHeaders.push(name, value);
    if (before === undefined) headers[key] = value;
    else if (!firstOnly.has(key)) headers[key] = `${before}, ${value}`;
  }
  return { method: method!, httpVersionMajor: major!, httpVersionMinor: minor!, headers, rawHeaders };
}

/** The request with some of its headers replaced, given several times, or left out (null). */
export function withHeaders(
  lines: readonly string[],
  changes: Readonly<Record<string, string | readonly string[] | null>>,
): string[] {
  const changed = new Set(Object.keys(changes).map((name) => name.toLowerCase()));
  const kept = lines.filter((line, at) => at === 0 || !changed.has(line.split(':')[0]!.toLowerCase()));
  const added = Object.entries(changes).flatMap(([name, value]) =>
    value === null ? [] : [value].flat().map((one) => `${name}: ${one}`),
  );
  return [...kept, ...added];
}
