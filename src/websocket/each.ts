// Serves a list of which one member may throw.

/** Calls `serve` for each item. An exception passes on to the caller, but the items behind it are served in the next tick. */
export function each<T>(items: readonly T[], serve: (item: T) => void): void {
  let served = 0;
  try {
    while (served < items.length) serve(items[served++]!);
  } finally {
    if (served < items.length) process.nextTick(each, items.slice(served), serve);
  }
}
