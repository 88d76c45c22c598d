// What programs can set, with its units and defaults (client API, "Options"; what is new here is marked as an addition).
import type { Binary, SocketPacket } from '../protocol/socketio/packet.ts';
import type { TimerOptions, WebSocketClass } from './platform.ts';
import type { LinkWith, TransportFactoryWith } from './transport.ts';

/** Options of one connection, whatever is spoken over it. */
export interface EngineOptions extends TimerOptions, NodeOptions {
  /** Where to connect, if the URL does not say. */
  host?: string | undefined;
  /** The same as `host`, which it wins over. */
  hostname?: string | undefined;
  /** The port, if the URL does not say. */
  port?: string | number | undefined;
  /** TLS or not, if the URL does not say. */
  secure?: boolean | undefined;
  /** Path of the server. Default `/socket.io`. */
  path?: string | undefined;
  /** Whether the path is made to end with a slash. Default true. */
  addTrailingSlash?: boolean | undefined;
  /**
   * The transports to use, by name or as factories. The first is for the beginning, those behind it are candidates for
   * an upgrade. Unknown names are passed over. Default `['polling', 'websocket']`.
   */
  transports?: readonly (string | TransportFactoryWith<EngineOptions>)[] | undefined;
  /** Whether a failure to begin is met with the next transport, before any error. Default false. */
  tryAllTransports?: boolean | undefined;
  /** Whether to change to a better transport once polling works. Default true. */
  upgrade?: boolean | undefined;
  /** Begin with WebSocket if one has worked before. Default false. */
  rememberUpgrade?: boolean | undefined;
  /** Parameters of every URL; those of the URL given to `io()` win. */
  query?: Record<string, unknown> | string | undefined;
  /** Headers of requests; also of the opening handshake of WebSockets, where the class takes them. */
  extraHeaders?: Record<string, string> | undefined;
  /** Send cookies to other sites; in Node, keep those of the server for the connection. Default false. */
  withCredentials?: boolean | undefined;
  /** Never send bytes, but base64 text. Default false. */
  forceBase64?: boolean | undefined;
  /** Whether URLs get a stamp that no cache has seen. Default: those of requests do, those of WebSockets don't. */
  timestampRequests?: boolean | undefined;
  /** The stamp's parameter. Default `t`. */
  timestampParam?: string | undefined;
  /** Options that count for one transport only, by its name. */
  transportOptions?: Record<string, EngineOptions> | undefined;
  /** Milliseconds that one HTTP request may take. Default 0: as long as the heartbeat lets it. */
  requestTimeout?: number | undefined;
  /** Subprotocols of the WebSocket. */
  protocols?: string | string[] | undefined;
  /** Whether to close without an event when the page is left. Default false. */
  closeOnBeforeunload?: boolean | undefined;
  /** Addition. The class for WebSockets, such as that of `ws`. Default: the platform's, if it has one. */
  WebSocket?: WebSocketClass | undefined;
  /** Addition. What requests are made with, for proxies or certificates in Node. Default: the platform's. */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /**
   * Addition. The way down of long-polling: yields the packets of one request as they come, ends with it or throws, and is
   * called again then; `abort` ends it. Default: a GET that waits for packets.
   */
  wayDown?: ((link: LinkWith<EngineOptions>, abort: AbortController) => AsyncIterable<string>) | undefined;
  /** Addition. Largest body of a response, in UTF-16 units: more is an error. Default 100 000 000. */
  maxResponse?: number | undefined;
  /** Addition. Milliseconds until a candidate for an upgrade that does not answer is given up. Default 10 000. */
  probeTimeout?: number | undefined;
}

