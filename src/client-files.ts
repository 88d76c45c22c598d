// Serves the bundles of the browser's client below the path of the server: a request in, a file out (Socket.IO v4 server API).
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream';
import { createBrotliCompress, createDeflate, createGzip } from 'node:zlib';
import { type CorsDelegate, type CorsOptions, cors } from './http/cors.ts';

const bundles = ['socket.io.js', 'socket.io.min.js', 'socket.io.esm.min.js', 'socket.io.msgpack.min.js'];
const names = bundles.flatMap((bundle) => [bundle, `${bundle}.map`]);

/** What a file is compressed with where the build has not done so, and the ending it has where it has. */
const encodings = new Map([
  ['br', { ending: '.br', compress: createBrotliCompress }],
  ['gzip', { ending: '.gz', compress: createGzip }],
  ['deflate', { ending: undefined, compress: createDeflate }],
]);

/** Says whether it takes care of a request. */
export type ClientFiles = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * Serves the bundles in a folder: those the build has compressed as they are, others compressed on the way. One that is not
 * there is not found; requests for anything else are left to others.
 *
 * @param prefix the path of the server, without trailing slash
 * @param folder default: where this package has them
 */
export function clientFiles(prefix: string, folder: string | undefined): ClientFiles {
  const from = folder ?? packageFolder();
  const files = new Map(names.map((name) => [`${prefix}/${name}`, path.join(from, name)]));
  const etags = new Map<string, string>();
  return (request, response) => {
    const file = files.get((request.url ?? '').replace(/\?.*$/s, ''));
    if (file === undefined) return false;
    if (!existsSync(file)) {
      response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' });
      response.end(`${path.basename(file)} is not among the bundles of this server.\n`);
      return true;
    }
    // What a file holds does not change while the server runs.
    const etag = etags.get(file) ?? etagOf(file);
    etags.set(file, etag);
    serve(file, etag, request, response);
    return true;
  };
}

/** Answers the requests for bundles on an HTTP server; all others go to the listeners there are now. */
export function attachClientFiles(
  server: HttpServer,
  prefix: string,
  folder: string | undefined,
  corsOptions: CorsOptions | CorsDelegate | false | undefined,
): void {
  const serve = clientFiles(prefix, folder);
  const crossOrigin = corsOptions ? cors(corsOptions) : undefined;
  const others = server.listeners('request') as ((...args: unknown[]) => void)[];
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const answer = () => {
      if (serve(request, response)) return;
      for (const other of others) other.call(server, request, response);
    };
    // The engine sees to its own requests.
    if (crossOrigin === undefined || !request.url?.startsWith(`${prefix}/socket.io.`)) answer();
    else crossOrigin(request, response, answer);
  });
}

/** In a built package the bundles are beside this file; in the repository they are where the build puts them. */
export function packageFolder(): string {
  const built = path.join(import.meta.dirname, 'client');
  return existsSync(path.join(built, 'socket.io.js'))
    ? built
    : path.join(import.meta.dirname, '../dist/client');
}

function etagOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('base64url').slice(0, 22);
}

function serve(file: string, hash: string, request: IncomingMessage, response: ServerResponse): void {
  const encoding = acceptedEncoding(request.headers['accept-encoding']);
  // Each form of a file has a tag of its own (RFC 9110 §8.8.3).
  const etag = encoding === undefined ? `"${hash}"` : `"${hash}-${encoding}"`;
  response.setHeader('Cache-Control', 'public, max-age=0');
  response.setHeader('ETag', etag);
  response.setHeader('Vary', 'Accept-Encoding');
  if (matches(request.headers['if-none-match'], etag)) {
    response.writeHead(304).end();
    return;
  }
  const type = file.endsWith('.map') ? 'application/json' : 'application/javascript';
  response.setHeader('Content-Type', `${type}; charset=utf-8`);
  if (encoding !== undefined) response.setHeader('Content-Encoding', encoding);
  if (request.method === 'HEAD') {
    response.writeHead(200).end();
    return;
  }
  // A response that cannot be finished is cut off: its headers are gone already.
  const done = () => {};
  const { ending, compress } = encodings.get(encoding ?? '') ?? {};
  if (compress === undefined) pipeline(createReadStream(file), response, done);
  else if (ending !== undefined && existsSync(file + ending)) {
    pipeline(createReadStream(file + ending), response, done);
  } else pipeline(createReadStream(file), compress(), response, done);
}

/** RFC 9110 §13.1.2: weak comparison, of any in the list. */
function matches(header: string | undefined, etag: string): boolean {
  return (header ?? '').split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

/** The first of ours that the client takes (RFC 9110 §12.5.3). */
function acceptedEncoding(header: string | string[] | undefined): string | undefined {
  const accepted = new Set<string>();
  for (const item of String(header ?? '').split(',')) {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
    if (!parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))) accepted.add(name);
  }
  return [...encodings.keys()].find((name) => accepted.has(name));
}
