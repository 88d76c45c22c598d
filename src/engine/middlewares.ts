// Runs Express-style middlewares one after the other.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Middleware } from '../http/cors.ts';

/** Calls `done` when all have called `next`, or with the error of the first that fails, whichever way it does. */
export function runMiddlewares(
  middlewares: readonly Middleware[],
  req: IncomingMessage,
  res: ServerResponse,
  done: (error?: unknown) => void,
): void {
  const run = (index: number) => {
    const middleware = middlewares[index];
    if (middleware === undefined) return done();
    let called = false;
    const next = (error?: unknown) => {
      if (called) return;
      called = true;
      if (error) done(error);
      else run(index + 1);
    };
    const failed = (error: unknown) => next(error ?? new Error('A middleware failed without an error'));
    let returned: unknown;
    try {
      returned = middleware(req, res, next);
    } catch (error) {
      // Once it has called `next`, what is thrown comes from further on: that is for others to catch.
      if (called) throw error;
      return failed(error);
    }
    if (returned instanceof Promise) returned.catch(failed);
  };
  run(0);
}