/** Handed to a WebSocket class that takes them, such as that of `ws`: Node only. */
export interface NodeOptions {
  /** The `http.Agent` that opens the connection. */
  agent?: unknown;
  /** Certificate and key in one, as `tls.connect` takes it. */
  pfx?: unknown;
  /** The private key, as `tls.connect` takes it. */
  key?: unknown;
  /** Opens `key` or `pfx`. */
  passphrase?: string | undefined;
  /** The certificate, as `tls.connect` takes it. */
  cert?: unknown;
  /** The authorities to trust. Default: those that Node knows. */
  ca?: unknown;
  /** The ciphers to offer. Default: those of Node. */
  ciphers?: string | undefined;
  /** Whether certificates that no trusted authority signed are refused. Default true. */
  rejectUnauthorized?: boolean | undefined;
  /** Whether to offer compression, and how. */
  perMessageDeflate?: unknown;
  /** The address of this machine to connect from. */
  localAddress?: string | undefined;
}

/** Reads packets from messages of the engine. */
export interface PacketDecoder {
  on(event: 'decoded', listener: (packet: SocketPacket) => void): unknown;
  add(chunk: string | Binary): void;
  destroy(): void;
}

// biome-ignore-start lint/suspicious/noExplicitAny: constructors have options of their own
export interface Parser {
  // What packages declare that it returns is not always what it does.
  Encoder: new (
    ...options: any[]
  ) => { encode(packet: any): any };
  Decoder: new (...options: any[]) => PacketDecoder;
}
// biome-ignore-end lint/suspicious/noExplicitAny: see above

/** Options of a connection and of the ways to open it again. */
export interface ManagerOptions extends EngineOptions {
  /** Whether to connect again after a connection was lost, or could not be made. Default true. */
  reconnection?: boolean | undefined;
  /** Attempts until it is given up. Default Infinity, and so is 0. */
  reconnectionAttempts?: number | undefined;
  /** Milliseconds before the first attempt, give or take; doubled for each further one. Default 1000. */
  reconnectionDelay?: number | undefined;
  /** Most milliseconds between attempts. Default 5000. */
  reconnectionDelayMax?: number | undefined;
  /** By which part of itself a delay is longer or shorter, 0…1. Default 0.5. */
  randomizationFactor?: number | undefined;
  /** Milliseconds that an attempt may take; false for no limit. Default 20 000. */
  timeout?: number | false | undefined;
  /** Whether to connect at once. Default true. */
  autoConnect?: boolean | undefined;
  /** Another way to write packets; server and client must agree. */
  parser?: Parser | undefined;
  /** `io()` only: a connection of its own. Default false. */
  forceNew?: boolean | undefined;
  /** `io()` only: whether namespaces may share a connection. Default true. */
  multiplex?: boolean | undefined;
  /**
   * Addition. Go round what blocks WebSockets: after one that could not be opened the next attempt begins with another
   * transport, and after two in a row that were opened but never carried anything, WebSockets are left alone for five
   * minutes. Default true.
   */
  fallback?: boolean | undefined;
  /** Addition. End the wait for the next attempt when the browser is online again or the page is seen again. Default true. */
  wakeUp?: boolean | undefined;
  /** Addition. Refuse messages that are larger than the server takes, by what it has said. Default true. */
  checkSize?: boolean | undefined;
}

/** What a client sends to prove itself: `socket.handshake.auth` at the server. */
export type AuthData = Record<string, unknown>;
/** The data, or a function that is asked for them at each attempt. */
export type Auth = AuthData | ((send: (data: object) => void) => void);

/** Options of one socket, in one namespace. */
export interface SocketOptions {
  /** Sent with every request to join the namespace; a function is asked each time. */
  auth?: Auth | undefined;
  /** Milliseconds that every acknowledgement may take; callbacks then take an error first. */
  ackTimeout?: number | undefined;
  /** How many times an event is sent again that was not acknowledged; one event at a time is under way. */
  retries?: number | undefined;
  /** Addition. Most events that wait for a connection; a further one is refused. Default Infinity. */
  bufferLimit?: number | undefined;
  /** Addition. Milliseconds that an event may wait for a connection. Default Infinity. */
  bufferLifetime?: number | undefined;
}
