// The traces of all pages by their tokens: as many as may be, and each for as long as somebody has to do with it.
import { Trace } from './trace.ts';

export const tracesLimits = {
  traces: 128,
  /** How long a trace outlives its connections and watchers, in milliseconds: a page that is loaded anew finds it. */
  idleMs: 60_000,
};

export class Traces {
  /** The one that was needed last is the last. */
  readonly #byToken = new Map<string, Trace>();
  readonly #timer: NodeJS.Timeout;
  /** Those that were idle at the last look. */
  #idle = new Set<Trace>();

  constructor() {
    this.#timer = setInterval(() => this.#forgetIdle(), tracesLimits.idleMs).unref();
  }

  get size(): number {
    return this.#byToken.size;
  }

  /** The trace of a token, made if there is room; undefined if there is none. */
  of(token: string): Trace | undefined {
    const known = this.#byToken.get(token);
    if (known === undefined && !this.#makeRoom()) return undefined;
    const trace = known ?? new Trace();
    this.#byToken.delete(token);
    this.#byToken.set(token, trace);
    return trace;
  }

  /** Those that nobody watches make room, the oldest first. */
  #makeRoom(): boolean {
    if (this.#byToken.size < tracesLimits.traces) return true;
    for (const [token, trace] of this.#byToken) {
      if (!trace.isWatched) return this.#byToken.delete(token);
    }
    return false;
  }

  #forgetIdle(): void {
    const idle = [...this.#byToken].filter(([, trace]) => trace.isIdle);
    for (const [token, trace] of idle) if (this.#idle.has(trace)) this.#byToken.delete(token);
    this.#idle = new Set(idle.map(([, trace]) => trace));
  }

  close(): void {
    clearInterval(this.#timer);
    this.#byToken.clear();
  }
}
