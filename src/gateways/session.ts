// A plain client as the hub sees it: events in, packets of the hub's protocol out to it, and back (Socket.IO protocol v5).
import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { DisconnectReason } from '../hub/disconnect-reason.ts';
import { timeOfOffset } from '../hub/offsets.ts';
import type { PacketDecoder, PacketEncoder } from '../hub/parser.ts';
import type { Session, SessionTransport, WriteOptions } from '../hub/session.ts';
import { newId } from '../ids.ts';
import { type Chunk, PacketType, type SocketPacket } from '../protocol/socketio/packet.ts';
import type { TranslatedPacket, Translations } from './translated-packet.ts';
import type { PlainEvent } from './translation.ts';

/** What gateways need of the server. */
export interface GatewayHost {
  readonly encoder: PacketEncoder;
  /** Most levels of arrays and objects in a received event. */
  readonly maxNesting: number;
  /** Milliseconds for which connection state recovery remembers packets; undefined if it is off. */
  readonly recoveryTime: number | undefined;
  /** A decoder for what the server itself has encoded, and which is therefore trusted. */
  newDecoder(): PacketDecoder;
  /** Makes a session a client. */
  onconnection(session: Session): unknown;
}

/** What all sessions of a gateway have in common. */
export interface SessionContext {
  readonly host: GatewayHost;
  /** The namespace that they join. */
  readonly namespace: string;
  readonly translations: Translations;
}

/** How an event is sent. */
export interface Delivery {
  /** By it adapters can tell what has to be sent again. */
  readonly offset: string | undefined;
  /** Whether it may be lost. */
  readonly volatile: boolean;
}

type State = 'open' | 'closing' | 'closed';

/** How late the clock of the node that made an offset may be, in milliseconds. */
const clockDrift = 60_000;

/** Joins its namespace by itself; what the client says before it has been let in waits. */
export abstract class PlainSession extends EventEmitter implements Session {
  readonly id = newId();
  readonly request: IncomingMessage;
  readonly remoteAddress: string | undefined;
  /** That of Engine.IO, which programs may ask for. */
  readonly protocol = 4;
  readyState: State = 'open';
  abstract readonly transport: SessionTransport;
  protected readonly context: SessionContext;
  #joined = false;
  /** What the client has said too early. */
  #early: { event: PlainEvent; id: number | undefined }[] = [];
  /** A packet that is being written, and which of its messages is next. */
  #writing: TranslatedPacket | undefined;
  #position = 0;

  constructor(context: SessionContext, request: IncomingMessage) {
    super();
    this.context = context;
    this.request = request;
    this.remoteAddress = request.socket.remoteAddress;
  }

  /** Becomes a client of the hub and asks to join the namespace. */
  protected join(auth: Record<string, unknown>): void {
    this.context.host.onconnection(this);
    this.#toHub({ type: PacketType.CONNECT, nsp: this.context.namespace, data: auth });
  }

  /** The client says something; with an id it wants to have it acknowledged. */
  protected receive(event: PlainEvent, id?: number): void {
    if (this.readyState !== 'open') return;
    if (this.#joined) {
      this.#toHub({ type: PacketType.EVENT, nsp: this.context.namespace, data: event, id });
    } else {
      this.#early.push({ event, id });
      this.hold();
    }
  }

  #toHub(packet: SocketPacket): void {
    for (const message of this.context.host.encoder.encode(packet)) this.emit('data', message);
  }

  /** Takes the next message of a packet of the hub. */
  write(message: Chunk, options: WriteOptions = {}, callback?: () => void): void {
    if (this.readyState !== 'open') return;
    this.#writing ??= this.context.translations.get(options.shared);
    const translated = this.#writing;
    const packet = translated.add(this.#position++, message);
    if (packet === undefined) return;
    this.#writing = undefined;
    this.#position = 0;
    this.#fromHub(packet, translated, options);
    callback?.();
  }

  #fromHub(packet: SocketPacket, translated: TranslatedPacket, options: WriteOptions): void {
    switch (packet.type) {
      case PacketType.CONNECT:
        this.onAccepted(packet.data);
        // The hub has to finish before it takes the first event.
        process.nextTick(() => this.#open());
        return;
      case PacketType.CONNECT_ERROR:
        this.readyState = 'closing';
        return this.onRefused(String(packet.data?.message ?? packet.data));
      case PacketType.DISCONNECT:
        this.readyState = 'closing';
        return this.onDismissed();
      case PacketType.EVENT:
        return this.#deliver(packet, translated, options);
      case PacketType.ACK:
        return this.onAcknowledged(packet.data);
    }
  }

  #deliver(packet: SocketPacket, translated: TranslatedPacket, options: WriteOptions): void {
    const data: unknown[] = packet.data;
    const offset = this.#offsetOf(packet, options);
    // Data may be shared with others, who will look for the offset too.
    const event = offset === undefined ? data : data.slice(0, -1);
    this.deliver((make) => translated.form(make, event), { offset, volatile: options.volatile === true });
  }

  /** With recovery, adapters add an offset to the arguments of what they can send again. */
  #offsetOf({ data, id }: SocketPacket, { volatile }: WriteOptions): string | undefined {
    const { recoveryTime } = this.context.host;
    const last: unknown = data.length > 1 ? data.at(-1) : undefined;
    if (recoveryTime === undefined || id !== undefined || volatile === true || typeof last !== 'string')
      return undefined;
    const time = timeOfOffset(last);
    return time !== undefined && Math.abs(Date.now() - time) < recoveryTime + clockDrift ? last : undefined;
  }

  #open(): void {
    this.#joined = true;
    const early = this.#early;
    this.#early = [];
    for (const { event, id } of early) this.receive(event, id);
    this.release();
  }

  /** Ends the session for the hub, unless it has ended. */
  protected end(reason: DisconnectReason, description?: unknown): void {
    if (this.readyState === 'closed') return;
    this.readyState = 'closed';
    this.#early = [];
    this.emit('close', reason, description);
  }

  /** Ends it with what was sent before; `discard` makes no difference, as nothing waits here. */
  close(_discard?: boolean): void {
    if (this.readyState !== 'open') return;
    this.readyState = 'closing';
    this.onClosed();
    this.end('forced close');
  }

  /** The namespace has let the client in: `sid` is the id of its socket. */
  protected abstract onAccepted(connected: { sid: string; pid?: string }): void;
  /** The namespace has not. */
  protected abstract onRefused(message: string): void;
  /** The program has disconnected the client. */
  protected abstract onDismissed(): void;
  /** The hub has closed the session. */
  protected abstract onClosed(): void;
  /** The client shall not say more for now, as far as that can be helped; until `release`. */
  protected abstract hold(): void;
  protected abstract release(): void;
  /** Sends an event to the client, in the form that a function makes of it. */
  protected abstract deliver(as: <T>(make: (event: PlainEvent) => T) => T, delivery: Delivery): void;
  /** The program has acknowledged an event that asked for it. */
  protected onAcknowledged(_reply: readonly unknown[]): void {}
}
