// What the parts of the demo share: an HTTP server and the hub on it come in, requests answered and a clean end go out.
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from '../index.ts';
import type { WebSocketServer } from '../websocket/index.ts';

/** What a part is opened with. */
export interface Site {
  readonly http: HttpServer;
  readonly io: Server;
  /** The WebSockets that the hub's clients come by. */
  readonly webSockets: WebSocketServer;
  /** The folder with the built docs, if it is not the one where `npm run build:docs` leaves them. */
  readonly docs?: string | undefined;
  /** The same for what the gallery has of others, which `npm run build:gallery` bundles. */
  readonly gallery?: string | undefined;
}

/** One feature of the demo, with namespaces or paths of its own. */
export interface Part {
  /** Answers a request if its path is one of its own, and says whether it was. */
  answer?(request: IncomingMessage, response: ServerResponse): boolean;
  /** Says goodbye within about `ms` milliseconds. The hub and the HTTP server end afterwards, by themselves. */
  close?(ms: number): Promise<void> | void;
}

export type OpenPart = (site: Site) => Part;
