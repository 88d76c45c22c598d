// What waits in a session until its transport can take it.
import type { SentCallback } from './session-events.ts';
import type { OutgoingPacket } from './transport.ts';

export class Backlog {
  readonly packets: OutgoingPacket[] = [];
  callbacks: SentCallback[] | undefined;
  /** Bytes of its messages, and what it takes to keep them. */
  size = 0;

  add(packet: OutgoingPacket, callback?: SentCallback): void {
    this.packets.push(packet);
    this.size += sizeOf(packet);
    if (callback === undefined) return;
    this.callbacks ??= [];
    this.callbacks.push(callback);
  }
}

/** An object of its own is not free either. */
function sizeOf({ data }: OutgoingPacket): number {
  return 100 + (data?.length ?? 0);
}
