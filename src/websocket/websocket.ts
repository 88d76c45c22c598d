// One connection as programs see it: the API of the `WebSocket` of `ws`, on top of a `Connection`.
import type { Duplex } from 'node:stream';
import { Opcode } from '../protocol/rfc6455/opcode.ts';
import { QuietEmitter } from '../quiet-emitter.ts';
import { type BinaryType, binaryTypes, type RawData } from './binary-type.ts';
import type { Connection } from './connection.ts';
import {
  addHandler,
  type CloseEvent,
  type DomEventMap,
  type DomEventType,
  type DomHandler,
  type ErrorEvent,
  getAttributeHandler,
  type MessageEvent,
  type OpenEvent,
  removeHandler,
  setAttributeHandler,
} from './dom-events.ts';
import type { MessageReceiver } from './message-receiver.ts';
import type { SharedOutlet, WriteCallback } from './outbox.ts';
import { PreparedMessage } from './prepared-message.ts';
import { ReadyState, readyStateNames } from './ready-state.ts';
import { type Sendable, sizeOf, toControlPayload, toPayload } from './sendable.ts';
import { sendSettings } from './sender.ts';

/** How a message is to be sent. */
export interface SendOptions {
  /** As a binary message or as text. Default: text for strings and numbers, binary for all else. */
  binary?: boolean | undefined;
  /** Whether to compress, if permessage-deflate was negotiated. Default true. */
  compress?: boolean | undefined;
  /** False sends a fragment; the message ends with the first send that does not say so. Default true. */
  fin?: boolean | undefined;
  /** Whether to mask the frame. Default false: a server must not (RFC 6455 §5.1). */
  mask?: boolean | undefined;
}

/** Events of a `WebSocket`, with the arguments of their listeners. */
export interface WebSocketEvents {
  /** For clients: servers' connections are open already when programs get them. */
  open: [];
  /** Text comes as a Buffer too: `isBinary` tells. */
  message: [data: RawData, isBinary: boolean];
  /** The peer has sent a ping, with up to 125 bytes; unless `autoPong` is false it has been answered. */
  ping: [data: Buffer];
  /** The peer has sent a pong, with the bytes of the ping that it answers. */
  pong: [data: Buffer];
  /** All that was waiting for a slow peer has been given to the system. */
  drain: [];
  /** A peer broke the protocol or a limit. Always followed by `close`. */
  error: [error: Error];
  /** Once. 1005: closed without a code; 1006: without a close frame. */
  close: [code: number, reason: Buffer];
}

/** Gives a `WebSocket` its connection; for the strata that open connections, not for programs. */
export let connect: (webSocket: WebSocket, connection: Connection, protocol: string) => void;
/** The connection of a `WebSocket`, if it has one. */
export let connectionOf: (webSocket: WebSocket) => Connection | undefined;

/** A connection. Servers make them; programs get them with the `connection` event. */
export class WebSocket extends QuietEmitter<WebSocketEvents> {
  /** `readyState` before the connection is open: 0. */
  static readonly CONNECTING = ReadyState.CONNECTING;
  /** `readyState` while messages can be sent: 1. */
  static readonly OPEN = ReadyState.OPEN;
  /** `readyState` during the closing handshake: 2. */
  static readonly CLOSING = ReadyState.CLOSING;
  /** `readyState` at the end: 3. */
  static readonly CLOSED = ReadyState.CLOSED;

  #connection: Connection | undefined;
  #protocol = '';
  #sentTooLate = 0;
  #outlet: SharedOutlet | undefined;

  static {
    connect = (webSocket, connection, protocol) => {
      webSocket.#connection = connection;
      webSocket.#protocol = protocol;
    };
    connectionOf = (webSocket) => webSocket.#connection;
  }

  /** @param address null: connections are made by a server, which calls this constructor of the class it was given */
  constructor(address: null, _protocols?: undefined, _options?: unknown) {
    super();
    if (address !== null) {
      throw new TypeError('This WebSocket is the server side: connections come from a WebSocketServer');
    }
  }

  /** The same as `WebSocket.CONNECTING`: 0. */
  get CONNECTING(): 0 {
    return ReadyState.CONNECTING;
  }
  /** The same as `WebSocket.OPEN`: 1. */
  get OPEN(): 1 {
    return ReadyState.OPEN;
  }
  /** The same as `WebSocket.CLOSING`: 2. */
  get CLOSING(): 2 {
    return ReadyState.CLOSING;
  }
  /** The same as `WebSocket.CLOSED`: 3. */
  get CLOSED(): 3 {
    return ReadyState.CLOSED;
  }

