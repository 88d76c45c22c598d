// One connection and the sockets that share it: opens it, loses it, and opens it again (client API, "Manager").
import type { Chunk, SocketPacket } from '../protocol/socketio/packet.ts';
import type { DefaultEventsMap, EventsMap } from '../protocol/socketio/typed-events.ts';
import { backoff, wait } from './backoff.ts';
import { call, Emitter, type Listener } from './emitter.ts';
import { openEngine } from './engine.ts';
import type { DisconnectDescription, Engine, EngineEvents } from './engine-api.ts';
import { watchWebSockets } from './fallback.ts';
import { type ManagerReservedEvents, type Setting, settings } from './manager-api.ts';
import type { ManagerOptions, Parser, SocketOptions } from './options.ts';
import type { OutgoingPacket } from './outbox.ts';
import { parser } from './parser.ts';
import { Socket } from './socket.ts';
import { later, type Timer } from './timer.ts';
import { completeUrl } from './url.ts';

declare module './socket.ts' {
  interface Socket<ListenEvents extends EventsMap, EmitEvents extends EventsMap> {
    /** What its connection belongs to. */
    readonly io: Manager<ListenEvents, EmitEvents>;
  }
}

/** Called once, with an error if it has failed. */
type Done = (error?: Error) => unknown;

/**
 * One connection to a server, and the sockets of the namespaces that share it: opens it, loses it, opens it again.
 */
