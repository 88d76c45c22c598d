// What a page asks of the laboratory: JSON in; bytes for a TCP connection, or a refusal in words, out.
import { randomBytes } from 'node:crypto';
import { echoPath } from './echo.ts';

export const experimentLimits = {
  bytes: 256 * 1024,
  writes: 64,
  headers: 24,
  headerBytes: 2048,
};

/** Why an experiment is not done. */
export class ExperimentError extends Error {}

export interface Experiment {
  readonly run: number;
  /** The opening handshake. */
  readonly request: Buffer;
  /** What follows once it has succeeded; each goes to the system by itself. */
  readonly writes: readonly Buffer[];
}

type Headers = Record<string, string | readonly string[] | null>;

/** @throws ExperimentError */
export function readExperiment(text: string, token: string): Experiment {
  const asked = object(parse(text), 'an experiment');
  const { run, deflate, request = {}, writes } = asked;
  if (typeof run !== 'number' || !Number.isSafeInteger(run) || run < 0) refuse('"run" must be a number');
  const { requestLine = `GET ${echoPath} HTTP/1.1`, headers = {} } = object(request, '"request"');
  const query = `?wire=${token}&run=${run}`;
  return {
    run: run as number,
    request: requestBytes(withQuery(requestLine, query), headers, deflate === true),
    writes: readWrites(writes),
  };
}

/** The run that a request of ours belongs to. */
export function runOf(url: string | undefined): number | undefined {
  const digits = /[?&]run=(\d{1,15})(?:&|$)/.exec(url ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return refuse('it is not JSON');
  }
}

function object(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    refuse(`${what} must be an object`);
  return value as Record<string, unknown>;
}

/** Nothing but the laboratory's own path can be asked for. */
function withQuery(requestLine: unknown, query: string): string {
  const match = /^([A-Z]{1,10}) \/inspector\/echo (HTTP\/1\.[01])$/.exec(String(requestLine));
  if (match === null) return refuse(`the request line must be like "GET ${echoPath} HTTP/1.1"`);
  return `${match[1]} ${echoPath}${query} ${match[2]}`;
}

function requestBytes(requestLine: string, changes: unknown, deflate: boolean): Buffer {
  const headers: Headers = {
    Host: 'localhost',
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    'Sec-WebSocket-Version': '13',
    ...(deflate && { 'Sec-WebSocket-Extensions': 'permessage-deflate' }),
    ...(object(changes, '"headers"') as Headers),
  };
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : value === null ? [] : [value]).map((one) => `${name}: ${one}`),
  );
  const fits =
    lines.length <= experimentLimits.headers && lines.join('').length <= experimentLimits.headerBytes;
  if (!fits) refuse('the headers are too many or too long');
  // A line break would begin another header, or another request.
  if (!lines.every((line) => /^[!#$%&'*+.^_`|~\w-]+: [\t\x20-\x7e\x80-\xff]*$/.test(line))) {
    refuse('a header must be a name, a colon and printable characters');
  }
  return Buffer.from(`${[requestLine, ...lines].join('\r\n')}\r\n\r\n`, 'latin1');
}

function readWrites(writes: unknown): Buffer[] {
  const { writes: most, bytes } = experimentLimits;
  if (!Array.isArray(writes) || writes.length > most)
    return refuse(`"writes" must be a list of up to ${most}`);
  const buffers = writes.map((one) =>
    typeof one === 'string' ? Buffer.from(one, 'base64') : refuse('bytes must be in base64'),
  );
  const size = buffers.reduce((sum, { length }) => sum + length, 0);
  if (size > bytes) refuse(`${size} bytes are more than the ${bytes} that may be sent`);
  return buffers;
}

function refuse(why: string): never {
  throw new ExperimentError(`The laboratory can't do that: ${why}.`);
}
