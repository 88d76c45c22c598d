// How many attempts have failed in, how long to wait before the next one out (client API, "Reconnection").

export interface BackoffOptions {
  /** Milliseconds. */
  readonly delay: number;
  readonly max: number;
  /** 0…1 */
  readonly factor: number;
}

/**
 * Milliseconds to wait, at random about `delay · 2^attempts`.
 *
 * @param attempts those before
 * @param random 0 ≤ random < 1
 */
export function backoff(
  { delay, max, factor }: BackoffOptions,
  attempts: number,
  random = Math.random(),
): number {
  const ms = delay * 2 ** Math.min(attempts, 31);
  const deviation = Math.floor(random * factor * ms);
  const shorter = Math.floor(random * 10) % 2 === 0;
  return Math.trunc(Math.min(shorter ? ms - deviation : ms + deviation, max));
}
