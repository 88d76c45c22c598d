// Listeners for every event, on the way in or on the way out (client API, "onAny").
import type { Emitter, Listener } from './emitter.ts';

export interface CatchAll<Self> {
  on(listener: Listener): Self;
  /** One of them, or all. */
  off(listener?: Listener): Self;
  listeners(): readonly Listener[];
}

/** Defines `onAny` and so on for the objects of a class; `_any` keeps their listeners. */
export function defineCatchAll(prototype: { readonly _any: Emitter }): void {
  for (const way of ['Any', 'AnyOutgoing']) {
    for (const verb of ['on', 'prepend', 'off', 'listeners'] as const) {
      Object.assign(prototype, {
        [verb + way](this: typeof prototype, listener: Listener) {
          const result = this._any[verb](way, listener);
          return Array.isArray(result) ? result : this;
        },
      });
    }
  }
}
