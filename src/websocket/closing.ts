// How far the end of a connection has come: close frames both ways, a failure, and what the `close` event says (RFC 6455 §7.1).
import { CloseCode } from '../protocol/rfc6455/close-codes.ts';

const noReason = Buffer.alloc(0);

/** What a connection has to remember from the moment its end begins. */
export class Closing {
  sent = false;
  received = false;
  /** §7.1.7: because of a breach of the protocol or a limit. */
  failed = false;
  /** §7.1.5: without a close frame of the peer, 1006. */
  code: number = CloseCode.AbnormalClosure;
  reason: Buffer = noReason;
  #timer: NodeJS.Timeout | undefined;

  /** Whether it is time to close TCP: both close frames are through, or one behind a failure. */
  get isDone(): boolean {
    return this.sent && (this.received || this.failed);
  }

  /** §7.1.4: whether close frames went both ways. */
  get isClean(): boolean {
    return this.sent && this.received;
  }

  /** Whether what the peer still sends is discarded. */
  get isDeaf(): boolean {
    return this.received || this.failed;
  }

  /** @param milliseconds after which `giveUp` is called, unless `stopWaiting` was before */
  waitFor(milliseconds: number, giveUp: () => void): void {
    this.#timer = setTimeout(giveUp, milliseconds);
  }

  stopWaiting(): void {
    clearTimeout(this.#timer);
  }
}
