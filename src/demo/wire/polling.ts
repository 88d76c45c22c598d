// The requests of long-polling and their responses, as they pass the engine's middlewares, in; records of both out.
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { gunzipSync, inflateSync } from 'node:zlib';
import { excerpt, type ResponseRecord } from './records.ts';
import { tokenOf } from './token.ts';
import type { Trace } from './trace.ts';
import type { Traces } from './traces.ts';

const shownBytes = 4096;
const mostBody = 64 * 1024;

/** A middleware that looks on. */
export function tracePolling(traces: Traces) {
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const token = request.headers.upgrade === undefined ? tokenOf(request.url) : undefined;
    const trace = token === undefined ? undefined : traces.of(token);
    if (trace !== undefined) {
      const exchange = trace.nextNumber();
      traceRequest(request, exchange, trace);
      traceResponse(request, response, exchange, trace);
    }
    next();
  };
}

function traceRequest(request: IncomingMessage, exchange: number, trace: Trace): void {
  const tell = (body: Buffer, length: number) =>
    trace.add({
      kind: 'request',
      exchange,
      session: sessionOf(request),
      head: requestHead(request),
      body: excerpt(body, length, shownBytes),
    });
  if (request.method !== 'POST') {
    tell(Buffer.alloc(0), 0);
    return;
  }
  const parts: Buffer[] = [];
  let length = 0;
  // Starts no flow: the body is the engine's to read.
  request.prependListener('data', (chunk: Buffer) => {
    if (length < mostBody) parts.push(Buffer.from(chunk));
    length += chunk.length;
  });
  request.prependOnceListener('end', () => tell(Buffer.concat(parts), length));
}

function traceResponse(
  request: IncomingMessage,
  response: ServerResponse,
  exchange: number,
  trace: Trace,
): void {
  const { writeHead, end } = response;
  let head = '';
  let told = false;
  const tell = (body: Buffer) => {
    if (told) return;
    told = true;
    trace.add({ kind: 'response', exchange, head, ...readBody(head, body, request) });
  };
  response.writeHead = (status: number, ...rest: unknown[]) => {
    Reflect.apply(writeHead, response, [status, ...rest]);
    head = responseHead(response, rest.at(-1));
    return response;
  };
  response.end = ((...given: unknown[]) => {
    const [chunk] = given;
    const bytes =
      typeof chunk === 'string' || chunk instanceof Uint8Array ? Buffer.from(chunk) : Buffer.alloc(0);
    Reflect.apply(end, response, given);
    if (head === '') head = responseHead(response, undefined);
    tell(bytes);
    return response;
  }) as typeof end;
  response.once('close', () => tell(Buffer.alloc(0)));
}

function readBody(
  head: string,
  bytes: Buffer,
  request: IncomingMessage,
): Pick<ResponseRecord, 'body' | 'session' | 'compressed'> {
  const encoding = /^content-encoding: (\w+)/im.exec(head)?.[1];
  const body = decompressed(bytes, encoding);
  const session = sessionOf(request) ?? /^0\{"sid":"([\w-]+)"/.exec(body.toString('latin1', 0, 200))?.[1];
  const shown = excerpt(body, body.length, shownBytes);
  return { body: shown, session, ...(body !== bytes && { compressed: bytes.length }) };
}

/** A body that can't be read is shown as it is: looking on must never disturb a response. */
function decompressed(bytes: Buffer, encoding: string | undefined): Buffer {
  const options = { maxOutputLength: 4 * 1024 * 1024 };
  try {
    if (encoding === 'gzip') return gunzipSync(bytes, options);
    if (encoding === 'deflate') return inflateSync(bytes, options);
  } catch {}
  return bytes;
}

function sessionOf({ url }: IncomingMessage): string | undefined {
  return /[?&]sid=([\w-]+)/.exec(url ?? '')?.[1];
}

function requestHead({ method, url, httpVersion, rawHeaders }: IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let i = 0; i < rawHeaders.length; i += 2) lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`);
  return lines.join('\r\n');
}

function responseHead(response: ServerResponse, given: unknown): string {
  const headers: OutgoingHttpHeaders = { ...response.getHeaders() };
  if (typeof given === 'object' && given !== null) Object.assign(headers, given);
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => `${name}: ${one}`),
  );
  return [`HTTP/1.1 ${response.statusCode} ${response.statusMessage ?? ''}`, ...lines].join('\r\n');
}
