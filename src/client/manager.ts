// One connection and the sockets that share it: opens it, loses it, and opens it again (client API, "Manager").
import { Decoder } from '../protocol/socketio/decoder.ts';
import { Encoder } from '../protocol/socketio/encoder.ts';
import type { SocketPacket } from '../protocol/socketio/packet.ts';
import { backoff } from './backoff.ts';
import { call, Emitter, type Listener } from './emitter.ts';
import { type DisconnectDescription, defaultTransports, Engine } from './engine.ts';
import { watchWebSockets } from './fallback.ts';
import type { ManagerOptions, Parser, SocketOptions } from './options.ts';
import { later, onPage, platform, type Timer } from './platform.ts';
import { type OutgoingPacket, Socket } from './socket.ts';
import type { DefaultEventsMap, EventsMap } from './typed-events.ts';
import { type Address, parseAddress } from './url.ts';

declare module './socket.ts' {
  interface Socket<ListenEvents extends EventsMap, EmitEvents extends EventsMap> {
    /** What its connection belongs to. */
    readonly io: Manager<ListenEvents, EmitEvents>;
  }
}

export interface ManagerReservedEvents {
  open: () => void;
  /** The server has pinged. */
  ping: () => void;
  packet: (packet: SocketPacket) => void;
  /** An attempt to connect has failed. */
  error: (error: Error) => void;
  close: (reason: string, description?: DisconnectDescription) => void;
  reconnect_attempt: (attempt: number) => void;
  reconnect_error: (error: Error) => void;
  reconnect_failed: () => void;
  reconnect: (attempt: number) => void;
}

/** Without an argument the value, with one the manager, which takes it. */
interface Setting<Value, Self> {
  (): Value;
  (value: Value): Self;
}

const defaults = {
  reconnection: true,
  reconnectionAttempts: Number.POSITIVE_INFINITY,
  reconnectionDelay: 1000,
  reconnectionDelayMax: 5000,
  randomizationFactor: 0.5,
  timeout: 20_000 as number | false,
};
type Settings = typeof defaults;

