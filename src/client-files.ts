// Serves the bundles of the browser's client below the path of the server: a request in, a file out (Socket.IO v4 server API).
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream';
import { createBrotliCompress, createDeflate, createGzip } from 'node:zlib';
import { type CorsDelegate, type CorsOptions, cors } from './http/cors.ts';

const bundles = ['socket.io.js', 'socket.io.min.js', 'socket.io.esm.min.js', 'socket.io.msgpack.min.js'];
const names = bundles.flatMap((bundle) => [bundle, `${bundle}.map`]);

const encodings = new Map([
  ['br', createBrotliCompress],
  ['gzip', createGzip],
  ['deflate', createDeflate],
]);

/** Says whether it takes care of a request. */
export type ClientFiles = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * Serves those bundles that exist in a folder now; other requests are left to others.
 *
 * @param prefix the path of the server, without trailing slash
 * @param folder default: where this package has them
 */
export function clientFiles(prefix: string, folder: string | undefined): ClientFiles {
  const from = folder ?? packageFolder();
  const files = new Map<string, string>(
    names
      .map((name) => [`${prefix}/${name}`, path.join(from, name)] as const)
      .filter(([, file]) => existsSync(file)),
  );
  const etag = `"${packageVersion()}"`;
  return (request, response) => {
    const file = files.get((request.url ?? '').replace(/\?.*$/s, ''));
    if (file === undefined) return false;
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
function packageFolder(): string {
  const built = path.join(import.meta.dirname, 'client');
  return existsSync(path.join(built, 'socket.io.js'))
    ? built
    : path.join(import.meta.dirname, '../dist/client');
}

function packageVersion(): string {
  const file = path.join(import.meta.dirname, '../package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

function serve(file: string, etag: string, request: IncomingMessage, response: ServerResponse): void {
  const given = request.headers['if-none-match'];
  if (given === etag || given === `W/${etag}`) {
    response.writeHead(304).end();
    return;
  }
  const type = file.endsWith('.map') ? 'application/json' : 'application/javascript';
  response.setHeader('Cache-Control', 'public, max-age=0');
  response.setHeader('Content-Type', `${type}; charset=utf-8`);
  response.setHeader('ETag', etag);
  response.setHeader('Vary', 'Accept-Encoding');
  if (request.method === 'HEAD') {
    response.writeHead(200).end();
    return;
  }
  const encoding = acceptedEncoding(request.headers['accept-encoding']);
  const compress = encoding === undefined ? undefined : encodings.get(encoding);
  // A response that cannot be finished is cut off: its headers are gone already.
  const done = () => {};
  if (compress === undefined) {
    pipeline(createReadStream(file), response, done);
  } else {
    response.setHeader('Content-Encoding', encoding!);
    pipeline(createReadStream(file), compress(), response, done);
  }
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
