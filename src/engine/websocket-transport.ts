// One WebSocket message is one packet: anything that looks like a `ws` WebSocket, under a session.
import { decodeText, type EngineData, encodeAsMessage, encodeAsText } from '../protocol/engineio/packet.ts';
import { base64 } from './base64.ts';
import { type OutgoingPacket, type Transport, TransportError, type TransportHost } from './transport.ts';

/** The part of the WebSocket of `ws` that is used. */
export interface WebSocketLike {
  readonly readyState: number;
  readonly bufferedAmount: number;
  on(event: 'message', listener: (data: Buffer, isBinary: boolean) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  once(event: 'close', listener: () => void): unknown;
  send(data: unknown, options?: object, callback?: (error?: Error | null) => void): void;
  close(): void;
}

/** A class that can frame a message once for many connections. */
interface Preparing {
  prepare?: (data: EngineData, options: { binary: boolean }) => unknown;
}

const message = '4'.charCodeAt(0);
const asText = { binary: false };
const asBinary = { binary: true };
const OPEN = 1;

export class WebSocketTransport implements Transport {
  readonly name = 'websocket';
  /** The connection, for programs that reach through. */
  readonly socket: WebSocketLike;
  declare host: TransportHost;
  readonly #textOnly: boolean;
  #closed = false;

  /** @param textOnly the peer asked for bytes as text (`b64`) */
  constructor(socket: WebSocketLike, textOnly: boolean) {
    this.socket = socket;
    this.#textOnly = textOnly;
    socket.on('message', (data, isBinary) => this.#onMessage(data, isBinary));
    socket.once('close', () => this.#onClose());
    socket.on('error', (error) => this.#onError(error));
  }

  get writable(): boolean {
    return this.socket.readyState === OPEN && this.socket.bufferedAmount === 0;
  }

  send(packets: readonly OutgoingPacket[], done?: () => void): void {
    const last = packets.length - 1;
    packets.forEach((packet, index) => void this.#sendOne(packet, index === last ? done : undefined));
  }

  #sendOne(packet: OutgoingPacket, done: (() => void) | undefined): void {
    const isBinary = packet.data !== undefined && typeof packet.data !== 'string' && !this.#textOnly;
    const options = isBinary ? asBinary : asText;
    const written = done && ((error?: Error | null) => error == null && done());
    const shared = packet.options?.shared;
    if (shared !== undefined && !this.#textOnly)
      this.socket.send(prepared(packet, shared, this.socket), options, written);
    else this.socket.send(this.#encode(packet), options, written);
  }

  #encode(packet: OutgoingPacket): EngineData {
    return this.#textOnly ? encodeAsText(packet, base64) : encodeAsMessage(packet);
  }

  #onMessage(data: Buffer, isBinary: boolean): void {
    if (this.#closed) return;
    if (isBinary) return this.host.onMessage(data);
    if (data[0] === message) return this.host.onMessage(data.toString('utf8', 1));
    const packet = decodeText(data.toString(), base64);
    if (packet === undefined) this.host.onInvalidPacket();
    else this.host.onPacket(packet);
  }

  #onClose(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.host.onTransportClose(this);
  }

  #onError(error: Error): void {
    if (this.#closed) return;
    this.#closed = true;
    this.host.onTransportError(this, new TransportError('websocket error', error));
  }

  close(): void {
    this.#closed = true;
    this.socket.close();
  }
}

/** The last shared message of each kind that was prepared: a broadcast goes through all its sessions at once. */
let lastShared: object | undefined;
let lastData: unknown;
let lastPrepared: unknown;

function prepared(packet: OutgoingPacket, shared: object, socket: WebSocketLike): unknown {
  const prepare = (socket.constructor as Preparing).prepare;
  if (prepare === undefined) return encodeAsMessage(packet);
  if (shared !== lastShared || packet.data !== lastData) {
    lastPrepared = prepare(encodeAsMessage(packet), { binary: typeof packet.data !== 'string' });
    lastShared = shared;
    lastData = packet.data;
  }
  return lastPrepared;
}
