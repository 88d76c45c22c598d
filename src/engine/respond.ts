// Responses of long-polling: headers that programs may add to, and a text, compressed where the client takes it and it pays.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { deflate, gzip, type ZlibOptions } from 'node:zlib';

/** Headers of a response, which listeners may change. */
export type ResponseHeaders = Record<string, string | string[]>;

/** From which size on, and how; false for never. */
export type Compression = (ZlibOptions & { readonly threshold: number }) | false;

/** What the option `httpCompression` asks for. */
export function compressionFor(
  option: boolean | (ZlibOptions & { threshold?: number | undefined }),
): Compression {
  if (option === false) return false;
  if (option === true) return { threshold: 0 };
  return { ...option, threshold: option.threshold ?? 1024 };
}

/** A response without a body. */
export function answer(res: ServerResponse, status: number, headers: ResponseHeaders): void {
  writeHead(res, status, headers).end();
}

export function respondWithText(
  req: IncomingMessage,
  res: ServerResponse,
  text: string,
  headers: ResponseHeaders,
  compression: Compression,
): void {
  const size = Buffer.byteLength(text);
  const encoding = compression !== false && size >= compression.threshold ? acceptedEncoding(req) : undefined;
  if (compression === false || encoding === undefined) {
    writeHead(res, 200, { ...headers, 'Content-Length': String(size) }).end(text);
    return;
  }
  const compress = encoding === 'gzip' ? gzip : deflate;
  compress(text, compression, (error, compressed) => {
    if (error !== null) return answer(res, 500, headers);
    const length = String(compressed.length);
    writeHead(res, 200, { ...headers, 'Content-Encoding': encoding, 'Content-Length': length });
    res.end(compressed);
  });
}

/** Cookies come in addition to those that a middleware has set; any other header takes the place of its namesake. */
function writeHead(res: ServerResponse, status: number, headers: ResponseHeaders): ServerResponse {
  if (!res.hasHeader('Set-Cookie')) return res.writeHead(status, headers);
  for (const [name, value] of Object.entries(headers)) {
    if (name.toLowerCase() === 'set-cookie') res.appendHeader(name, value);
    else res.setHeader(name, value);
  }
  return res.writeHead(status);
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
