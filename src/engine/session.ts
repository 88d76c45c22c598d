// One client of the engine, whatever carries its packets at present: buffers, heartbeat, closing (Engine.IO protocol).
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { revision } from '../protocol/engineio/handshake.ts';
import type { EngineData, EnginePacket, EnginePacketType } from '../protocol/engineio/packet.ts';
import { QuietEmitter } from '../quiet-emitter.ts';
import { Backlog } from './backlog.ts';
import type { Heartbeat } from './heartbeat.ts';
import { KeptRequest } from './kept-request.ts';
import { PollingTransport } from './polling-transport.ts';
import { type Sendable, toEngineData } from './sendable.ts';
import type {
  CloseReason,
  SentCallback,
  SessionEvents,
  SessionListener,
  SessionState,
} from './session-events.ts';
import {
  type OutgoingPacket,
  type PacketOptions,
  type SharedWay,
  type Transport,
  TransportError,
  type TransportHost,
} from './transport.ts';
import { Upgrade } from './upgrade.ts';

/** Who is told what arrives and how it ends, before the events say so: cheaper than listeners. */
export interface SessionReceiver {
  onSessionData(data: EngineData): void;
  onSessionClose(reason: CloseReason, description?: TransportError): void;
}

/** What a request says that begins a session. */
export interface Opening {
  readonly headers: IncomingHttpHeaders;
  readonly url: string;
  readonly secure: boolean;
}

/** What sessions share: their server. */
export interface SessionServer {
  readonly heartbeat: Heartbeat<Session>;
  readonly upgradeTimeout: number;
  /** Bytes that may wait for a poll; 0 for no limit. */
  readonly maxBufferedAmount: number;
  /** Whether anybody wants to know what all sessions send. */
  readonly isWatched: boolean;
  onFlush(session: Session, packets: readonly OutgoingPacket[]): void;
  onDrain(session: Session): void;
  onClosed(session: Session): void;
}

export class Session extends QuietEmitter<SessionEvents> implements TransportHost {
  readonly id: string;
  readonly protocol = revision;
  readonly remoteAddress: string | undefined;
  readyState: SessionState = 'opening';
  transport: Transport;
  upgraded = false;
  /** The engine. */
  readonly server: SessionServer;
  receiver: SessionReceiver | undefined = undefined;
  /** Whether anybody ever listened for what is sent, or for what arrives: mostly nobody does, and events cost. */
  #sendingHeard = false;
  #arrivalHeard = false;
  #request: IncomingMessage | undefined;
  /** Of what the request can be made again, while nobody asks for it. */
  #kept: KeptRequest | undefined;
  #requestSeen = false;
  #opening: Opening | undefined;
  #upgrade: Upgrade | undefined;
  /** What waits for a poll; undefined if nothing does. */
  #backlog: Backlog | undefined;

  constructor(id: string, server: SessionServer, transport: Transport, request: IncomingMessage) {
    super();
    this.id = id;
    this.server = server;
    this.transport = transport;
    this.#request = request;
    this.remoteAddress = request.socket.remoteAddress;
    transport.host = this;
  }

  // A listener for `newListener` would do the same, and cost each session two hundred bytes.

  override on<E extends keyof SessionEvents>(event: E, listener: SessionListener<E>): this {
    this.#noteListener(event);
    return super.on(event, listener);
  }

  override addListener<E extends keyof SessionEvents>(event: E, listener: SessionListener<E>): this {
    return this.on(event, listener);
  }

  override prependListener<E extends keyof SessionEvents>(event: E, listener: SessionListener<E>): this {
    this.#noteListener(event);
    return super.prependListener(event, listener);
  }

  /** Notes who listens to what; `once` adds its listeners by `on`. */
  #noteListener(event: string | symbol): void {
    if (event === 'packetCreate' || event === 'flush' || event === 'drain') this.#sendingHeard = true;
    if (this.#sendingHeard) this.stopSharing();
    if (event === 'packet' || event === 'data' || event === 'message') this.#arrivalHeard = true;
  }

  /** The request that opened it; a program may set it to undefined, to free memory. */
  get request(): IncomingMessage | undefined {
    this.#requestSeen = true;
    this.#request ??= this.#kept?.restore();
    this.#kept = undefined;
    return this.#request;
  }
  set request(request: IncomingMessage | null | undefined) {
    this.#opening = this.opening;
    this.#request = request ?? undefined;
  }

