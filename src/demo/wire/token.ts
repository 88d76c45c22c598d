// The secret by which a page knows its own traffic: the query of a request's target in, a token out, if there is one.

/** 128 bits, in hex. Who knows it sees what its connections carry, so pages make it at random and keep it to themselves. */
const pattern = /[?&]wire=([0-9a-f]{32})(?:&|$)/;

export function tokenOf(url: string | undefined): string | undefined {
  return url === undefined ? undefined : pattern.exec(url)?.[1];
}
