// Why a socket is gone (Socket.IO protocol v5), and after which reasons it may come back.

/** Why a socket is gone, as the event `disconnect` says it. The client gets its own words for it. */
export type DisconnectReason =
  | 'client namespace disconnect'
  | 'server namespace disconnect'
  | 'server shutting down'
  | 'forced server close'
  | 'forced close'
  | 'ping timeout'
  | 'transport close'
  | 'transport error'
  | 'parse error';

const recoverable = new Set<DisconnectReason>([
  'transport error',
  'transport close',
  'forced close',
  'ping timeout',
  'server shutting down',
  'forced server close',
]);

/** Whether the state of a socket that ends for this reason is kept for a while. */
export function isRecoverable(reason: DisconnectReason): boolean {
  return recoverable.has(reason);
}
