// A request in; the session it belongs to, the id of a new one, or the reason to refuse it, out.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Middleware } from '../http/cors.ts';
import { EngineErrorCode, type EngineRefusal } from '../protocol/engineio/errors.ts';
import { runMiddlewares } from './middlewares.ts';
import type { ResolvedEngineOptions } from './options.ts';
import type { Session } from './session.ts';
import { type Checked, checkHandshake, checkRequest } from './verify.ts';

/** Who decides. */
export interface Gate {
  readonly opts: ResolvedEngineOptions;
  readonly middlewares: readonly Middleware[];
  find(sid: string | undefined): Session | undefined;
  generateId(req: IncomingMessage): string | Promise<string>;
}

/** What becomes of the request: exactly one of these, or nothing if it was answered or given up meanwhile. */
export interface Verdict {
  refuse(refusal: EngineRefusal): void;
  toSession(session: Session): void;
  toNewSession(id: string): void;
}

/** Runs the middlewares, then the checks in their order; makes an id for a session that may begin. */
export function admit(gate: Gate, checked: Checked, res: ServerResponse, verdict: Verdict): void {
  runMiddlewares(gate.middlewares, checked.req, res, (error) => {
    if (error !== undefined) return verdict.refuse(badRequest('MIDDLEWARE_FAILURE', error));
    if (isOver(checked, res)) return;
    const session = gate.find(checked.query.sid);
    const refusal = checkRequest(checked, gate.opts, session);
    if (refusal !== undefined) return verdict.refuse(refusal);
    if (session !== undefined) return verdict.toSession(session);
    checkHandshake(checked, gate.opts, (reason) => {
      if (reason !== undefined) verdict.refuse(reason);
      else makeId(gate, checked, res, verdict);
    });
  });
}

/** The id may be a program's own, made at once or later, and must not be that of another session. */
function makeId(gate: Gate, checked: Checked, res: ServerResponse, verdict: Verdict): void {
  const failed = (error: unknown) => verdict.refuse(badRequest('ID_GENERATION_ERROR', error));
  const made = (id: string) => {
    if (isOver(checked, res)) return;
    if (gate.find(id) !== undefined) failed(new Error(`There is a session with the id ${id}`));
    else verdict.toNewSession(id);
  };
  let id: string | Promise<string>;
  try {
    id = gate.generateId(checked.req);
  } catch (error) {
    return failed(error);
  }
  if (id instanceof Promise) id.then(made, failed);
  else made(id);
}

/** Whether a middleware has answered, or the client has left before anybody could. */
function isOver({ req }: Checked, res: ServerResponse): boolean {
  return res.headersSent || res.writableEnded || req.socket.destroyed;
}

function badRequest(name: string, error: unknown): EngineRefusal {
  return { code: EngineErrorCode.BAD_REQUEST, context: { name, error } };
}
