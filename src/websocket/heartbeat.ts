// Finds connections whose peer is gone without a word: one timer for all of a server's (RFC 6455 §5.5.2).
import { Opcode } from '../protocol/rfc6455/opcode.ts';
import type { Connection } from './connection.ts';
import { each } from './each.ts';
import { ReadyState } from './ready-state.ts';

const nothing = Buffer.alloc(0);

/**
 * Looks at all connections every `interval` milliseconds: who was silent since the last look gets a ping, and who stays
 * silent until the next is ended. Returns how to stop it.
 */
export function startHeartbeat(connections: () => Iterable<Connection>, interval: number): () => void {
  const timer = setInterval(() => each([...connections()], beat), interval);
  timer.unref();
  return () => clearInterval(timer);
}

function beat(connection: Connection): void {
  if (connection.readyState !== ReadyState.OPEN) return;
  if (connection.isAlive()) {
    connection.pinged = false;
  } else if (connection.pinged) {
    connection.terminate();
  } else {
    connection.pinged = true;
    connection.sender.control(Opcode.Ping, nothing, connection.settings.mask, undefined);
  }
}
