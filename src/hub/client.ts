// One session in, the sockets of its namespaces out: packets are read here and handed on (Socket.IO protocol v5).
import type { IncomingMessage } from 'node:http';
import { type Chunk, PacketType, type SocketPacket } from '../protocol/socketio/packet.ts';
import type { Decoders, LentDecoder, PacketReader } from './decoders.ts';
import type { DisconnectReason } from './disconnect-reason.ts';
import { toError } from './failures.ts';
import { Few } from './few.ts';
import { readOpening } from './handshake.ts';
import { Later } from './later.ts';
import type { PacketEncoder } from './parser.ts';
import type { Opening, Session, SessionReceiver, SharedWay, WriteOptions } from './session.ts';

/** What a client asks of the server. */
export interface ClientHub {
  readonly encoder: PacketEncoder;
  readonly _decoders: Decoders;
  /** Milliseconds until a connection that has joined no namespace is closed. */
  connectTimeout(): number;
  readonly limits: { readonly maxNamespacesPerClient: number };
  /** Finds or makes the namespace of that name for a client that wants to join it. */
  _findNamespace(name: string, auth: unknown, found: (namespace: ClientNamespace | undefined) => void): void;
}

export interface ClientNamespace {
  readonly name: string;
  /** Runs the connect procedure; `done` gets the socket, or nothing if it was refused, and tells the client to keep it. */
  _add(client: Client, auth: unknown, done: (socket: ClientSocket | undefined) => void): void;
}

export interface ClientSocket {
  readonly nsp: { readonly name: string };
  disconnect(): unknown;
  _onPacket(packet: SocketPacket): void;
  _onClose(reason: DisconnectReason, description?: unknown): void;
  _onError(error: Error): void;
}

/** By this the functions below, which sessions that only raise events share, find the client of a session. */
const owner = Symbol('client');
type Owned = Session & { [owner]?: Client };

function onData(this: Owned, data: Chunk): void {
  this[owner]?.onSessionData(data);
}

function onError(this: Owned, error: unknown): void {
  this[owner]?._refuse(toError(error));
}

function onClose(this: Owned, reason: DisconnectReason, description?: unknown): void {
  this[owner]?.onSessionClose(reason, description);
}

function onConnectTimeout(client: Client): void {
  client._onConnectTimeout();
}

const packetsLater = new Later<ClientSocket, SocketPacket>((socket, packet) => socket._onPacket(packet));

const plain: WriteOptions = { compress: true };

/** Options of broadcasts by other adapters, completed once for all recipients. */
const completed = new WeakMap<readonly Chunk[], WriteOptions>();

/** A peer of the hub: one connection, which may be in several namespaces at a time. */
export class Client implements SessionReceiver, PacketReader {
  /** The session underneath. */
  readonly conn: Session;
  readonly #opening: Opening | undefined;
  readonly #hub: ClientHub;
  /** By namespace; undefined while the connect procedure is under way. */
  readonly #sockets = new Few<string, ClientSocket | undefined>();
  /** While a packet is read, and between its parts. */
  #decoder: LentDecoder | undefined;
  #connectTimer: NodeJS.Timeout | undefined;

  constructor(hub: ClientHub, session: Session) {
    this.#hub = hub;
    this.conn = session;
    if (!('opening' in session)) this.#opening = readOpening(session);
    if ('receiver' in session) session.receiver = this;
    else this.#listen(session);
    this.#connectTimer = setTimeout(onConnectTimeout, hub.connectTimeout(), this);
  }

  /** The id of the session. */
  get id(): string {
    return this.conn.id;
  }

  get _opening(): Opening {
    return this.#opening ?? this.conn.opening ?? readOpening(this.conn);
  }

  /** The HTTP request that began the session. */
  get request(): IncomingMessage {
    return this.conn.request!;
  }

