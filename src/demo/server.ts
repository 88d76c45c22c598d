// Starts the demo: a host and a port come in; a running server with its pages, the hub and the parts goes out.
import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { staticFiles } from '../http/static-files.ts';
import { Server, type ServerOptions } from '../index.ts';
import { WebSocketServer } from '../websocket/index.ts';
import { openChat } from './chat/open-chat.ts';
import { openDocs } from './docs.ts';
import { openEcho } from './echo.ts';
import { openGallery } from './gallery/open-gallery.ts';
import { plainPaths } from './greeting.ts';
import type { OpenPart, Part } from './site.ts';
import { openWire } from './wire/open.ts';

/** In the order in which they are asked about a request. */
const openers: readonly OpenPart[] = [openChat, openEcho, openGallery, openDocs, openWire];

const options: ServerOptions = {
  // Pages of other sites must not act in their visitors' name.
  cors: false,
  connectionStateRecovery: { maxDisconnectionDuration: 120_000 },
  maxHttpBufferSize: 1_000_000,
  maxBufferedAmount: 4 * 1024 * 1024,
  maxNamespacesPerClient: 20,
  maxPendingAcks: 1000,
  maxAttachments: 1,
  maxNesting: 8,
  connectTimeout: 10_000,
  perMessageDeflate: true,
  // Any program can join.
  gateways: {
    websocket: { path: plainPaths.websocket, maxPayload: 300_000 },
    events: { path: plainPaths.events, maxPayload: 300_000 },
  },
};

/** A demo that runs. */
export type Demo = {
  readonly address: AddressInfo;
  /** Says goodbye to everyone within about `ms` milliseconds, then stops the server. */
  close(ms?: number): Promise<void>;
};

// The same two steps up from src/demo and, in the package, from dist/demo.
const pages = fileURLToPath(new URL('../../static/', import.meta.url));

/**
 * Resolves when the demo listens; rejects with the error of `listen` when it cannot.
 *
 * @param more options of the hub, such as an adapter, and where the docs and the gallery were built
 */
export async function startDemo(
  host: string,
  port: number,
  { docs, gallery, ...more }: ServerOptions & { docs?: string; gallery?: string } = {},
): Promise<Demo> {
  const page = staticFiles(pages);
  const parts: Part[] = [];
  const http = createServer((request, response) => {
    if (!parts.some((part) => part.answer?.(request, response))) page(request, response);
  });
  http.listen(port, host);
  await once(http, 'listening');
  const hub = openHub(http, more);
  parts.push(...openers.map((open) => open({ http, ...hub, docs, gallery })));

  return {
    address: http.address() as AddressInfo,
    async close(ms = 500) {
      http.close();
      await Promise.all([hub.webSockets.drain(ms), ...parts.map((part) => part.close?.(ms))]);
      const closed = hub.io.close();
      // Not before those who poll have been told.
      setImmediate(() => http.closeAllConnections());
      await closed;
    },
  };
}

function openHub(http: HttpServer, more: ServerOptions): { io: Server; webSockets: WebSocketServer } {
  let webSockets!: WebSocketServer;
  /** Keeps a list of its connections, so that they can be drained. */
  class Drainable extends WebSocketServer {
    constructor(given: object) {
      super({ ...given, noServer: true, clientTracking: true, closeTimeout: 2000 });
      webSockets = this;
    }
  }
  const io = new Server(http, { ...options, wsEngine: Drainable, ...more });
  return { io, webSockets };
}
