// What a manager raises, and what can be set while it runs (client API, "Manager").
import type { SocketPacket } from '../protocol/socketio/packet.ts';
import type { DisconnectDescription } from './engine-api.ts';

export interface ManagerReservedEvents {
  open: () => void;
  /** The server has pinged. */
  ping: () => void;
  packet: (packet: SocketPacket) => void;
  /** An attempt to connect has failed. */
  error: (error: Error) => void;
  close: (reason: string, description?: DisconnectDescription) => void;
  reconnect_attempt: (attempt: number) => void;
  reconnect_error: (error: Error) => void;
  reconnect_failed: () => void;
  reconnect: (attempt: number) => void;
}

/** Without an argument the value, with one the manager, which takes it. */
export interface Setting<Value, Self> {
  (): Value;
  (value: Value): Self;
}

/** With their defaults. */
export const settings = {
  reconnection: true,
  reconnectionAttempts: Infinity,
  reconnectionDelay: 1000,
  reconnectionDelayMax: 5000,
  randomizationFactor: 0.5,
  timeout: 20_000 as number | false,
};
