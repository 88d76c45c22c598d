// Cross-Origin Resource Sharing as a middleware, with the options that the `cors` package made customary (Fetch standard, §3.2).
import type { IncomingMessage, ServerResponse } from 'node:http';

type OriginValue = boolean | string | RegExp | readonly (string | RegExp)[];
type OriginCallback = (error: Error | null, value?: OriginValue) => void;

export interface CorsOptions {
  /**
   * Whose pages may read responses: `*` for all (the default), one origin, patterns, `true` for whoever asks, `false`
   * for no handling at all, or a function that tells.
   */
  origin?: OriginValue | ((origin: string | undefined, callback: OriginCallback) => void) | undefined;
  methods?: string | readonly string[] | undefined;
  /** Default: what the preflight asks for. */
  allowedHeaders?: string | readonly string[] | undefined;
  /** Another name for `allowedHeaders`. */
  headers?: string | readonly string[] | undefined;
  exposedHeaders?: string | readonly string[] | undefined;
  /** Whether cookies may come along. */
  credentials?: boolean | undefined;
  /** Seconds that a preflight may be remembered. */
  maxAge?: number | undefined;
  preflightContinue?: boolean | undefined;
  /** Default 204. */
  optionsSuccessStatus?: number | undefined;
}

/** Options, or a function that finds them for a request. */
export type CorsDelegate = (
  req: IncomingMessage,
  callback: (error: Error | null, options?: CorsOptions | null) => void,
) => void;

export type Middleware = (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void;

const allMethods = 'GET,HEAD,PUT,PATCH,POST,DELETE';

export function cors(options: CorsOptions | CorsDelegate): Middleware {
  return (req, res, next) => {
    resolve(options, req, (error, found, value) => {
      if (error || !value) next(error ?? undefined);
      else apply(req, res, found, value, next);
    });
  };
}

/** Whether these options let the page that sent a request read its response. Failures are no. */
export function letsIn(
  options: CorsOptions | CorsDelegate,
  req: IncomingMessage,
  done: (allowed: boolean) => void,
): void {
  const origin = req.headers.origin ?? '';
  resolve(options, req, (error, _found, value) =>
    done(!error && (value === '*' || (value !== undefined && allows(value, origin)))),
  );
}

/** Finds the options for a request, and what they say of its origin. */
function resolve(
  options: CorsOptions | CorsDelegate,
  req: IncomingMessage,
  done: (error: Error | null, found: CorsOptions, value?: OriginValue) => void,
): void {
  const withOptions = (error: Error | null, given?: CorsOptions | null) => {
    const found = given ?? {};
    if (error) done(error, found);
    else findOrigin(req.headers.origin, found, (failure, value) => done(failure, found, value));
  };
  if (typeof options === 'function') options(req, withOptions);
  else withOptions(null, options);
}

function findOrigin(origin: string | undefined, options: CorsOptions, callback: OriginCallback): void {
  if (typeof options.origin === 'function') options.origin(origin, callback);
  else callback(null, options.origin ?? '*');
}

function apply(
  req: IncomingMessage,
  res: ServerResponse,
  options: CorsOptions,
  value: OriginValue,
  next: () => void,
): void {
  const { origin } = req.headers;
  if (value === '*') {
    res.setHeader('Access-Control-Allow-Origin', '*');
  } else {
    if (typeof value === 'string') res.setHeader('Access-Control-Allow-Origin', value);
    else if (origin !== undefined && allows(value, origin))
      res.setHeader('Access-Control-Allow-Origin', origin);
    vary(res, 'Origin');
  }
  if (options.credentials === true) res.setHeader('Access-Control-Allow-Credentials', 'true');
  if (req.method === 'OPTIONS') return preflight(req, res, options, next);
  setList(res, 'Access-Control-Expose-Headers', options.exposedHeaders);
  next();
}

function allows(value: OriginValue, origin: string): boolean {
  // Not `test`, which goes on where it ended the last time if the pattern is global.
  if (value instanceof RegExp) return origin.search(value) !== -1;
  if (Array.isArray(value)) return value.some((one: string | RegExp) => allows(one, origin));
  return value === true || value === origin;
}

function preflight(req: IncomingMessage, res: ServerResponse, options: CorsOptions, next: () => void): void {
  setList(res, 'Access-Control-Allow-Methods', options.methods ?? allMethods);
  const headers = options.allowedHeaders ?? options.headers;
  if (headers === undefined) vary(res, 'Access-Control-Request-Headers');
  setList(res, 'Access-Control-Allow-Headers', headers ?? req.headers['access-control-request-headers']);
  if (options.maxAge !== undefined) res.setHeader('Access-Control-Max-Age', String(options.maxAge));
  setList(res, 'Access-Control-Expose-Headers', options.exposedHeaders);
  if (options.preflightContinue === true) return next();
  res.statusCode = options.optionsSuccessStatus ?? 204;
  res.setHeader('Content-Length', '0');
  res.end();
}

function setList(res: ServerResponse, name: string, value: string | readonly string[] | undefined): void {
  const text = typeof value === 'string' ? value : value?.join(',');
  if (text) res.setHeader(name, text);
}

function vary(res: ServerResponse, name: string): void {
  const present = res.getHeader('Vary');
  res.setHeader('Vary', present === undefined ? name : `${present}, ${name}`);
}