  /** 0 connecting, 1 open, 2 closing, 3 closed. */
  get readyState(): ReadyState {
    return this.#connection?.readyState ?? ReadyState.CONNECTING;
  }

  /** The subprotocol that was chosen, or an empty string (RFC 6455 §1.9). */
  get protocol(): string {
    return this.#protocol;
  }

  /** The extensions in use: `permessage-deflate` or an empty string. */
  get extensions(): string {
    return this.#connection?.deflate === undefined ? '' : 'permessage-deflate';
  }

  /** Always undefined: known to the client's side only. */
  get url(): string | undefined {
    return undefined;
  }

  /** Bytes that were sent but have not gone to the system, headers included. */
  get bufferedAmount(): number {
    return (this.#connection?.bufferedAmount ?? 0) + this.#sentTooLate;
  }

  /** Whether `pause()` was called, and `resume()` not yet. */
  get isPaused(): boolean {
    return this.#connection?.paused ?? false;
  }

  /** Whether close frames went both ways (RFC 6455 §7.1.4). */
  get closedCleanly(): boolean {
    return this.#connection?.closedCleanly ?? false;
  }

  /** In which form binary messages come; may change at any time. Other values are ignored. Default `nodebuffer`. */
  get binaryType(): BinaryType {
    return this.#connection?.binaryType ?? 'nodebuffer';
  }
  set binaryType(type: BinaryType) {
    if (this.#connection !== undefined && binaryTypes.includes(type)) this.#connection.binaryType = type;
  }

  /**
   * Who is told of messages and of the end before the events are raised, texts as strings: for a layer above, which
   * needs no listeners then. While there is one, the event `message` brings texts as copies. Programs give their
   * connections names of their own: hence the underscore.
   *
   * @internal
   */
  get _messageReceiver(): MessageReceiver | undefined {
    return this.#connection?.above;
  }
  /** @internal */
  set _messageReceiver(receiver: MessageReceiver | undefined) {
    if (this.#connection !== undefined) this.#connection.above = receiver;
  }

  /**
   * Where prepared messages can be left without being sent one by one; for a layer above that broadcasts.
   *
   * @internal
   */
  get _sharedOutlet(): SharedOutlet | undefined {
    if (this.#outlet === undefined && this.#sendIsOurs) this.#outlet = this.#connection?.sender.outbox;
    return this.#outlet;
  }

  /** Whoever has put a method of their own in its place wants to be asked. */
  get #sendIsOurs(): boolean {
    return this.send === ownSend;
  }

  /**
   * What `send` does with a text, on a shorter way; false if it has to be sent like any other. For a layer above.
   *
   * @internal
   */
  _trySendText(text: string): boolean {
    if (!this.#sendIsOurs) return false;
    const connection = this.#connection;
    return connection?.readyState === ReadyState.OPEN && connection.sender.tryText(text);
  }

  /** The socket underneath, as programs for `ws` expect it: for `remoteAddress` and the like, not for reading or writing. */
  get _socket(): Duplex | undefined {
    return this.#connection?.socket;
  }

  /** Makes a message that is sent to many connections: it is framed once for all. Takes what `send` takes, but no Blob. */
  static prepare(data: Sendable, options: { binary?: boolean | undefined } = {}): PreparedMessage {
    return new PreparedMessage(data, options.binary);
  }

  /**
   * Sends a message. Messages, pings, pongs and the close frame leave in the order they are given.
   *
   * @param callback is called when the message has gone to the system, with an error if it can't any more: the
   *   connection is closing or closed, or the peer is too slow (see `maxBufferedAmount`)
   * @throws Error while the connection is not open yet
   */
  send(data?: Sendable | PreparedMessage, callback?: WriteCallback): void;
  send(data: Sendable | PreparedMessage, options: SendOptions | undefined, callback?: WriteCallback): void;
  send(
    data: Sendable | PreparedMessage,
    options?: SendOptions | WriteCallback,
    callback?: WriteCallback,
  ): void {
    if (typeof options === 'function') return this.send(data, undefined, options);
    const connection = this.#connection;
    if (data instanceof PreparedMessage) {
      if (connection?.readyState !== ReadyState.OPEN) return this.#refuse(data.bytes.length, callback);
      if (connection.sender.isInMessage) return this.send(data.bytes, { binary: data.binary }, callback);
      connection.prepared(data, callback);
      return;
    }
    const payload = toPayload(data);
    if (connection?.readyState !== ReadyState.OPEN) return this.#refuse(sizeOf(payload), callback);
    const how = sendSettings(
      options?.binary ?? typeof payload !== 'string',
      options?.compress ?? true,
      options?.fin ?? true,
      options?.mask ?? connection.settings.mask,
    );
    connection.message(payload, how, callback);
  }

  /** Sends a ping with up to 125 bytes (RFC 6455 §5.5.2). Throws RangeError for more. */
  ping(data?: Sendable | WriteCallback, mask?: boolean | WriteCallback, callback?: WriteCallback): void {
    this.#control(Opcode.Ping, data, mask, callback);
  }

  /** Sends a pong with up to 125 bytes, not asked for (RFC 6455 §5.5.3). Throws RangeError for more. */
  pong(data?: Sendable | WriteCallback, mask?: boolean | WriteCallback, callback?: WriteCallback): void {
    this.#control(Opcode.Pong, data, mask, callback);
  }

  #control(
    opcode: number,
    data: Sendable | WriteCallback | undefined,
    mask: boolean | WriteCallback | undefined,
    callback: WriteCallback | undefined,
  ): void {
    if (typeof data === 'function') return this.#control(opcode, undefined, undefined, data);
    if (typeof mask === 'function') return this.#control(opcode, data, undefined, mask);
    const connection = this.#connection;
    const payload = toControlPayload(data);
    if (connection?.readyState !== ReadyState.OPEN) return this.#refuse(payload.length, callback);
    connection.sender.control(opcode, payload, mask ?? connection.settings.mask, callback);
  }

  /** As browsers have it, `bufferedAmount` grows by what is sent too late. */
  #refuse(size: number, callback: WriteCallback | undefined): void {
    const state = this.readyState;
    const error = new Error(`WebSocket is not open: readyState ${state} (${readyStateNames[state]})`);
    if (state === ReadyState.CONNECTING) throw error;
    this.#sentTooLate += size;
    if (callback !== undefined) process.nextTick(callback, error);
  }

  /**
   * Begins the closing handshake; does nothing if it was begun before. It is cut short after `closeTimeout`.
   *
   * @param code 1000–1014 but 1004–1006, or 3000–4999; TypeError for others. Default: a close frame without code.
   * @param reason up to 123 bytes; RangeError for more
   */
  close(code?: number, reason?: string | Uint8Array): void {
    this.#connection?.close(code, reason);
  }

  /** Ends the connection at once, without closing handshake. */
  terminate(): void {
    this.#connection?.terminate();
  }

  /** Stops reading; the peer will notice when the system's buffers are full. */
  pause(): void {
    if (this.readyState === ReadyState.OPEN || this.readyState === ReadyState.CLOSING)
      this.#connection?.pause();
  }

  /** Reads again after `pause()`. */
  resume(): void {
    if (this.readyState === ReadyState.OPEN || this.readyState === ReadyState.CLOSING)
      this.#connection?.resume();
  }

  /** Adds a handler in the browser's way, for `open`, `message`, `close` or `error`; other types are ignored. */
  addEventListener<T extends DomEventType>(
    type: T,
    handler: DomHandler<T>,
    options?: { once?: boolean },
  ): void {
    addHandler(this, type, handler, options?.once ?? false);
  }

  /** Removes a handler that was added with `addEventListener`. */
  removeEventListener<T extends DomEventType>(type: T, handler: DomHandler<T>): void {
    removeHandler(this, type, handler);
  }

  /** A handler in the browser's way, or null. Servers' connections are open already when programs get them. */
  get onopen(): ((event: OpenEvent) => void) | null {
    return this.#attribute('open');
  }
  set onopen(handler: ((event: OpenEvent) => void) | null) {
    setAttributeHandler(this, 'open', handler);
  }

  /** A handler for messages in the browser's way, or null. */
  get onmessage(): ((event: MessageEvent) => void) | null {
    return this.#attribute('message');
  }
  set onmessage(handler: ((event: MessageEvent) => void) | null) {
    setAttributeHandler(this, 'message', handler);
  }

  /** A handler for the end in the browser's way, or null. */
  get onclose(): ((event: CloseEvent) => void) | null {
    return this.#attribute('close');
  }
  set onclose(handler: ((event: CloseEvent) => void) | null) {
    setAttributeHandler(this, 'close', handler);
  }

  /** A handler for errors in the browser's way, or null. */
  get onerror(): ((event: ErrorEvent) => void) | null {
    return this.#attribute('error');
  }
  set onerror(handler: ((event: ErrorEvent) => void) | null) {
    setAttributeHandler(this, 'error', handler);
  }

  #attribute<T extends DomEventType>(type: T): ((event: DomEventMap[T]) => void) | null {
    return getAttributeHandler(this, type) as ((event: DomEventMap[T]) => void) | null;
  }
}

const ownSend = WebSocket.prototype.send;
