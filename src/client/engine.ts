// A session's end at the client: messages in and out, over one transport after another (Engine.IO protocol, revision 4).
import type { OpenData } from '../protocol/engineio/handshake.ts';
import type { Binary } from '../protocol/socketio/packet.ts';
import { sizeOf } from './bytes.ts';
import { Emitter } from './emitter.ts';
import { readOpenData } from './open-data.ts';
import type { EngineOptions } from './options.ts';
import { later, onPage, platform, type Timer } from './platform.ts';
import { polling } from './polling.ts';
import {
  baseQuery,
  type Incoming,
  type Link,
  type Outgoing,
  type SendOptions,
  type Transport,
  type TransportError,
  type TransportEvents,
  type TransportFactory,
  transportError,
} from './transport.ts';
import { type Probe, probe } from './upgrade.ts';
import type { Address } from './url.ts';
import { websocket } from './websocket.ts';

/** Why a connection has ended, beyond the reason: where a transport has failed, its error. */
export type DisconnectDescription = Error | { description: string; context?: unknown };

export interface EngineEvents {
  open: () => void;
  handshake: (data: OpenData) => void;
  packet: (packet: Incoming) => void;
  packetCreate: (packet: Outgoing) => void;
  data: (data: string | Binary) => void;
  message: (data: string | Binary) => void;
  drain: () => void;
  flush: () => void;
  heartbeat: () => void;
  ping: () => void;
  upgrading: (transport: Transport) => void;
  upgrade: (transport: Transport) => void;
  upgradeError: (error: Error) => void;
  error: (error: TransportError) => void;
  close: (reason: string, details?: DisconnectDescription) => void;
}

type State = 'opening' | 'open' | 'closing' | 'closed';

const factories = [polling, websocket];
export const defaultTransports: EngineOptions['transports'] = ['polling', 'websocket'];

/** Whether the last that was heard of WebSockets in this process was good. */
let webSocketWorks = false;

// biome-ignore lint/complexity/noBannedTypes: it has no events but its own
export class Engine extends Emitter<{}, EngineEvents> {
  /** Given by the server; undefined until the session is open. */
  id: string | undefined;
  readyState: State = 'opening';
  /** Undefined where there is none to use. */
  transport!: Transport;
  /** What has not been given to a transport yet. */
  writeBuffer: Outgoing[] = [];
  upgrading = false;
  binaryType = platform.Buffer ? 'nodebuffer' : 'arraybuffer';

  readonly #address: Address;
  readonly #options: EngineOptions;
  readonly #query: Record<string, unknown>;
  readonly #cookies = new Map<string, string>();
  readonly #ends: (() => void)[] = [];
  #factories: TransportFactory[];
  #probes: Probe[] = [];
  #maxPayload = 0;
  #patience = 0;
  #expiry = Number.POSITIVE_INFINITY;
  #timer: Timer | undefined;
  #scheduled = false;

