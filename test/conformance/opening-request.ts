// Writes a client's opening handshake (RFC 6455 §4.1), whole or with any part replaced, and reads the server's answer.
import assert from 'node:assert/strict';

/** The key and the accept value that RFC 6455 §1.3 computes from it. */
export const exampleKey = 'dGhlIHNhbXBsZSBub25jZQ==';
export const exampleAccept = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';

export interface OpeningRequest {
  requestLine?: string;
  /** Replaces a header of the plain request, adds one, repeats it (array) or leaves it out (undefined). */
  headers?: Record<string, string | string[] | undefined>;
}

export function openingRequest({
  requestLine = 'GET /chat HTTP/1.1',
  headers = {},
}: OpeningRequest = {}): Buffer {
  const fields: NonNullable<OpeningRequest['headers']> = {
    Host: 'server.example.com',
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Key': exampleKey,
    'Sec-WebSocket-Version': '13',
    ...headers,
  };
  const lines = Object.entries(fields).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : value === undefined ? [] : [value]).map((one) => `${name}: ${one}`),
  );
  return Buffer.from(`${[requestLine, ...lines].join('\r\n')}\r\n\r\n`, 'latin1');
}

export class OpeningResponse {
  readonly statusLine: string;
  readonly status: number;
  readonly fields: readonly (readonly [name: string, value: string])[];

  constructor(head: string) {
    const [statusLine = '', ...lines] = head.split('\r\n');
    assert(!/[\r\n]/.test(head.replaceAll('\r\n', '')), 'a header line ends in something else than CR LF');
    assert.match(statusLine, /^HTTP\/1\.1 [1-5]\d\d [\x20-\x7e]*$/, 'RFC 9112 §4: status line');
    this.statusLine = statusLine;
    this.status = Number(statusLine.slice(9, 12));
    this.fields = lines.map((field) => {
      const match = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*?)[ \t]*$/.exec(field);
      assert(match, `RFC 9112 §5: not a header field: ${JSON.stringify(field)}`);
      return [match[1]!.toLowerCase(), match[2]!];
    });
  }

  /** The value of a header that may appear once. */
  get(name: string): string | undefined {
    const values = this.fields.filter(([field]) => field === name.toLowerCase());
    assert(values.length <= 1, `the answer has ${values.length} ${name} headers`);
    return values[0]?.[1];
  }

  /** The parameters of the extension agreed on (RFC 7692 §5.1), if any was. */
  deflateParameters(): Map<string, string> | undefined {
    const value = this.get('Sec-WebSocket-Extensions');
    if (value === undefined) return undefined;
    const [name, ...parameters] = value.split(';').map((part) => part.trim());
    assert.equal(name, 'permessage-deflate', 'the server agreed to an extension it was not offered');
    const pairs = parameters.map((parameter): [string, string] => {
      const [key = '', setting = ''] = parameter.split('=');
      return [key, setting];
    });
    assert.equal(new Map(pairs).size, pairs.length, 'RFC 7692 §7.1: a parameter appears twice');
    return new Map(pairs);
  }
}
