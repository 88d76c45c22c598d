// The move of a session from long-polling to WebSocket: probe, proof, switch (Engine.IO protocol, "Upgrade").
import type { EnginePacket } from '../protocol/engineio/packet.ts';
import type { Transport, TransportHost } from './transport.ts';

/** The session that may move. */
export interface Upgrading {
  readonly transport: Transport;
  onUpgradeProbed(candidate: Transport): void;
  onUpgraded(candidate: Transport): void;
  onUpgradeAbandoned(): void;
}

/**
 * The states, and what leads from one to the next:
 *
 *     waiting ──2probe──▶ probed ──5──▶ upgraded
 *        └───────┴─ anything else, the end of the candidate or of the session, time ──▶ abandoned
 */
type UpgradeState = 'waiting' | 'probed' | 'upgraded' | 'abandoned';

export class Upgrade implements TransportHost {
  readonly #session: Upgrading;
  readonly #candidate: Transport;
  readonly #timer: NodeJS.Timeout;
  #state: UpgradeState = 'waiting';

  constructor(session: Upgrading, candidate: Transport, timeout: number) {
    this.#session = session;
    this.#candidate = candidate;
    this.#timer = setTimeout(() => this.abandon(), timeout);
    candidate.host = this;
  }

  onPacket({ type, data }: EnginePacket): void {
    if (type === 'ping' && data === 'probe' && this.#state === 'waiting') this.#probe();
    else if (type === 'upgrade' && (this.#state === 'waiting' || this.#state === 'probed')) this.#finish();
    else this.abandon();
  }

  #probe(): void {
    this.#state = 'probed';
    this.#candidate.sendOne({ type: 'pong', data: 'probe' });
    this.#session.onUpgradeProbed(this.#candidate);
    this.letPollGo();
  }

  /**
   * The client switches when no poll of its own is pending; one that has nothing to say is answered with a packet for
   * nobody, and so is the next, which the client may have sent before it saw the answer to its probe.
   */
  letPollGo(): void {
    const { transport } = this.#session;
    if (this.#state === 'probed' && transport.writable) transport.sendOne({ type: 'noop' });
  }

  #finish(): void {
    this.#stop('upgraded');
    this.#session.onUpgraded(this.#candidate);
  }

  /** Gives the candidate up; the session stays where it is. */
  abandon(): void {
    if (this.#state === 'upgraded' || this.#state === 'abandoned') return;
    this.#stop('abandoned');
    this.#candidate.close();
    this.#session.onUpgradeAbandoned();
  }

  #stop(state: UpgradeState): void {
    this.#state = state;
    clearTimeout(this.#timer);
  }

  onMessage(): void {
    this.abandon();
  }

  onInvalidPacket(): void {
    this.abandon();
  }

  onReady(): void {}

  onTransportClose(): void {
    this.abandon();
  }

  onTransportError(): void {
    this.abandon();
  }
}