export class Manager<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  // biome-ignore lint/complexity/noBannedTypes: it has no events but its own
> extends Emitter<{}, ManagerReservedEvents> {
  /** Taken into account by the next attempt. */
  readonly opts: ManagerOptions;
  /** The present connection, or the last. A new one for each attempt. */
  declare engine: Engine;
  _readyState: 'closed' | 'opening' | 'open' = 'closed';
  _reconnecting = false;
  /** The namespaces, by name. */
  readonly _sockets = new Map<string, Socket<ListenEvents, EmitEvents>>();

  /** Reads or sets the option of that name. */
  declare reconnection: Setting<boolean, this>;
  /** Reads or sets the option of that name. */
  declare reconnectionAttempts: Setting<number, this>;
  /** Reads or sets the option of that name. Milliseconds. */
  declare reconnectionDelay: Setting<number, this>;
  /** Reads or sets the option of that name. Milliseconds. */
  declare reconnectionDelayMax: Setting<number, this>;
  /** Reads or sets the option of that name. */
  declare randomizationFactor: Setting<number, this>;
  /** Reads or sets the option of that name. Milliseconds; false for no limit. */
  declare timeout: Setting<number | false, this>;
  /** Another name for `open`. */
  declare connect: this['open'];

  readonly #address: URL;
  readonly #parser: Parser;
  readonly #encoder: InstanceType<Parser['Encoder']>;
  readonly #fallback = watchWebSockets();
  #attempts = 0;
  #onPurpose = false;
  /** Takes the manager off its connection, or calls its wait for one off. */
  #release = () => {};

  /**
   * @param uri the server, as in `io()`; default: the page's server
   * @param options see `ManagerOptions`
   */
  constructor(uri?: string, options?: ManagerOptions);
  constructor(options?: ManagerOptions);
  constructor(uri?: string | ManagerOptions, options: ManagerOptions = {}) {
    super();
    if (typeof uri === 'object') [uri, options] = [undefined, uri];
    const { hostname = options.host, port, secure } = options;
    this.#address = completeUrl(uri ?? hostname);
    if (!uri) {
      if (port) this.#address.port = `${port}`;
      if (secure !== undefined) this.#address.protocol = secure ? 'https' : 'http';
    }
    this.opts = options;
    for (const [name, fallback] of Object.entries(settings)) {
      let value = this.opts[name as keyof typeof settings] ?? fallback;
      const setting = (next?: typeof value) => {
        if (next === undefined) return value;
        value = next;
        // The loop ends too, if there is one.
        this._reconnecting &&= this.reconnection();
        return this;
      };
      Object.assign(this, { [name]: setting });
    }
    this.#parser = options.parser ?? parser;
    this.#encoder = new this.#parser.Encoder();
    if (this.opts.autoConnect !== false) this.open();
  }

  /**
   * Connects, unless it does so or is connected.
   *
   * @param done called once, with an error if it fails; there is no further attempt then
   */
  open(done?: Done): this {
    if (this._readyState === 'closed') {
      this._reconnecting = false;
      this.#open(done);
    }
    return this;
  }

  #open(done: Done = (error) => error && this.#reconnect()): void {
    this.#release();
    this._readyState = 'opening';
    this.#onPurpose = false;
    const { opts } = this;
    const { transports = ['polling', 'websocket'], query, fallback } = opts;
    const engine = openEngine(
      this.#address,
      { ...opts, transports: fallback === false ? transports : this.#fallback._choose(transports) },
      Object.fromEntries([...new URLSearchParams(query as string), ...this.#address.searchParams]),
    );
    this.engine = engine;
    this.#fallback._watch(engine);
    const decoder = new this.#parser.Decoder();
    /** A connection that was given up may have something to say still. */
    const on = (event: keyof EngineEvents, listener: Listener) =>
      engine.on(event, (...args: unknown[]) => {
        if (this.engine === engine && this._readyState !== 'closed') listener(...args);
      });

    const fail = (error: Error) => {
      this.#release();
      this._readyState = 'closed';
      engine.close();
      for (const socket of this.#active()) socket._onError(error);
      this._raise('error', error);
      call([done], this, [error]);
    };
    const lose = (reason: string, description?: DisconnectDescription) => {
      decoder.destroy();
      this.#lose(reason, description);
    };
    const timeout = this.timeout();
    const timer = timeout !== false && later(opts, () => fail(new Error('timeout')), timeout);
    this.#release = () => clearTimeout(timer as Timer);

    decoder.on('decoded', (packet: SocketPacket) => {
      this._raise('packet', packet);
      this._sockets.get(packet.nsp)?._onPacket(packet);
    });
    on('open', () => {
      this.#release();
      this._readyState = 'open';
      for (const socket of this.#active()) socket._onOpen();
      this._raise('open');
      call([done], this, []);
    });
    on('message', (data) => {
      try {
        decoder.add(data);
      } catch (error) {
        lose('parse error', error as Error);
      }
    });
    on('ping', () => this._raise('ping'));
    on('error', (error) => this._readyState === 'opening' && fail(error));
    on('close', lose);
  }

  /** The socket of a namespace, which connects; the same one each time. */
  socket(nsp: string, options?: SocketOptions): Socket<ListenEvents, EmitEvents> {
    let socket = this._sockets.get(nsp);
    if (!socket) {
      socket = new Socket<ListenEvents, EmitEvents>(this, nsp, { ...this.opts, ...options } as SocketOptions);
      this._sockets.set(nsp, socket);
    }
    if (this.opts.autoConnect !== false) socket.connect();
    return socket;
  }

  /**
   * Sends a packet.
   *
   * @throws what the encoder throws, and RangeError for one that is larger than the server takes
   */
  _send(packet: OutgoingPacket): void {
    const { options, ...plain } = packet;
    const messages: readonly Chunk[] = this.#encoder.encode(plain);
    if (this.opts.checkSize !== false) this.engine._check(messages);
    for (const message of messages) this.engine.send(message, { ...options, _source: packet });
  }

  /** Closes the connection if no socket needs it any more. */
  _leave(): void {
    if (!this.#active().length) this._close();
  }

  /** Closes the connection; it is not opened again by itself. */
  _close(): void {
    this.#onPurpose = true;
    this._reconnecting = false;
    this.#lose('forced close');
  }

  #active(): Socket<ListenEvents, EmitEvents>[] {
    return [...this._sockets.values()].filter((socket) => socket.active);
  }

  #lose(reason: string, description?: DisconnectDescription): void {
    const { engine } = this;
    // What the program ends goes on until all is sent; from any other end it is kept for the next connection.
    const unsent = reason === 'forced close' ? [] : engine.writeBuffer.splice(0);
    const packets = [...new Set(unsent.map(({ options }) => options?._source as OutgoingPacket | undefined))];
    this.#release();
    this.#attempts = 0;
    this._readyState = 'closed';
    engine?.close();
    for (const socket of this.#active()) socket._onClose(reason, description, packets);
    this._raise('close', reason, description);
    this.#reconnect();
  }

  /** Waits, and tries again. */
  #reconnect(): void {
    if (this._reconnecting || this.#onPurpose || !this.reconnection() || this._readyState !== 'closed')
      return;
    // 0 is no limit, too.
    if (this.#attempts >= (this.reconnectionAttempts() || Infinity)) {
      this.#attempts = 0;
      return this._raise('reconnect_failed');
    }
    this._reconnecting = true;
    this.#release = wait(this.opts, backoff(this, this.#attempts++), () => {
      const attempt = this.#attempts;
      if (this._reconnecting) this._raise('reconnect_attempt', attempt);
      // A program may have changed its mind, or have been faster.
      if (!this._reconnecting) return;
      this.#open((error) => {
        this._reconnecting = false;
        if (!error) this.#attempts = 0;
        else this.#reconnect();
        this._raise(error ? 'reconnect_error' : 'reconnect', error ?? attempt);
      });
    });
  }
}

Manager.prototype.connect = Manager.prototype.open;
