// Puts the engine on an HTTP server beside whoever answers there already.
import type { EventEmitter } from 'node:events';
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AttachOptions } from './options.ts';

interface Handlers {
  handleRequest(req: IncomingMessage, res: ServerResponse): void;
  handleUpgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** The path as it must begin a request's target. */
export function normalizePath({ path = '/engine.io', addTrailingSlash = true }: AttachOptions): string {
  return path.replace(/\/$/, '') + (addTrailingSlash ? '/' : '');
}

/** Requests of the path go to the engine, others to the listeners there are now, in their order. */
export function attach(
  engine: Handlers,
  httpServer: HttpServer,
  options: AttachOptions,
  takesUpgrades: boolean,
): void {
  const path = normalizePath(options);
  const isOurs = (req: IncomingMessage) => req.url?.startsWith(path) === true;
  const others = httpServer.listeners('request');
  httpServer.removeAllListeners('request');
  httpServer.on('request', (req, res) => {
    if (isOurs(req)) engine.handleRequest(req, res);
    else for (const listener of others) listener.call(httpServer, req, res);
  });
  if (!takesUpgrades) return;
  const { destroyUpgrade = true, destroyUpgradeTimeout = 1000 } = options;
  (httpServer as EventEmitter).on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (isOurs(req)) engine.handleUpgrade(req, socket, head);
    else if (destroyUpgrade) endUnlessAnswered(socket, destroyUpgradeTimeout);
  });
}

/** Another listener may answer; if none does, the client should not wait for ever. */
function endUnlessAnswered(socket: Duplex & { bytesWritten?: number }, timeout: number): void {
  const timer = setTimeout(() => {
    if (socket.writable && !socket.bytesWritten) socket.destroy();
  }, timeout);
  // Nobody else may be listening, and a client that leaves is no error of the program.
  socket.on('error', () => socket.destroy());
  socket.once('close', () => clearTimeout(timer));
}
