// Listeners for every event, on the way in or on the way out (client API, "onAny").
import type { Listener } from './emitter.ts';

export interface CatchAll<Self> {
  on(listener: Listener): Self;
  /** One of them, or all. */
  off(listener?: Listener): Self;
  listeners(): readonly Listener[];
}

/** Defines `onX`, `prependX`, `offX` and `listenersX`. Lists are replaced, never changed: one may be in use. */
export function defineCatchAll(prototype: object, x: string): void {
  const lists = new WeakMap<object, readonly Listener[]>();
  const of = (self: object) => lists.get(self) ?? [];
  const define = (verb: string, next: (list: readonly Listener[], listener: Listener) => Listener[]) =>
    Object.assign(prototype, {
      [verb + x](this: object, listener: Listener) {
        lists.set(this, next(of(this), listener));
        return this;
      },
    });
  define('on', (list, listener) => [...list, listener]);
  define('prepend', (list, listener) => [listener, ...list]);
  define('off', (list, listener) =>
    list.filter((one, at) => listener && (one !== listener || at !== list.indexOf(one))),
  );
  Object.assign(prototype, {
    [`listeners${x}`](this: object) {
      return of(this);
    },
  });
}
