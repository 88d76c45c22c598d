// A text as HTTP response, compressed where the client takes it and it pays.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { deflate, gzip, type ZlibOptions } from 'node:zlib';

/** From which size on, and how; false for never. */
export type Compression = (ZlibOptions & { readonly threshold: number }) | false;

export function respondWithText(
  req: IncomingMessage,
  res: ServerResponse,
  text: string,
  headers: Record<string, string | string[]>,
  compression: Compression,
): void {
  const size = Buffer.byteLength(text);
  const encoding = compression !== false && size >= compression.threshold ? acceptedEncoding(req) : undefined;
  if (compression === false || encoding === undefined) {
    res.writeHead(200, { ...headers, 'Content-Length': size }).end(text);
    return;
  }
  const compress = encoding === 'gzip' ? gzip : deflate;
  compress(text, compression, (error, compressed) => {
    if (error !== null) {
      res.writeHead(500).end();
      return;
    }
    res.writeHead(200, { ...headers, 'Content-Encoding': encoding, 'Content-Length': compressed.length });
    res.end(compressed);
  });
}

/** RFC 9110 §12.5.3: what the client likes best of what we can do; of equals gzip. */
function acceptedEncoding(req: IncomingMessage): 'gzip' | 'deflate' | undefined {
  const weights = new Map<string, number>();
  for (const part of (req.headers['accept-encoding']?.toString() ?? '').split(',')) {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    weights.set(name, quality === undefined ? 1 : Number(quality.slice(2)) || 0);
  }
  const weight = (name: string) => weights.get(name) ?? weights.get('*') ?? 0;
  if (weight('gzip') > 0 && weight('gzip') >= weight('deflate')) return 'gzip';
  return weight('deflate') > 0 ? 'deflate' : undefined;
}