  /** Begins to connect. */
  constructor(address: Address, options: EngineOptions, query: Record<string, unknown>) {
    super();
    this.#address = address;
    this.#options = options;
    this.#query = query;
    const wanted = (options.transports ?? defaultTransports!).map((one) =>
      typeof one === 'string' ? factories.find((factory) => factory.transportName === one) : one,
    );
    // Where a program wants nothing else, it shall be told what is missing.
    this.#factories = wanted.filter(
      (one) => one && (one.available?.(options) !== false || !wanted[1]),
    ) as TransportFactory[];
    if (options.rememberUpgrade && webSocketWorks && this.#factories.includes(websocket)) {
      this.#factories = [websocket, ...this.#factories.filter((one) => one !== websocket)];
    }
    if (address.host !== 'localhost') {
      this.#listen('offline', () => this.#end('transport close', { description: 'network connection lost' }));
    }
    if (options.closeOnBeforeunload) this.#listen('beforeunload', () => this.transport?.close(true));
    if (this.#factories.length) this.#begin();
    else queueMicrotask(() => this.#fail('No transports available'));
  }

  /** Whether something that is sent now goes out at once. */
  get writable(): boolean {
    return (
      this.readyState === 'open' && !this.upgrading && !this.writeBuffer.length && this.transport.writable
    );
  }

  /** Sends a message. Ignored after `close`. @param done called when it has been given to the transport */
  send(data: string | Binary, options?: SendOptions, done?: () => void): this {
    if (this.readyState.startsWith('clos')) return this;
    const packet: Outgoing = { type: 'message', data, options };
    this._raise('packetCreate', packet);
    if (done) this.once('flush', done);
    this.#queue(packet);
    return this;
  }

  declare write: this['send'];

  /** The first of some messages that is larger than the server has said it takes, by its size in bytes. */
  _tooLarge(messages: readonly (string | Binary)[]): number | undefined {
    const asText = !!this.transport.pause || !!this.#options.forceBase64;
    return messages
      .map((one) => sizeOf(one, asText, this.#maxPayload))
      .find((size) => size > this._maxPayload);
  }

  /** Most bytes of a message, as the server has said. */
  get _maxPayload(): number {
    return this.#maxPayload || Number.POSITIVE_INFINITY;
  }

  /** Whether the server should have been heard of long ago: a timer may have slept. Ends the session then. */
  _overdue(): boolean {
    const overdue = Date.now() > this.#expiry;
    if (overdue) {
      this.#expiry = 0;
      queueMicrotask(() => this.#end('ping timeout'));
    }
    return overdue;
  }

  /** Ends the session, after what is waiting has been sent. */
  close(): this {
    if (this.readyState === 'opening') this.#end('forced close');
    else if (this.readyState === 'open') {
      this.readyState = 'closing';
      this.#settle();
    }
    return this;
  }

  #listen(event: string, listener: () => void): void {
    this.#ends.push(onPage(platform, event, listener));
  }

  #link(name: string): Link {
    return {
      address: this.#address,
      options: { ...this.#options, ...this.#options.transportOptions?.[name] },
      query: baseQuery(this.#query, name, this.id),
      cookies: this.#cookies,
    };
  }

  #begin(): void {
    const factory = this.#factories[0]!;
    this.transport = factory(this.#link(factory.transportName), this.#events(factory.transportName));
  }

  #events(name: string): TransportEvents {
    return {
      opened() {},
      packet: (packet) => this.#handle(packet),
      drained: () => {
        if (!this.writeBuffer.length) this._raise('drain');
        this.#schedule();
      },
      closed: (description, context) => {
        if (this.readyState === 'opening') this.#fail(`${name} error`, description, context);
        else this.#end('transport close', { description, context });
      },
      failed: (...what) => this.#fail(...what),
    };
  }

  #fail(message: string, description?: unknown, context?: unknown): void {
    webSocketWorks = false;
    if (this.readyState === 'opening' && this.#options.tryAllTransports && this.#factories[1]) {
      this.#factories.shift();
      return this.#begin();
    }
    const error = transportError(message, description, context);
    if (this.readyState !== 'closed') this._raise('error', error);
    this.#end(message === 'parse error' ? message : 'transport error', error);
  }

  #handle(packet: Incoming): void {
    if (this.readyState === 'closed') return;
    const { type, data } = packet;
    this._raise('packet', packet);
    this._raise('heartbeat');
    if (type === 'close') this.#events(this.transport.name).closed('transport closed by the server');
    else if (this.readyState === 'opening') {
      const opened = type === 'open' && readOpenData(data);
      if (opened) this.#open(opened);
      else this.#fail('parse error', data);
    } else if (type === 'ping') {
      this.#rearm();
      this._raise('ping');
      this.#queue({ type: 'pong' });
      this._raise('pong');
    } else if (type === 'message') {
      this._raise('data', data ?? '');
      this._raise('message', data ?? '');
    }
  }

  #open(opened: OpenData): void {
    const { sid, upgrades, pingInterval, pingTimeout, maxPayload } = opened;
    this.id = this.transport.query.sid = sid;
    this.#maxPayload = maxPayload;
    this.#patience = pingInterval + pingTimeout;
    this.#rearm();
    this.readyState = 'open';
    webSocketWorks = this.transport.name === 'websocket';
    this._raise('handshake', opened);
    this._raise('open');
    this.#schedule();
    if (this.#options.upgrade === false || !this.transport.pause || this.readyState !== 'open') return;
    for (const factory of this.#factories) {
      const name = factory.transportName;
      if (name !== this.transport.name && upgrades.includes(name)) this.#probe(factory);
    }
  }

  #rearm(): void {
    clearTimeout(this.#timer);
    this.#expiry = Date.now() + this.#patience;
    this.#timer = later(this.#options, () => this.#end('ping timeout'), this.#patience);
  }

  #probe(factory: TransportFactory): void {
    const old = this.transport;
    const answered = (candidate: Transport) => {
      // Another one was faster.
      if (this.upgrading || this.transport !== old) return trial.cancel();
      this.upgrading = true;
      this._raise('upgrading', candidate);
      old.pause!(() => {
        if (this.readyState === 'closed' || !this.upgrading) return;
        trial.adopt(this.#events(candidate.name));
        this.#probes.splice(this.#probes.indexOf(trial), 1);
        for (const other of this.#probes) other.cancel();
        this.#probes = [];
        candidate.send([{ type: 'upgrade' }]);
        this.transport = candidate;
        old.close(false);
        webSocketWorks = candidate.name === 'websocket';
        this.upgrading = false;
        this._raise('upgrade', candidate);
        this.#schedule();
      });
    };
    const trial = probe(factory, this.#link(factory.transportName), answered, (error) => {
      // Only one that has answered holds the old transport up.
      if (this.transport === old && this.upgrading) {
        this.upgrading = false;
        old.resume!();
      }
      this._raise('upgradeError', error);
      this.#schedule();
    });
    this.#probes.push(trial);
  }

  #queue(packet: Outgoing): void {
    this.writeBuffer.push(packet);
    this.#schedule();
  }

  /** What is sent in one go leaves in one go. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      const ready = this.id && this.readyState !== 'closed' && !this.upgrading && this.transport.writable;
      if (ready && this.writeBuffer.length) {
        this.transport.send(this.writeBuffer.splice(0, this.#fitting()));
        this._raise('flush');
      } else this.#settle();
    });
  }

  /** How many of the packets that wait go into one body; one at least. */
  #fitting(): number {
    const { length } = this.writeBuffer;
    if (!this.transport.pause) return length;
    let size = 0;
    const end = this.writeBuffer.findIndex(({ data }, index) => {
      // Each has a separator behind it, but the last.
      size += sizeOf(data, true) + 1;
      return index > 0 && size > this._maxPayload + 1;
    });
    return end === -1 ? length : end;
  }

  /** Ends what is to be closed, once nothing is under way. */
  #settle(): void {
    if (this.readyState !== 'closing' || this.upgrading) return;
    if (!this.writeBuffer.length && this.transport.writable) this.#end('forced close');
  }

  #end(reason: string, details?: DisconnectDescription): void {
    if (this.readyState === 'closed') return;
    this.readyState = 'closed';
    clearTimeout(this.#timer);
    for (const end of this.#ends) end();
    for (const one of this.#probes) one.cancel();
    // Where the server has ended it, or can't be reached, there is nobody to tell.
    this.transport?.close(reason === 'forced close');
    this._raise('close', reason, details);
    this.writeBuffer = [];
  }
}

Engine.prototype.write = Engine.prototype.send;
