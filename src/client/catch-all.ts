// Listeners for every event, on the way in or on the way out (client API, "onAny").
import type { Listener } from './emitter.ts';

/** Adds at the end, or at the beginning. */
export function added(list: readonly Listener[], listener: Listener, first?: boolean): readonly Listener[] {
  return first ? [listener, ...list] : [...list, listener];
}

/** Removes one listener, or all. */
export function removed(list: readonly Listener[], listener?: Listener): readonly Listener[] {
  const at = list.indexOf(listener!);
  return listener ? list.filter((_, index) => index !== at) : [];
}
