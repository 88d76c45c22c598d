// One plain WebSocket: its messages in, events out, and back (docs/gateways.md).
import type { IncomingMessage } from 'node:http';
import type { SessionTransport } from '../hub/session.ts';
import { readAuth } from './auth.ts';
import { PlainSession, type SessionContext } from './session.ts';
import { type PlainEvent, readText } from './translation.ts';

/** The part of the WebSocket of `ws` that is used. */
export interface PlainWebSocket {
  readonly readyState: number;
  readonly bufferedAmount: number;
  on(event: 'message', listener: (data: Buffer, isBinary: boolean) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'close', listener: (code: number) => void): unknown;
  send(data: unknown, options?: { binary: boolean }): void;
  close(code?: number, reason?: string): void;
  pause(): void;
  resume(): void;
}

/** A message as it is sent, and may be sent to many. */
export interface Message {
  readonly data: unknown;
  readonly binary: boolean;
}

/** What all sessions of the gateway have in common. */
export interface WebSocketContext extends SessionContext {
  readonly frame: (event: PlainEvent) => Message;
}

const OPEN = 1;

/** RFC 6455 §7.4.1. */
const closeCode = { normal: 1000, goingAway: 1001, policyViolation: 1008 };

/** Codes with which a client that leaves of its own accord closes; 1005 stands for none. */
const farewells: ReadonlySet<number> = new Set([1000, 1001, 1005]);

/** Bytes that a reason may have (§5.5.1). */
const longestReason = 123;

export class WebSocketSession extends PlainSession {
  readonly transport: SessionTransport;
  readonly #socket: PlainWebSocket;
  readonly #frame: WebSocketContext['frame'];

  constructor(context: WebSocketContext, request: IncomingMessage, socket: PlainWebSocket) {
    super(context, request);
    this.#socket = socket;
    this.#frame = context.frame;
    this.transport = {
      name: 'plain-websocket',
      get writable() {
        return socket.readyState === OPEN && socket.bufferedAmount === 0;
      },
    };
    socket.on('message', (data, isBinary) => this.#onMessage(data, isBinary));
    socket.on('error', (error) => this.end('transport error', error));
    socket.on('close', (code) =>
      this.end(farewells.has(code) ? 'client namespace disconnect' : 'transport close'),
    );
    this.join(readAuth(request));
  }

  #onMessage(data: Buffer, isBinary: boolean): void {
    if (isBinary) return this.receive(['message', data]);
    const { event, refusal } = readText(data.toString(), this.context.host.maxNesting);
    if (event !== undefined) this.receive(event);
    else this.#socket.send(JSON.stringify(['error', { message: refusal }]), { binary: false });
  }

  protected override deliver(as: <T>(make: (event: PlainEvent) => T) => T): void {
    const { data, binary } = as(this.#frame);
    this.#socket.send(data, { binary });
  }

  protected override hold(): void {
    this.#socket.pause();
  }

  protected override release(): void {
    this.#socket.resume();
  }

  protected override onAccepted(): void {}

  protected override onRefused(message: string): void {
    this.#close(closeCode.policyViolation, message);
  }

  protected override onDismissed(): void {
    this.#close(closeCode.normal, 'The server has disconnected this client');
  }

  protected override onClosed(): void {
    this.#close(closeCode.normal, 'The server has closed this connection');
  }

  /** The server goes away. */
  shutDown(): void {
    this.#close(closeCode.goingAway, 'The server is shutting down');
    this.end('forced close');
  }

  #close(code: number, reason: string): void {
    // A connection that is held back would not hear the answer.
    this.#socket.resume();
    this.#socket.close(code, shorten(reason));
  }
}

/** The beginning of a text that fits into a close frame, without half a character at the end. */
function shorten(reason: string): string {
  const bytes = Buffer.from(reason);
  if (bytes.length <= longestReason) return reason;
  return new TextDecoder().decode(bytes.subarray(0, longestReason), { stream: true });
}
