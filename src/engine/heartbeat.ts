// Pings each session, and ends those that do not answer in time (Engine.IO protocol, "Heartbeat").
import { Deadlines } from './deadlines.ts';

/** How late a ping may be, in parts of the time for its answer, at the cost of that. */
const mostLateness = 0.9;

/** What the heartbeat needs of a session. */
export interface Beating {
  ping(): void;
  onPingTimeout(): void;
}

export class Heartbeat<S extends Beating> {
  readonly #untilPing: Deadlines<S>;
  readonly #untilTimeout: Deadlines<S>;

  /** Both in milliseconds: between an answer and the next ping, and between a ping and its answer. */
  constructor(pingInterval: number, pingTimeout: number) {
    this.#untilTimeout = new Deadlines(pingTimeout, (session) => session.onPingTimeout());
    this.#untilPing = new Deadlines(pingInterval, (session, due) => {
      // Counted from when the ping was due, so that a timer's delay does not lengthen a silent session's life; but a
      // process that has stood still must not take that for the silence of all its clients.
      this.#untilTimeout.add(session, Math.max(due, performance.now() - pingTimeout * mostLateness));
      session.ping();
    });
  }

  /** The session was opened, or its peer has answered. */
  start(session: S): void {
    this.#untilTimeout.delete(session);
    this.#untilPing.add(session);
  }

  stop(session: S): void {
    this.#untilPing.delete(session);
    this.#untilTimeout.delete(session);
  }

  /** Ends the session if it has been silent for too long, even if no timer has said so yet. */
  check(session: S): void {
    if (!this.#untilTimeout.isOverdue(session)) return;
    this.stop(session);
    session.onPingTimeout();
  }
}
