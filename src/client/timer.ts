// Milliseconds and a task in, a timer out, as the options want it (client API, "Options").
import { unref } from './node.ts';
import type { TimerOptions } from './platform.ts';

const nativeSetTimeout = setTimeout;

export type Timer = ReturnType<typeof setTimeout>;

/** Like setTimeout, but longer than its 2³¹ milliseconds is as long as can be, not at once. */
export function later(options: TimerOptions, task: () => void, ms: number): Timer {
  const timer = (options.useNativeTimers ? nativeSetTimeout : setTimeout)(task, Math.min(ms, 0x7fffffff));
  unref(options, timer);
  return timer;
}
