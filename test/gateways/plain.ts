// Plain clients of a gateway, for one test: they end when it does.
import type { TestContext } from 'node:test';
import WebSocket, { type ClientOptions } from 'ws';
import { Inbox } from '../websocket/inbox.ts';

export interface Plain {
  readonly socket: WebSocket;
  readonly inbox: Inbox;
}

/** A WebSocket that speaks no protocol of ours. */
export function plain(t: TestContext, url: string, options: ClientOptions = {}): Plain {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), options);
  const inbox = new Inbox(socket);
  // A refused handshake is an error too; tests that expect one listen for it.
  socket.on('error', () => {});
  t.after(() => socket.terminate());
  return { socket, inbox };
}
