// How many attempts have failed in, how long to wait before the next one out; and the wait (client API, "Reconnection").
import { platform, type TimerOptions } from './platform.ts';
import { later } from './timer.ts';

export interface BackoffSettings {
  /** Milliseconds, as all are; 0 is 1000. */
  reconnectionDelay(): number;
  reconnectionDelayMax(): number;
  /** 0…1 */
  randomizationFactor(): number;
}

/**
 * Milliseconds to wait, at random about `reconnectionDelay · 2^attempts`.
 *
 * @param attempts those before
 * @param random 0 ≤ random < 1
 */
export function backoff(settings: BackoffSettings, attempts: number, random = Math.random()): number {
  const ms = (settings.reconnectionDelay() || 1000) * 2 ** attempts;
  const factor = 1 + settings.randomizationFactor() * (2 * random - 1);
  return Math.min(ms * factor, settings.reconnectionDelayMax());
}

/**
 * Calls `task` after so many milliseconds, or as soon as the browser is online again or the page is seen again.
 *
 * @returns what calls it off
 */
export function wait(
  options: TimerOptions & { wakeUp?: boolean | undefined },
  ms: number,
  task: () => void,
): () => void {
  const { document } = platform;
  const listening = new AbortController();
  const cancel = () => {
    clearTimeout(timer);
    listening.abort();
  };
  const go = () => {
    cancel();
    task();
  };
  const timer = later(options, go, ms);
  if (options.wakeUp !== false) {
    platform.addEventListener?.('online', go, listening);
    const look = () => document!.hidden || go();
    document?.addEventListener?.('visibilitychange', look, listening);
  }
  return cancel;
}
