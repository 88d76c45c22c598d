// One message to many connections: encoded and framed once, the same bytes for all.
import { PreparedMessage } from './prepared-message.ts';
import { ReadyState } from './ready-state.ts';
import type { Sendable } from './sendable.ts';
import { connectionOf, type WebSocket } from './websocket.ts';

/** To whom a broadcast goes, and how. */
export interface BroadcastOptions<Socket extends WebSocket = WebSocket> {
  /** As a binary message or as text. Default: text for strings and numbers, binary for all else. */
  binary?: boolean | undefined;
  /** Leaves out one connection, or several. */
  except?: Socket | Iterable<Socket> | undefined;
  /** Leaves out those for which it returns false. */
  filter?: ((webSocket: Socket) => boolean) | undefined;
}

/** Sends to each that is open; who negotiated compression gets the message compressed with its own window. Returns to how many. */
export function broadcast<Socket extends WebSocket>(
  webSockets: Iterable<Socket>,
  data: Sendable,
  { binary, except, filter }: BroadcastOptions<Socket>,
): number {
  const message = new PreparedMessage(data, binary);
  const excluded = exclusion(except);
  let count = 0;
  for (const webSocket of webSockets) {
    if (excluded?.has(webSocket)) continue;
    if (filter !== undefined && (webSocket.readyState !== ReadyState.OPEN || !filter(webSocket))) continue;
    if (webSocket._sharedOutlet?.tryShared(message) || sendTo(webSocket, message)) count++;
  }
  return count;
}

function sendTo(webSocket: WebSocket, message: PreparedMessage): boolean {
  const connection = connectionOf(webSocket);
  return connection?.readyState === ReadyState.OPEN && connection.prepared(message);
}

function exclusion<Socket extends WebSocket>(
  except: Socket | Iterable<Socket> | undefined,
): Set<Socket> | undefined {
  if (except === undefined) return undefined;
  return new Set(Symbol.iterator in except ? except : [except]);
}