  /** What the request said. Stays when the request is let go of. */
  get opening(): Opening {
    return this.#opening ?? openingOf(this.request);
  }

  /** Keeps the request as text until a program asks for it, if none has yet. */
  foldRequest(): void {
    if (this.#requestSeen || this.#request === undefined) return;
    this.#kept = KeptRequest.of(this.#request);
    if (this.#kept !== undefined) this.#request = undefined;
  }

  /** Whether a WebSocket is on trial. */
  get upgrading(): boolean {
    return this.#upgrade !== undefined;
  }

  #beginBacklog(): Backlog {
    this.#backlog ??= new Backlog();
    return this.#backlog;
  }

  /** Begins: sends the open packet, and the first message if there is one. */
  open(openPacket: string, initialPacket: EngineData | undefined): void {
    this.readyState = 'open';
    // Clients take all of a response that begins with the open packet for its data, but for this one message.
    const backlog = this.#beginBacklog();
    backlog.add({ type: 'open', data: openPacket });
    if (initialPacket !== undefined) backlog.add({ type: 'message', data: initialPacket });
    this.#flush();
    this.emit('open');
    this.server.heartbeat.start(this);
  }

  /**
   * Sends a message. Bytes may be in a Buffer, an ArrayBuffer or any view. Nothing happens once the session is closing.
   *
   * @param callback is called with the transport when the message has left
   */
  send(data: Sendable, options?: PacketOptions, callback?: SentCallback): this;
  send(data: Sendable, callback?: SentCallback): this;
  send(data: Sendable, options?: PacketOptions | SentCallback, callback?: SentCallback): this {
    if (typeof options === 'function') this.#send('message', toEngineData(data), undefined, options);
    else this.#send('message', toEngineData(data), options, callback);
    return this;
  }

  /** Sends a text message with the usual options if nothing is to be asked or told about it; else returns false. */
  trySendText(text: string): boolean {
    if (this.readyState !== 'open' || this.#backlog !== undefined || this.#isWatched) return false;
    return this.transport.trySendText?.(text) === true;
  }

  /** The same as `send`. */
  write(data: Sendable, options?: PacketOptions, callback?: SentCallback): this {
    return this.send(data, options, callback);
  }

  ping(): void {
    this.#send('ping');
  }

  #send(type: EnginePacketType, data?: EngineData, options?: PacketOptions, callback?: SentCallback): void {
    if (this.readyState === 'closing' || this.readyState === 'closed') return;
    // The usual case, and a hot one.
    const direct =
      callback === undefined && this.transport.buffers && this.#backlog === undefined && !this.#isWatched;
    if (direct && data !== undefined && options?.shared !== undefined) {
      if (this.transport.tryShared?.(data, options.shared) === true) return;
    }
    const packet: OutgoingPacket = { type, data, options };
    if (direct) {
      this.transport.sendOne(packet);
      return;
    }
    this.emit('packetCreate', packet);
    this.#beginBacklog().add(packet, callback);
    this.#flush();
    const { maxBufferedAmount } = this.server;
    if (maxBufferedAmount > 0 && this.#backlog !== undefined && this.#backlog.size > maxBufferedAmount) {
      this.onTransportError(this.transport, new TransportError('too much is waiting for the next poll'));
    }
  }

  /** Whether anybody wants to know what is sent. */
  get #isWatched(): boolean {
    // Whoever has put a method of their own in its place wants to be asked.
    return this.#sendingHeard || this.server.isWatched || this.write !== ownWrite;
  }

  /** The way past this session, while nobody wants to know what it sends and nothing waits here to be sent before. */
  get sharedWay(): SharedWay | undefined {
    const { transport } = this;
    return this.#isWatched || this.#backlog !== undefined || !isShared(transport) ? undefined : transport;
  }

  /** Closes the ways that were given out. */
  stopSharing(): void {
    this.transport.stopSharing?.();
  }

  /** Hands the transport what waits, if it can take it. */
  #flush(): void {
    const { transport } = this;
    if (this.#backlog === undefined || !(transport.buffers || transport.writable)) return;
    const { packets, callbacks } = this.#backlog;
    this.#backlog = undefined;
    // Who wants to know costs a callback through all layers; mostly nobody does.
    const wanted = callbacks !== undefined || this.#isWatched;
    // Before the events, whose listeners may send more.
    transport.send(packets, wanted ? () => this.#drained(transport, callbacks) : undefined);
    this.emit('flush', packets);
    this.server.onFlush(this, packets);
  }

  #drained(transport: Transport, callbacks: readonly SentCallback[] = []): void {
    this.emit('drain');
    this.server.onDrain(this);
    for (const callback of callbacks) callback(transport);
  }

