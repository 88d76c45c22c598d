// A request in; nothing, or the reason to refuse it, out: the checks in the order in which clients expect them.
import type { IncomingMessage } from 'node:http';
import { letsIn } from '../http/cors.ts';
import { EngineErrorCode as Code, type EngineRefusal } from '../protocol/engineio/errors.ts';
import { type Query, revision } from '../protocol/engineio/handshake.ts';
import { authorityOf } from '../protocol/rfc6455/origin.ts';
import type { AllowRequest, ResolvedEngineOptions } from './options.ts';
import type { Session } from './session.ts';
import type { TransportName } from './transport.ts';

/** RFC 9110 §5.5: what a header value may not hold; the HTTP parser lets some of it pass. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const controlCharacters = /[\x00-\x08\x0a-\x1f\x7f]/;

export interface Checked {
  readonly req: IncomingMessage;
  readonly query: Query;
  readonly isUpgrade: boolean;
}

/** Checks what can be said at once, for new sessions and for those there are. */
export function checkRequest(
  { req, query, isUpgrade }: Checked,
  options: ResolvedEngineOptions,
  session: Session | undefined,
): EngineRefusal | undefined {
  const { transport, sid } = query;
  if (!isTransportName(transport) || !options.transports.includes(transport)) {
    return { code: Code.UNKNOWN_TRANSPORT, context: { transport } };
  }
  const { origin } = req.headers;
  if (origin !== undefined && controlCharacters.test(origin))
    return badRequest({ name: 'INVALID_ORIGIN', origin });
  const refusal = sid ? checkExisting({ req, query, isUpgrade }, session) : checkNew(req);
  if (refusal !== undefined) return refusal;
  // A WebSocket begins with an upgrade request, and nothing else does.
  if (isUpgrade !== (transport === 'websocket')) return badRequest({ name: 'TRANSPORT_HANDSHAKE_ERROR' });
  return undefined;
}

/** Others may be in the list of transports: they don't come by a query. */
function isTransportName(name: string | undefined): name is TransportName {
  return name === 'polling' || name === 'websocket';
}

function checkNew({ method }: IncomingMessage): EngineRefusal | undefined {
  return method === 'GET' ? undefined : { code: Code.BAD_HANDSHAKE_METHOD, context: { method } };
}

function checkExisting(
  { query, isUpgrade }: Checked,
  session: Session | undefined,
): EngineRefusal | undefined {
  const { transport, sid } = query;
  if (session === undefined) return { code: Code.UNKNOWN_SID, context: { sid } };
  const previousTransport = session.transport.name;
  if (!isUpgrade && previousTransport !== transport) {
    return badRequest({ name: 'TRANSPORT_MISMATCH', transport, previousTransport });
  }
  const protocol = revisionOf(query);
  if (protocol !== session.protocol) {
    return badRequest({ name: 'PROTOCOL_MISMATCH', protocol, previousProtocol: session.protocol });
  }
  return undefined;
}

/** Checks the rest for a new session: whether the program wants the client, and whether it speaks our revision. */
export function checkHandshake(
  { req, query, isUpgrade }: Checked,
  options: ResolvedEngineOptions,
  done: (refusal?: EngineRefusal) => void,
): void {
  const checkRevision = () => {
    const protocol = revisionOf(query);
    if (protocol === revision) done();
    else done({ code: Code.UNSUPPORTED_PROTOCOL_VERSION, context: { protocol } });
  };
  if (options.allowRequest !== undefined) {
    askProgram(options.allowRequest, req, (refusal) => {
      if (refusal !== undefined) done(refusal);
      else checkRevision();
    });
  } else if (!isUpgrade || isSameSite(req)) {
    checkRevision();
  } else {
    const answer = (allowed: boolean) => {
      if (allowed) checkRevision();
      else done({ code: Code.FORBIDDEN, context: { name: 'CROSS_ORIGIN', origin: req.headers.origin } });
    };
    if (options.cors) letsIn(options.cors, req, answer);
    else answer(false);
  }
}

/** The first answer counts. A program that fails to give one has not allowed anything. */
function askProgram(
  allowRequest: AllowRequest,
  req: IncomingMessage,
  done: (refusal?: EngineRefusal) => void,
): void {
  let answered = false;
  const answer = (refusal?: EngineRefusal) => {
    if (answered) return;
    answered = true;
    done(refusal);
  };
  const failed = (error: unknown) => answer({ code: Code.FORBIDDEN, context: { error } });
  let returned: unknown;
  try {
    returned = allowRequest(req, (message, success) =>
      answer(success ? undefined : { code: Code.FORBIDDEN, context: { message } }),
    );
  } catch (error) {
    if (answered) throw error;
    return failed(error);
  }
  if (returned instanceof Promise) returned.catch(failed);
}

/**
 * Cross-site WebSocket hijacking (RFC 6455 §10.2): browsers let any page open a WebSocket with its visitor's cookies.
 * Long-polling needs no such check, as no other page can read its responses. A proxy that changes the Host says so.
 */
function isSameSite(req: IncomingMessage): boolean {
  const { origin, host } = req.headers;
  if (origin === undefined) return true;
  const authority = authorityOf(origin);
  if (authority === undefined) return false;
  const forwarded = req.headers['x-forwarded-host']?.toString().split(',')[0]?.trim();
  return authority === host?.toLowerCase() || authority === forwarded?.toLowerCase();
}

/** What is not revision 4 is taken for the one before it. */
function revisionOf(query: Query): number {
  return query.EIO === String(revision) ? revision : revision - 1;
}

function badRequest(context: Readonly<Record<string, unknown>>): EngineRefusal {
  return { code: Code.BAD_REQUEST, context };
}
