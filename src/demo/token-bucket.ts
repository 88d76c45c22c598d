// Limits a rate: what something costs, and when, comes in; whether it is within the allowance goes out.

/** Holds up to `size` tokens and gains `perSecond` of them each second; it starts full. */
export class TokenBucket {
  readonly #size: number;
  readonly #perSecond: number;
  #tokens: number;
  #since: number;

  constructor(size: number, perSecond: number, now = performance.now()) {
    this.#size = size;
    this.#perSecond = perSecond;
    this.#tokens = size;
    this.#since = now;
  }

  /** Takes `cost` tokens, if there are that many. `now` is in milliseconds and never goes back. */
  take(cost: number, now = performance.now()): boolean {
    this.#tokens = Math.min(this.#size, this.#tokens + ((now - this.#since) / 1000) * this.#perSecond);
    this.#since = now;
    if (this.#tokens < cost) return false;
    this.#tokens -= cost;
    return true;
  }
}