  /** Tries another transport, while the present one goes on. */
  tryUpgrade(transport: Transport): void {
    this.#upgrade = new Upgrade(this, transport, this.server.upgradeTimeout);
  }

  // What the upgrade says.

  onUpgradeProbed(transport: Transport): void {
    this.emit('upgrading', transport);
  }

  onUpgradeAbandoned(): void {
    this.#upgrade = undefined;
  }

  /** The new transport is the session's from now on; what has waited goes there, in order. */
  onUpgraded(transport: Transport): void {
    this.#upgrade = undefined;
    // A client that has left a poll behind must not take the end of polling for the end of the session.
    if (this.transport.writable) this.transport.sendOne({ type: 'noop' });
    this.transport.close();
    this.transport = transport;
    transport.host = this;
    this.upgraded = true;
    this.emit('upgrade', transport);
    this.#flush();
    // It was closing before, and waited for a poll to say so; or has begun to just now.
    if (this.readyState === 'closing') this.#closeTransport(false);
  }

  // What the transport says.

  onPacket(packet: EnginePacket): void {
    if (this.readyState !== 'open') return;
    this.emit('packet', packet);
    if (packet.type === 'pong') {
      this.server.heartbeat.start(this);
      this.emit('heartbeat');
    } else if (packet.type === 'ping') {
      this.onTransportError(this.transport, new TransportError('invalid heartbeat direction'));
    } else if (packet.type === 'message') {
      this.onMessage(packet.data ?? '');
    } else if (packet.type === 'close' && this.transport.name === 'websocket') {
      this.#end('transport close');
    }
  }

  onMessage(data: EngineData): void {
    if (this.readyState !== 'open') return;
    if (this.#arrivalHeard) this.emit('packet', { type: 'message', data });
    this.receiver?.onSessionData(data);
    if (!this.#arrivalHeard) return;
    this.emit('data', data);
    this.emit('message', data);
  }

  onInvalidPacket(): void {
    this.#end('parse error');
  }

  onReady(): void {
    this.#flush();
    this.#upgrade?.letPollGo();
    // Closing has waited for what was buffered to leave.
    if (this.readyState === 'closing' && this.#backlog === undefined) this.#closeTransport(false);
  }

  onTransportClose(): void {
    this.#end('transport close');
  }

  onTransportError(_transport: Transport, error: TransportError): void {
    this.#end('transport error', error);
  }

  onPingTimeout(): void {
    this.#end('ping timeout');
  }

  /**
   * Ends the session. What was sent before is delivered first, unless `discard` is true; for a long-polling client that
   * is with its next poll.
   */
  close(discard = false): void {
    if (discard && (this.readyState === 'open' || this.readyState === 'closing')) {
      this.readyState = 'closing';
      this.#closeTransport(true);
    } else if (this.readyState === 'open') {
      this.readyState = 'closing';
      if (this.#backlog === undefined) this.#closeTransport(false);
    }
  }

  #closeTransport(discard: boolean): void {
    const { transport } = this;
    if (!discard && transport instanceof PollingTransport)
      transport.closeWithPoll(() => this.#end('forced close'));
    else this.#end('forced close');
  }

  #end(reason: CloseReason, description?: TransportError): void {
    if (this.readyState === 'closed') return;
    this.readyState = 'closed';
    this.server.heartbeat.stop(this);
    this.#upgrade?.abandon();
    this.transport.close();
    if (this.#backlog !== undefined) this.#backlog.callbacks = undefined;
    this.server.onClosed(this);
    this.receiver?.onSessionClose(reason, description);
    this.emit('close', reason, description);
    this.#backlog = undefined;
  }
}

const ownWrite = Session.prototype.write;

function isShared(transport: Transport): transport is Transport & SharedWay {
  return transport.tryShared !== undefined;
}

function openingOf(request: IncomingMessage | undefined): Opening {
  const { headers = {}, url = '' } = request ?? {};
  return { headers, url, secure: request === undefined || 'encrypted' in request.socket };
}