export class Manager<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  // biome-ignore lint/complexity/noBannedTypes: it has no events but its own
> extends Emitter<{}, ManagerReservedEvents> {
  /** Taken into account by the next attempt. */
  opts: ManagerOptions;
  /** The present connection, or the last. A new one for each attempt. */
  engine!: Engine;
  _readyState: 'closed' | 'opening' | 'open' = 'closed';
  _reconnecting = false;

  declare reconnection: Setting<boolean, this>;
  declare reconnectionAttempts: Setting<number, this>;
  declare reconnectionDelay: Setting<number, this>;
  declare reconnectionDelayMax: Setting<number, this>;
  declare randomizationFactor: Setting<number, this>;
  declare timeout: Setting<number | false, this>;
  declare connect: this['open'];

  readonly #address: Address;
  readonly #parser: Parser;
  readonly #encoder: InstanceType<Parser['Encoder']>;
  readonly #sockets = new Map<string, Socket<ListenEvents, EmitEvents>>();
  readonly #fallback = watchWebSockets();
  readonly #settings: Settings;
  #attempts = 0;
  #onPurpose = false;
  /** Takes the manager off its connection, or its wait for one. */
  #release = () => {};

  constructor(uri?: string, options?: ManagerOptions);
  constructor(options?: ManagerOptions);
  constructor(first?: string | ManagerOptions, second?: ManagerOptions) {
    super();
    const [uri, given] = typeof first === 'object' ? [undefined, first] : [first, second];
    const options = given ?? {};
    const host = options.hostname ?? options.host;
    const scheme = options.secure === undefined ? '//' : `http${options.secure ? 's' : ''}://`;
    this.#address = parseAddress(
      uri ?? (host && `${scheme}${host}${options.port ? `:${options.port}` : ''}`),
    );
    this.opts = { path: '/socket.io', ...options };
    this.#settings = { ...defaults, ...withoutUndefined(options) };
    this.#settings.reconnectionAttempts ||= defaults.reconnectionAttempts;
    this.#settings.reconnectionDelay ||= defaults.reconnectionDelay;
    this.#parser = options.parser ?? { Encoder, Decoder };
    this.#encoder = new this.#parser.Encoder();
    if (this._autoConnect) this.open();
  }

  get _autoConnect(): boolean {
    return this.opts.autoConnect !== false;
  }

  _setting(name: keyof Settings, value?: Settings[keyof Settings]): unknown {
    if (value === undefined) return this.#settings[name];
    (this.#settings as Record<string, unknown>)[name] = value;
    if (name === 'reconnection' && !value) {
      this.#onPurpose = true;
      if (this._reconnecting && this._readyState === 'closed') this.#stop();
    }
    return this;
  }

  /**
   * Connects, unless it does so or is connected.
   *
   * @param done called once, with an error if it fails; there is no further attempt then
   */
  open(done?: (error?: Error) => void): this {
    if (this._readyState !== 'closed') return this;
    this.#release();
    this._readyState = 'opening';
    this.#onPurpose = false;
    const wanted = this.opts.transports ?? defaultTransports!;
    const transports = this.opts.fallback === false ? wanted : this.#fallback.choose(wanted);
    const query = Object.fromEntries([...pairs(this.opts.query), ...pairs(this.#address.query)]);
    const engine = new Engine(this.#address, { ...this.opts, transports }, query);
    this.engine = engine;

    let live = true;
    let heard = true;
    let timer: Timer | undefined;
    this.#release = () => {
      live = false;
      clearTimeout(timer);
    };
    const whileLive =
      (listener: Listener): Listener =>
      (...args) =>
        live && listener(...args);

    const fail = (error: Error) => {
      this.#release();
      engine.close();
      this._readyState = 'closed';
      this.#fallback.failed(engine.transport?.name);
      for (const socket of this.#active()) socket._onError(error);
      this._raise('error', error);
      if (done) call([done], this, [error]);
      else if (!this._reconnecting && !this.#attempts) this.#reconnect();
    };
    if (this.#settings.timeout !== false) {
      timer = later(this.opts, () => fail(new Error('timeout')), this.#settings.timeout);
    }

    const decoder = new this.#parser.Decoder();
    decoder.on(
      'decoded',
      whileLive((packet: SocketPacket) => {
        this._raise('packet', packet);
        this.#sockets.get(packet.nsp)?._onPacket(packet);
      }),
    );
    const lose = (reason: string, description?: DisconnectDescription) => {
      const unsent = new Set(engine.writeBuffer.map(({ options }) => options?.source as OutgoingPacket));
      this.#fallback.ended(!heard && reason !== 'forced close');
      decoder.destroy();
      this.#lost(reason, description, unsent);
    };

    engine.on(
      'open',
      whileLive(() => {
        clearTimeout(timer);
        this._readyState = 'open';
        for (const socket of this.#active()) socket._onOpen();
        this._raise('open');
        if (done) call([done], this, []);
      }),
    );
    engine.on(
      'ping',
      whileLive(() => this._raise('ping')),
    );
    engine.on('upgrade', () => {
      heard = false;
    });
    engine.on('packet', () => {
      heard = true;
    });
    engine.on(
      'message',
      whileLive((data) => {
        try {
          decoder.add(data);
        } catch (error) {
          lose('parse error', error as Error);
        }
      }),
    );
    engine.on(
      'error',
      whileLive((error) => this._readyState === 'opening' && fail(error)),
    );
    engine.on('close', whileLive(lose));
    return this;
  }

  /** The socket of a namespace, which connects; the same one each time. */
  socket(nsp: string, options?: SocketOptions): Socket<ListenEvents, EmitEvents> {
    let socket = this.#sockets.get(nsp);
    if (!socket) {
      socket = new Socket<ListenEvents, EmitEvents>(this, nsp, { ...this.opts, ...options } as SocketOptions);
      this.#sockets.set(nsp, socket);
    }
    if (this._autoConnect && !socket.active) socket.connect();
    return socket;
  }

  /** Whether there is a socket of the namespace, connected or not. */
  _has(nsp: string): boolean {
    return this.#sockets.has(nsp);
  }

  /**
   * Sends a packet.
   *
   * @throws what the encoder throws, and RangeError for one that is larger than the server takes
   */
  _send(packet: OutgoingPacket): void {
    const messages = this.#encoder.encode(packet);
    const tooLarge = this.opts.checkSize === false ? undefined : this.engine._tooLarge(messages);
    if (tooLarge) {
      throw new RangeError(
        `a message of ${tooLarge} bytes is larger than the ${this.engine._maxPayload} that the server takes (maxPayload)`,
      );
    }
    const options = { ...packet.options, source: packet };
    for (const message of messages) this.engine.send(message, options);
  }

  /** Closes the connection if no socket needs it any more. */
  _leave(): void {
    if (!this.#active().length) this._close();
  }

  /** Closes the connection; it is not opened again by itself. */
  _close(): void {
    this.#onPurpose = true;
    this._reconnecting = false;
    if (this._readyState === 'closed') this.#stop();
    else this.#lost('forced close');
  }

  #active(): Socket<ListenEvents, EmitEvents>[] {
    return [...this.#sockets.values()].filter((socket) => socket.active);
  }

  #stop(): void {
    this.#release();
    this._reconnecting = false;
    this.#attempts = 0;
  }

  #lost(reason: string, description?: DisconnectDescription, unsent = new Set<OutgoingPacket>()): void {
    this.#release();
    this.engine.close();
    this.#attempts = 0;
    this._readyState = 'closed';
    for (const socket of this.#active()) socket._onClose(reason, description, unsent);
    this._raise('close', reason, description);
    this.#reconnect();
  }

  /** Waits, and tries again. */
  #reconnect(): void {
    const {
      reconnection,
      reconnectionAttempts,
      reconnectionDelay,
      reconnectionDelayMax,
      randomizationFactor,
    } = this.#settings;
    if (this._reconnecting || this.#onPurpose || !reconnection || this._readyState !== 'closed') return;
    if (this.#attempts >= reconnectionAttempts) {
      this.#attempts = 0;
      this._raise('reconnect_failed');
      return;
    }
    this._reconnecting = true;
    const spread = { delay: reconnectionDelay, max: reconnectionDelayMax, factor: randomizationFactor };
    const timer = later(this.opts, () => this.#attempt(), backoff(spread, this.#attempts++));
    const ends = [() => clearTimeout(timer)];
    if (this.opts.wakeUp !== false) {
      const { document } = platform;
      ends.push(
        onPage(platform, 'online', () => this.#attempt()),
        onPage(
          document,
          'visibilitychange',
          () => document!.visibilityState === 'visible' && this.#attempt(),
        ),
      );
    }
    this.#release = () => {
      for (const end of ends) end();
    };
  }

  #attempt(): void {
    this.#release();
    this._raise('reconnect_attempt', this.#attempts);
    // A listener may have changed its mind.
    if (this.#onPurpose) return;
    const open = this._readyState !== 'closed';
    const attempt = this.#attempts;
    if (!open) {
      this.open((error) => {
        this._reconnecting = false;
        if (!error) {
          this.#attempts = 0;
          this._raise('reconnect', attempt);
        } else {
          this.#reconnect();
          this._raise('reconnect_error', error);
        }
      });
    } else this._reconnecting = false;
  }
}

const manager = Manager.prototype;
manager.connect = manager.open;
for (const name of Object.keys(defaults) as (keyof Settings)[]) {
  Object.assign(manager, {
    [name](this: Manager, value?: Settings[keyof Settings]) {
      return this._setting(name, value);
    },
  });
}

function withoutUndefined<T extends object>(given: T): Partial<Settings> {
  return Object.fromEntries(
    Object.entries(given).filter(([name, value]) => name in defaults && value !== undefined),
  );
}

/** The parameters of a query, whichever way it was given. */
function pairs(query: ManagerOptions['query']): [string, unknown][] {
  return typeof query === 'string' ? [...new URLSearchParams(query)] : Object.entries(query ?? {});
}
