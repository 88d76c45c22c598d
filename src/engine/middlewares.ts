// Runs Express-style middlewares one after the other.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Middleware } from '../http/cors.ts';

/** Calls `done` when all have called `next`, or with the error of the first that fails. */
export function runMiddlewares(
  middlewares: readonly Middleware[],
  req: IncomingMessage,
  res: ServerResponse,
  done: (error?: unknown) => void,
): void {
  const run = (index: number) => {
    const middleware = middlewares[index];
    if (middleware === undefined) return done();
    middleware(req, res, (error) => {
      if (error) done(error);
      else run(index + 1);
    });
  };
  run(0);
}
