// Calls the program's own functions, so that what they throw or reject with ends in an event, never in a dead process.
import type { EventEmitter } from 'node:events';

/** Where failures go. */
export interface Failing {
  /** Is told what a handler threw, or what the promise it returned was rejected with. */
  _fail(error: unknown): void;
}

// biome-ignore lint/suspicious/noExplicitAny: listeners take what their event brings
type Callable = (this: any, ...args: any[]) => unknown;

/** Calls `listener` with `self` as `this`. */
export function call(failing: Failing, listener: Callable, self: unknown, args: readonly unknown[]): void {
  try {
    const result = Reflect.apply(listener, self, args);
    if (isPromiseLike(result)) result.then(undefined, (error) => failing._fail(error));
  } catch (error) {
    failing._fail(error);
  }
}

/** Calls the listeners of an event; the failure of one does not keep it from the others. Says whether there are any. */
export function dispatch(
  failing: Failing,
  emitter: EventEmitter,
  event: string | symbol,
  args: readonly unknown[],
): boolean {
  const listeners = emitter.rawListeners(event);
  for (const listener of listeners) call(failing, listener as Callable, emitter, args);
  return listeners.length > 0;
}

export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/** The same value; if it is a promise, its rejection is nobody's business any more. */
export function ignoreRejection<T>(result: T): T {
  if (isPromiseLike(result)) result.then(undefined, () => {});
  return result;
}

export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown), { cause: thrown });
}

/** Where failures go that no socket is to hear of: to the operator, who should know. */
export const reporting: Failing = {
  _fail(error) {
    console.error('wirehub: a handler failed:', error);
  },
};
