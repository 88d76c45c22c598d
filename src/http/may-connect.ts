// A request in; whether its client may connect out: what the program says of it, or else the page that it comes from (RFC 6455 §10.2).
import type { IncomingMessage } from 'node:http';
import { authorityOf } from '../protocol/rfc6455/origin.ts';
import { type CorsDelegate, type CorsOptions, letsIn } from './cors.ts';

/** Decides about a handshake: `callback(message, false)` refuses it with 403. */
export type AllowRequest = (
  req: IncomingMessage,
  callback: (error: string | null | undefined, success: boolean) => void,
) => void;

export interface ConnectRules {
  readonly allowRequest?: AllowRequest | undefined;
  readonly cors?: CorsOptions | CorsDelegate | false | undefined;
}

/** Why not: the `message` of the program, the `error` it failed with, or `CROSS_ORIGIN` and the `origin`. */
export type ConnectRefusal = Readonly<Record<string, unknown>>;

/** Asks the program if it has something to say; if not, and if `guarded`, pages of other sites are refused. */
export function mayConnect(
  req: IncomingMessage,
  { allowRequest, cors }: ConnectRules,
  guarded: boolean,
  done: (refusal?: ConnectRefusal) => void,
): void {
  if (allowRequest !== undefined) return askProgram(allowRequest, req, done);
  if (!guarded || isSameSite(req)) return done();
  const answer = (allowed: boolean) => {
    if (allowed) done();
    else done({ name: 'CROSS_ORIGIN', origin: req.headers.origin });
  };
  if (cors) letsIn(cors, req, answer);
  else answer(false);
}

/** The first answer counts. A program that fails to give one has not allowed anything. */
function askProgram(
  allowRequest: AllowRequest,
  req: IncomingMessage,
  done: (refusal?: ConnectRefusal) => void,
): void {
  let answered = false;
  const answer = (refusal?: ConnectRefusal) => {
    if (answered) return;
    answered = true;
    done(refusal);
  };
  const failed = (error: unknown) => answer({ error });
  let returned: unknown;
  try {
    returned = allowRequest(req, (message, success) => answer(success ? undefined : { message }));
  } catch (error) {
    if (answered) throw error;
    return failed(error);
  }
  if (returned instanceof Promise) returned.catch(failed);
}

/**
 * Cross-site WebSocket hijacking: browsers let any page open a WebSocket, and post a form, with its visitor's cookies.
 * A proxy that changes the Host says so.
 */
function isSameSite(req: IncomingMessage): boolean {
  const { origin, host } = req.headers;
  if (origin === undefined) return true;
  const authority = authorityOf(origin);
  if (authority === undefined) return false;
  const forwarded = req.headers['x-forwarded-host']?.toString().split(',')[0]?.trim();
  return authority === host?.toLowerCase() || authority === forwarded?.toLowerCase();
}
