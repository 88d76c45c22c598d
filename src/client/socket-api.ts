// What a socket raises, and what it needs of its manager (client API, "Socket").
import type { DisconnectDescription, Engine } from './engine-api.ts';
import type { OutgoingPacket } from './outbox.ts';

/** What a socket needs of its manager. */
export interface SocketHost {
  readonly _reconnecting: boolean;
  readonly engine: Engine;
  open(): unknown;
  _send(packet: OutgoingPacket): void;
  _leave(): void;
}

export interface SocketReservedEvents {
  /** Connected, or connected again. */
  connect: () => void;
  connect_error: (error: Error & { data?: unknown; description?: unknown; context?: unknown }) => void;
  disconnect: (reason: string, description?: DisconnectDescription) => void;
}
