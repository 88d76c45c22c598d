// Puts a gateway on an HTTP server, at one path, beside whoever answers there already.
import type { EventEmitter } from 'node:events';
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { requestPath } from '../http/static-files.ts';

export interface Gateway {
  handleRequest(request: IncomingMessage, response: ServerResponse): void;
  /** Without it upgrade requests are left to others. */
  handleUpgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Ends all its sessions. */
  close(): void;
}

type Listener = (...args: unknown[]) => void;

/** Requests and upgrades of the path go to the gateway, others to the listeners there are now. */
export function attachGateway(server: HttpServer, path: string, gateway: Gateway): void {
  const isOurs = (request: IncomingMessage) => requestPath(request) === path;
  divert(server, 'request', (request, response) => {
    if (!isOurs(request)) return false;
    gateway.handleRequest(request, response as ServerResponse);
    return true;
  });
  if (gateway.handleUpgrade === undefined) return;
  divert(server, 'upgrade', (request, socket, head) => {
    if (!isOurs(request)) return false;
    gateway.handleUpgrade?.(request, socket as Duplex, head as Buffer);
    return true;
  });
}

/** Asks `take` first, and the listeners there are now if it does not want what has come. */
function divert(
  server: EventEmitter,
  event: string,
  take: (request: IncomingMessage, ...rest: unknown[]) => boolean,
): void {
  const others = server.listeners(event) as Listener[];
  server.removeAllListeners(event);
  server.on(event, (request: IncomingMessage, ...rest: unknown[]) => {
    if (take(request, ...rest)) return;
    for (const other of others) other.call(server, request, ...rest);
  });
}
