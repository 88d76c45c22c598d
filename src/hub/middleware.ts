// Runs a list of middlewares one after the other, for sockets that connect and for events that arrive (Socket.IO v4 server API).
import { isPromiseLike } from './failures.ts';

/** Why a middleware refuses: the client gets its message and `data` with `connect_error`. */
export interface ExtendedError extends Error {
  /** Goes to the client with the message when it is refused. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever the program wants to tell its client
  data?: any;
}

export type Next = (error?: ExtendedError) => void;

export type Middleware<Subject> = (subject: Subject, next: Next) => void | Promise<void>;

/** How a run ended: `failed` if a middleware threw or rejected, which is no decision of the program. */
export type Outcome = (error: ExtendedError | undefined, failed: boolean) => void;

/** Counts the middlewares whose promises have not settled. */
export interface Held {
  count: number;
}

/** Runs the middlewares that are in the list now. `done` is called at most once: never if one does not call `next`. */
export function runMiddlewares<Subject>(
  middlewares: readonly Middleware<Subject>[],
  subject: Subject,
  done: Outcome,
  held: Held = { count: 0 },
): void {
  if (middlewares.length === 0) return done(undefined, false);
  runFrom(middlewares.slice(), 0, subject, done, held);
}

function runFrom<Subject>(
  middlewares: readonly Middleware<Subject>[],
  index: number,
  subject: Subject,
  done: Outcome,
  held: Held,
): void {
  const middleware = middlewares[index];
  if (middleware === undefined) return done(undefined, false);
  let decided = false;
  const release = () => {
    held.count--;
  };
  const fail = (error: unknown) => {
    if (decided) return;
    decided = true;
    done(error as ExtendedError, true);
  };
  const next = (error?: ExtendedError) => {
    if (decided) return;
    decided = true;
    if (error) done(error, false);
    else runFrom(middlewares, index + 1, subject, done, held);
  };
  try {
    const result: unknown = middleware(subject, next);
    if (!isPromiseLike(result)) return;
    held.count++;
    result.then(undefined, fail).then(release);
  } catch (error) {
    fail(error);
  }
}
