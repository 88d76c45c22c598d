// A request in; nothing, or the reason to refuse it, out: the checks in the order in which clients expect them.
import type { IncomingMessage } from 'node:http';
import { mayConnect } from '../http/may-connect.ts';
import { EngineErrorCode as Code, type EngineRefusal } from '../protocol/engineio/errors.ts';
import { type Query, revision } from '../protocol/engineio/handshake.ts';
import type { ResolvedEngineOptions } from './options.ts';
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
  // Long-polling needs no check of the origin, as no other page can read its responses.
  mayConnect(req, options, isUpgrade, (context) => {
    if (context === undefined) checkRevision();
    else done({ code: Code.FORBIDDEN, context });
  });
}

/** What is not revision 4 is taken for the one before it. */
function revisionOf(query: Query): number {
  return query.EIO === String(revision) ? revision : revision - 1;
}

function badRequest(context: Readonly<Record<string, unknown>>): EngineRefusal {
  return { code: Code.BAD_REQUEST, context };
}
