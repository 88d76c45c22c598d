// A client that comes with one POST, says one event, and is gone: a request and an event in, a response out (docs/gateways.md).
import type { IncomingMessage, ServerResponse } from 'node:http';
import { securityHeaders } from '../http/security-headers.ts';
import { sendText } from '../http/static-files.ts';
import type { SessionTransport } from '../hub/session.ts';
import { readAuth } from './auth.ts';
import { PlainSession, type SessionContext } from './session.ts';
import { type PlainEvent, writeJson } from './translation.ts';

/** Milliseconds that it stays after its event was handed on: asynchronous middlewares may hold the event back. */
const stay = 1000;

/** Milliseconds that it waits for an acknowledgement. */
const patience = 10_000;

const ackId = 0;

export class PostSession extends PlainSession {
  readonly transport: SessionTransport = { name: 'post', writable: false };
  readonly #response: ServerResponse;
  readonly #wantsReply: boolean;
  #timer: NodeJS.Timeout | undefined;

  /** @param wantsReply the response is the acknowledgement of the event */
  constructor(
    context: SessionContext,
    request: IncomingMessage,
    response: ServerResponse,
    event: PlainEvent,
    wantsReply: boolean,
  ) {
    super(context, request);
    this.#response = response;
    this.#wantsReply = wantsReply;
    response.on('close', () => {
      if (wantsReply) this.#leave();
    });
    this.join(readAuth(request));
    this.receive(event, wantsReply ? ackId : undefined);
  }

  /** The event is on its way. */
  protected override release(): void {
    if (!this.#wantsReply) this.#response.writeHead(204, securityHeaders).end();
    this.#timer = setTimeout(() => this.#onTimeout(), this.#wantsReply ? patience : stay);
  }

  #onTimeout(): void {
    if (this.#wantsReply) sendText(this.#response, 504, 'Nobody has acknowledged this event.');
    this.#leave();
  }

  protected override onAcknowledged(reply: readonly unknown[]): void {
    const body = writeJson(reply);
    this.#response.writeHead(200, {
      ...securityHeaders,
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
    });
    this.#response.end(body);
  }

  protected override onAccepted(): void {}

  protected override onRefused(message: string): void {
    this.#answer(403, message);
  }

  protected override onDismissed(): void {
    this.#answer(403, 'The server has disconnected this client');
  }

  protected override onClosed(): void {
    this.#answer(503, 'The server has closed this connection; try again later.');
  }

  shutDown(): void {
    this.onClosed();
    this.end('forced close');
  }

  #answer(status: number, reason: string): void {
    clearTimeout(this.#timer);
    if (!this.#response.headersSent) sendText(this.#response, status, reason);
    // Not at once: the hub is about to say why.
    process.nextTick(() => this.#leave());
  }

  #leave(): void {
    clearTimeout(this.#timer);
    this.end('client namespace disconnect');
  }

  /** Nobody listens: what is sent to it is nobody's. */
  protected override deliver(): void {}
  protected override hold(): void {}
}
