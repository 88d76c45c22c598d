// Stands in for the response of an upgrade request, so that middlewares written for requests work there too.
import { type IncomingMessage, type OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** Collects headers for the 101 response. A middleware that ends it ends the socket. */
export class UpgradeResponse extends ServerResponse {
  readonly #socket: Duplex;

  constructor(req: IncomingMessage, socket: Duplex) {
    super(req);
    this.#socket = socket;
  }

  override write(): boolean {
    return true;
  }

  override end(): this {
    this.#socket.destroy();
    return this;
  }

  override writeHead(_status: number): this {
    return this;
  }

  /** What was collected, for the 101 response. `writeHead` is what some middlewares wait for. */
  collect(): OutgoingHttpHeaders {
    this.writeHead(101);
    return this.getHeaders();
  }
}
