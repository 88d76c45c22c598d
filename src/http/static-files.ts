// Answers GET and HEAD from the files of one folder: a request comes in; a file, 304, 404 or 405 goes out (RFC 9110).
import { createHash } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import path from 'node:path';
import { securityHeaders } from './security-headers.ts';

const types = new Map([
  ['.css', 'text/css; charset=utf-8'],
  ['.html', 'text/html; charset=utf-8'],
  ['.ico', 'image/x-icon'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.json', 'application/json'],
  ['.map', 'application/json'],
  ['.png', 'image/png'],
  ['.svg', 'image/svg+xml'],
  ['.txt', 'text/plain; charset=utf-8'],
  ['.webp', 'image/webp'],
  ['.webmanifest', 'application/manifest+json'],
]);

// An allow-list: with it no dotfile, "..", NUL, backslash, drive letter or decoded slash ever reaches the file system.
const safeName = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

/**
 * A handler for the files in `folder`. A path that ends in a slash means the index.html there.
 *
 * @param prefix what stands before their names in the paths, without slash at the end; other paths are not found
 */
export function staticFiles(
  folder: string,
  prefix = '',
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    answer(folder, prefix, request, response).catch(() => {
      sendText(response, 500, 'This file could not be read.');
    });
  };
}

/** Ends `response` with one line of plain text. */
export function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: OutgoingHttpHeaders = {},
): void {
  const body = Buffer.from(`${text}\n`);
  response.writeHead(status, {
    ...securityHeaders,
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': body.length,
    ...headers,
  });
  response.end(body);
}

/** The path of a request target, without its query; an absolute-form target (§7.1 of RFC 9112) counts too. */
export function requestPath(request: IncomingMessage): string {
  return (request.url ?? '/').replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '') || '/';
}

async function answer(
  folder: string,
  prefix: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    sendText(response, 405, 'Only GET and HEAD are possible here.', { Allow: 'GET, HEAD' });
    return;
  }
  const where = requestPath(request);
  const names = where.startsWith(prefix) ? fileNames(where.slice(prefix.length)) : undefined;
  const body = names && (await readInside(folder, names));
  if (!body) {
    sendText(response, 404, 'There is no such page here.');
    return;
  }
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  // Browsers may keep a file but ask each time, so that a new version of the server is never met by an old page.
  const headers: OutgoingHttpHeaders = { ...securityHeaders, ETag: etag, 'Cache-Control': 'no-cache' };
  if (matches(request.headers['if-none-match'], etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  headers['Content-Type'] = types.get(path.extname(names.at(-1) ?? '')) ?? 'application/octet-stream';
  headers['Content-Length'] = body.length;
  response.writeHead(200, headers).end(body);
}

/** The names of folders and file that a URL path stands for, or undefined if one is no name that we would serve. */
function fileNames(urlPath: string): string[] | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath.replace(/%2f/gi, '\0'));
  } catch {
    return undefined;
  }
  const names = (decoded.endsWith('/') ? `${decoded}index.html` : decoded).split('/');
  if (names.shift() !== '' || !names.every((name) => safeName.test(name))) return undefined;
  return names;
}

/** The bytes of a file, or undefined if there is none, or if a symbolic link leads out of the folder. */
async function readInside(folder: string, names: string[]): Promise<Buffer | undefined> {
  try {
    const root = await realpath(folder);
    const file = await realpath(path.join(root, ...names));
    return file.startsWith(root + path.sep) ? await readFile(file) : undefined;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'ELOOP', 'ENAMETOOLONG'].includes(code)) return undefined;
    throw error;
  }
}

/** RFC 9110 §13.1.2: a list of entity tags, or "*", compared without regard to weakness. */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