  #listen(session: Owned): void {
    session[owner] = this;
    session.on('data', onData);
    session.on('error', onError);
    session.on('close', onClose);
  }

  onSessionData(data: Chunk): void {
    if (this.conn.readyState !== 'open') return;
    const { _decoders } = this.#hub;
    this.#decoder ??= _decoders.lend(this);
    const lent = this.#decoder;
    try {
      lent.decoder.add(data);
    } catch (error) {
      this._refuse(toError(error));
      return;
    }
    // What the packet led to may have ended this connection, or brought the next message: then it was done there.
    if (this.#decoder === lent && _decoders.takeBack(lent)) this.#decoder = undefined;
  }

  /** Whoever breaks the order of packets is disconnected. */
  _onPacket(packet: SocketPacket): void {
    if (packet.type === PacketType.CONNECT) {
      if (this.#sockets.has(packet.nsp)) this.close();
      else this.#connect(packet.nsp, packet.data);
      return;
    }
    const socket = this.#sockets.get(packet.nsp);
    if (socket === undefined || packet.type === PacketType.CONNECT_ERROR) this.close();
    else packetsLater.add(socket, packet);
  }

  #connect(name: string, auth: unknown): void {
    if (this.#sockets.size >= this.#hub.limits.maxNamespacesPerClient) {
      return this.#refuseNamespace(name, 'Too many namespaces');
    }
    this.#sockets.set(name, undefined);
    this.#hub._findNamespace(name, auth, (namespace) => {
      if (namespace === undefined) {
        this.#sockets.delete(name);
        return this.#refuseNamespace(name, 'Invalid namespace');
      }
      namespace._add(this, auth, (socket) => this.#joined(name, socket));
    });
  }

  #joined(name: string, socket: ClientSocket | undefined): void {
    if (socket === undefined) {
      this.#sockets.delete(name);
    } else {
      this.#stopConnectTimer();
      this.#sockets.set(name, socket);
    }
  }

  /** The sockets of all namespaces that were joined; a copy. */
  #joinedSockets(): ClientSocket[] {
    return this.#sockets.values().filter((socket) => socket !== undefined);
  }

  #refuseNamespace(nsp: string, message: string): void {
    this.packet({ type: PacketType.CONNECT_ERROR, nsp, data: { message } });
  }

  /** Sends a packet. Throws for data that cannot be encoded. */
  packet(packet: SocketPacket, options: WriteOptions = plain): void {
    this.writeToEngine(this.#hub.encoder.encode(packet), options);
  }

  /** Sends the messages of one packet, one after the other; drops them if the connection is not open. */
  writeToEngine(encodedPackets: readonly Chunk[], opts: WriteOptions): void {
    const { conn } = this;
    if (conn.readyState !== 'open') return;
    if (opts === plain && trySendText(conn, encodedPackets)) return;
    if (opts.volatile === true && !conn.transport.writable) return;
    const options =
      opts.preEncoded === true && opts.shared === undefined ? complete(encodedPackets, opts) : opts;
    for (const message of encodedPackets) conn.write(message, options);
  }

  /** The same for one message of a broadcast, where the session has a shorter way for it. */
  get sharedWay(): SharedWay | undefined {
    return this.conn.sharedWay;
  }

  /** Leaves all namespaces, telling the client, and closes the connection. */
  _disconnect(): void {
    for (const socket of this.#joinedSockets()) socket.disconnect();
    this.close();
  }

  _remove(socket: ClientSocket): void {
    if (this.#sockets.get(socket.nsp.name) === socket) this.#sockets.delete(socket.nsp.name);
  }

  /** Closes the connection without a word about namespaces. */
  close(): void {
    if (this.conn.readyState !== 'open') return;
    this.conn.close();
    // Only if the session could not close at once: then this is what the sockets are told.
    this.onSessionClose('forced server close');
  }

  /** Whatever cannot be read closes the connection, after an `error` event on its sockets. */
  _refuse(error: Error): void {
    for (const socket of this.#joinedSockets()) socket._onError(error);
    this.conn.close();
  }

  _onConnectTimeout(): void {
    this.#connectTimer = undefined;
    if (this.#joinedSockets().length === 0) this.close();
  }

  #stopConnectTimer(): void {
    clearTimeout(this.#connectTimer);
    this.#connectTimer = undefined;
  }

  onSessionClose(reason: DisconnectReason, description?: unknown): void {
    if ('receiver' in this.conn) {
      this.conn.receiver = undefined;
    } else {
      this.conn.removeListener('data', onData);
      this.conn.removeListener('close', onClose);
    }
    this.#stopConnectTimer();
    for (const socket of this.#joinedSockets()) socket._onClose(reason, description);
    this.#sockets.clear();
    this.#decoder?.decoder.destroy?.();
    this.#decoder = undefined;
  }
}

function trySendText(session: Session, messages: readonly Chunk[]): boolean {
  const message = messages.length === 1 ? messages[0] : undefined;
  return typeof message === 'string' && session.trySendText?.(message) === true;
}

function complete(encodedPackets: readonly Chunk[], opts: WriteOptions): WriteOptions {
  let options = completed.get(encodedPackets);
  if (options === undefined) {
    options = { ...opts, compress: opts.compress !== false, shared: encodedPackets };
    completed.set(encodedPackets, options);
  }
  return options;
}
