// The request that began a session in; text out, and the request again when somebody asks for it: an idle session keeps no object it can make again.
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { type Query, readQuery } from '../protocol/engineio/handshake.ts';

type QueriedRequest = IncomingMessage & { _query?: Query };

/** What every request has: one that has more was given it by a program, and cannot be made again. */
const ordinary = new Set<string | symbol>([
  ...Reflect.ownKeys(new IncomingMessage(new Socket())),
  'parser',
  '_query',
]);

export class KeptRequest {
  readonly #socket: Socket;
  /** The target, then names and values of headers in turn: none of them can hold a line break. */
  readonly #lines: string;

  private constructor(request: IncomingMessage) {
    this.#socket = request.socket;
    this.#lines = [request.url, ...request.rawHeaders].join('\n');
  }

  /** Undefined for a request that would not be the same again. */
  static of(request: QueriedRequest): KeptRequest | undefined {
    const { method, httpVersion, rawHeaders, url = '', _query } = request;
    if (method !== 'GET' || httpVersion !== '1.1' || Object.keys(request.trailers).length > 0)
      return undefined;
    // Of headers that come twice, each kind is joined in a way of its own.
    if (Object.keys(request.headers).length * 2 !== rawHeaders.length) return undefined;
    if (Reflect.ownKeys(request).some((key) => !ordinary.has(key))) return undefined;
    // The query, too, may be a program's.
    if (_query !== undefined && JSON.stringify(_query) !== JSON.stringify(readQuery(url))) return undefined;
    return new KeptRequest(request);
  }

  restore(): IncomingMessage {
    const [url = '', ...rawHeaders] = this.#lines.split('\n');
    const request: QueriedRequest = new IncomingMessage(this.#socket);
    request.method = 'GET';
    request.url = url;
    request.httpVersion = '1.1';
    request.httpVersionMajor = 1;
    request.httpVersionMinor = 1;
    request.complete = true;
    request.rawHeaders = rawHeaders;
    addHeaders(request, rawHeaders);
    request._query = readQuery(url);
    return request;
  }
}

function addHeaders(request: IncomingMessage, rawHeaders: readonly string[]): void {
  const headers: IncomingMessage['headers'] = {};
  const distinct: IncomingMessage['headersDistinct'] = {};
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const [name, value] = [rawHeaders[i]!.toLowerCase(), rawHeaders[i + 1]!];
    distinct[name] = [value];
    if (name === 'set-cookie') headers[name] = [value];
    else headers[name] = value;
  }
  request.headers = headers;
  request.headersDistinct = distinct;
}
