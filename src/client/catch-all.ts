// Listeners for every event, on the way in or on the way out (client API, "onAny").
import type { Emitter, Listener } from './emitter.ts';

export interface CatchAll<Self> {
  on(listener: Listener): Self;
  /** One of them, or all. */
  off(listener?: Listener): Self;
  listeners(): readonly Listener[];
}

/**
 * Defines `onX`, `prependX`, `offX` and `listenersX` for a class.
 *
 * @param of what keeps the listeners of one of its objects
 */
export function defineCatchAll<Self>(prototype: Self, x: string, of: (self: Self) => Emitter): void {
  for (const verb of ['on', 'prepend', 'off', 'listeners'] as const) {
    Object.assign(prototype as object, {
      [verb + x](this: Self, listener: Listener) {
        const result = of(this)[verb](x, listener);
        return Array.isArray(result) ? result : this;
      },
    });
  }
}
