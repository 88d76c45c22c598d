// One WebSocket message is one packet: anything that looks like a `ws` WebSocket, under a session.
import { decodeText, type EngineData, encodeAsMessage, encodeAsText } from '../protocol/engineio/packet.ts';
import { base64 } from './base64.ts';
import {
  type OutgoingPacket,
  type Transport,
  TransportError,
  type TransportHost,
  type TransportState,
} from './transport.ts';

/** Who a WebSocket may tell of its messages and its end without raising events, with texts as strings. */
export interface WebSocketReceiver {
  onSocketText(text: string): void;
  onSocketBinary(data: Buffer): void;
  onSocketError(error: Error): void;
  onSocketClose(): void;
}

/** Takes a prepared message, or returns false if it has to be sent like any other. */
interface SharedOutlet {
  tryShared(prepared: unknown): boolean;
}

/** The part of the WebSocket of `ws` that is used. Listeners are called with it as `this`, as any emitter does. */
export interface WebSocketLike {
  readonly readyState: number;
  readonly bufferedAmount: number;
  /** Where it exists it spares listeners, and a Buffer for each text. */
  _messageReceiver?: WebSocketReceiver | undefined;
  /** Where it exists it takes prepared messages on the shortest way. */
  readonly _sharedOutlet?: SharedOutlet | undefined;
  /** Where it exists it sends a text on the shortest way, or returns false if that is closed. */
  _trySendText?(text: string): boolean;
  on(event: 'message', listener: (this: never, data: Buffer, isBinary: boolean) => void): unknown;
  on(event: 'error', listener: (this: never, error: Error) => void): unknown;
  on(event: 'close', listener: (this: never) => void): unknown;
  send(data: unknown, options?: object, callback?: (error?: Error | null) => void): void;
  close(): void;
}

/** A class that can frame a message once for many connections. */
interface Preparing {
  prepare?: (data: EngineData, options: { binary: boolean }) => unknown;
}

const messageDigit = '4';
const OPEN = 1;

const asText = { binary: false, compress: true };
const asBinary = { binary: true, compress: true };
const asPlainText = { binary: false, compress: false };
const asPlainBinary = { binary: true, compress: false };

/** Where a WebSocket that only raises events has its transport, so that all of them share their listeners. */
const transportOf = Symbol('transport');
type Carried = WebSocketLike & { [transportOf]: WebSocketTransport };

export class WebSocketTransport implements Transport, WebSocketReceiver {
  readonly sid: string;
  readyState: TransportState = 'open';
  /** The connection, for programs that reach through. */
  readonly socket: WebSocketLike;
  declare host: TransportHost;
  readonly #textOnly: boolean;
  #outlet: SharedOutlet | undefined;
  #shares: boolean;

  /** @param textOnly the peer asked for bytes as text (`b64`) */
  constructor(sid: string, socket: WebSocketLike, textOnly: boolean) {
    this.sid = sid;
    this.socket = socket;
    this.#textOnly = textOnly;
    this.#shares = !textOnly;
    if ('_messageReceiver' in socket) socket._messageReceiver = this;
    else this.#listen(socket as Carried);
  }

  #listen(socket: Carried): void {
    socket[transportOf] = this;
    socket.on('message', onMessage);
    socket.on('close', onClose);
    socket.on('error', onError);
  }

  get name(): 'websocket' {
    return 'websocket';
  }

  get buffers(): true {
    return true;
  }

  get writable(): boolean {
    return this.socket.readyState === OPEN && this.socket.bufferedAmount === 0;
  }

  send(packets: readonly OutgoingPacket[], done?: () => void): void {
    for (let i = 0; i < packets.length; i++) {
      this.sendOne(packets[i]!, i === packets.length - 1 ? done : undefined);
    }
  }

  sendOne(packet: OutgoingPacket, done?: () => void): void {
    const { data, options } = packet;
    const isBinary = data !== undefined && typeof data !== 'string' && !this.#textOnly;
    const written = done && ((error?: Error | null) => error == null && done());
    if (options?.compress === false) {
      this.socket.send(this.#encode(packet), isBinary ? asPlainBinary : asPlainText, written);
    } else if (data !== undefined && options?.shared !== undefined && this.#canPrepare) {
      this.socket.send(prepared(data, options.shared, this.socket), isBinary ? asBinary : asText, written);
    } else {
      this.socket.send(this.#encode(packet), isBinary ? asBinary : asText, written);
    }
  }

  trySendText(text: string): boolean {
    return this.socket._trySendText?.(messageDigit + text) === true;
  }

  tryShared(data: EngineData, shared: object): boolean {
    if (!this.#shares) return false;
    // Whoever has an outlet can prepare.
    this.#outlet ??= this.socket._sharedOutlet;
    return this.#outlet?.tryShared(prepared(data, shared, this.socket)) === true;
  }

  stopSharing(): void {
    this.#shares = false;
  }

  get #canPrepare(): boolean {
    return !this.#textOnly && (this.socket.constructor as Preparing).prepare !== undefined;
  }

  #encode(packet: OutgoingPacket): EngineData {
    return this.#textOnly ? encodeAsText(packet, base64) : encodeAsMessage(packet);
  }

  // What the WebSocket says.

  onSocketText(text: string): void {
    if (this.readyState !== 'open') return;
    const { host } = this;
    if (text[0] === messageDigit) return host.onMessage(text.slice(1));
    const packet = decodeText(text, base64);
    if (packet === undefined) host.onInvalidPacket();
    else if (packet.type === 'message') host.onMessage(packet.data ?? '');
    else host.onPacket(packet);
  }

  onSocketBinary(data: Buffer): void {
    if (this.readyState === 'open') this.host.onMessage(data);
  }

  onSocketClose(): void {
    if (this.readyState !== 'open') return;
    this.readyState = 'closed';
    this.host.onTransportClose(this);
  }

  onSocketError(error: Error): void {
    if (this.readyState !== 'open') return;
    this.readyState = 'closed';
    this.host.onTransportError(this, new TransportError('websocket error', error));
  }

  close(): void {
    this.readyState = 'closed';
    this.socket.close();
  }
}

function onMessage(this: Carried, data: Buffer, isBinary: boolean): void {
  if (isBinary) this[transportOf].onSocketBinary(data);
  else this[transportOf].onSocketText(data.toString());
}

function onClose(this: Carried): void {
  this[transportOf].onSocketClose();
}

function onError(this: Carried, error: Error): void {
  this[transportOf].onSocketError(error);
}

/** The last shared message that was prepared: a broadcast goes through all its sessions at once. */
let lastShared: object | undefined;
let lastData: unknown;
let lastPrepared: unknown;

function prepared(data: EngineData, shared: object, socket: WebSocketLike): unknown {
  if (shared !== lastShared || data !== lastData) {
    const message = encodeAsMessage({ type: 'message', data });
    const { prepare } = socket.constructor as Preparing;
    lastPrepared = prepare!(message, { binary: typeof data !== 'string' });
    lastShared = shared;
    lastData = data;
  }
  return lastPrepared;
}
