// Ends connections in steps, so that their clients do not all return at the same moment.
import { CloseCode } from '../protocol/rfc6455/close-codes.ts';
import type { Connection } from './connection.ts';

const steps = 20;

/** Sends 1012 to a part of the connections every so often, for `ms` in all, and waits until all are gone. */
export async function drainConnections(connections: () => Iterable<Connection>, ms: number): Promise<void> {
  const all = [...connections()];
  const perStep = Math.max(1, Math.ceil(all.length / steps));
  const gone = all.map((connection) => connection.gone());
  for (let at = 0; at < all.length; at += perStep) {
    if (at > 0) await new Promise((resolve) => setTimeout(resolve, ms / steps));
    for (const connection of all.slice(at, at + perStep)) {
      connection.close(CloseCode.ServiceRestart, 'The server is restarting');
    }
  }
  await Promise.all(gone);
}
