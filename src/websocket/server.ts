// The API of the `WebSocketServer` of `ws`: HTTP upgrade requests in, `connection` events out.
import { EventEmitter } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { HandshakeError, type HandshakeOffer, readHandshake } from '../protocol/rfc6455/handshake.ts';
import { formatExtensions } from '../protocol/rfc6455/header-list.ts';
import { acceptOffer } from '../protocol/rfc7692/negotiation.ts';
import { type BroadcastOptions, broadcast } from './broadcast.ts';
import { Connection } from './connection.ts';
import { Deflate, type PerMessageDeflateOptions } from './deflate.ts';
import { drainConnections } from './drain.ts';
import { startHeartbeat } from './heartbeat.ts';
import { type ResolvedOptions, resolveOptions, type ServerOptions } from './options.ts';
import { isAllowedOrigin } from './origins.ts';
import type { Sendable } from './sendable.ts';
import { type ConnectionSettings, connectionSettings } from './settings.ts';
import { Tap } from './tap.ts';
import { acceptanceLines, refuse, refuseUnlessTaken } from './upgrade.ts';
import { verifyClient } from './verify-client.ts';
import { connect, connectionOf, type WebSocket } from './websocket.ts';

/** Events of a `WebSocketServer`, with the arguments of their listeners. */
export interface WebSocketServerEvents<
  Socket extends typeof WebSocket,
  Request extends typeof IncomingMessage,
> {
  connection: [webSocket: InstanceType<Socket>, req: InstanceType<Request>];
  /** Before a handshake is answered: the header lines, which may be changed. The first is the status line. */
  headers: [lines: string[], req: InstanceType<Request>];
  /** Before a connection begins to read: what will be on its wire. Taps exist for this event's listeners only. */
  tap: [tap: Tap, req: InstanceType<Request>, webSocket: InstanceType<Socket>];
  listening: [];
  close: [];
  error: [error: Error];
  /** A handshake was wrong. Whoever listens must answer and end the socket. */
  wsClientError: [error: Error, socket: Duplex, req: InstanceType<Request>];
}

type State = 'running' | 'closing' | 'closed';

/** Sockets whose handshake has begun. */
const seen = new WeakSet<Duplex>();

/** A WebSocket server, on a port of its own, on an HTTP server that exists, or on whatever it is given. */
export class WebSocketServer<
  Socket extends typeof WebSocket = typeof WebSocket,
  Request extends typeof IncomingMessage = typeof IncomingMessage,
> extends EventEmitter<WebSocketServerEvents<Socket, Request>> {
  /** The options, with their defaults filled in. */
  readonly options: ResolvedOptions<Socket, Request>;
  /** The open connections, if `clientTracking` is on. */
  readonly clients: Set<InstanceType<Socket>> = undefined as never;

  readonly #settings: ConnectionSettings;
  readonly #deflate: PerMessageDeflateOptions | undefined;
  readonly #connected = new Set<InstanceType<Socket>>();
  #http: Server | HttpsServer | undefined;
  readonly #ownsHttp: boolean;
  #state: State = 'running';
  #draining = false;
  #detach = () => {};
  readonly #stopHeartbeat: () => void;

  /**
   * @param options see `ServerOptions`; TypeError unless exactly one of `port`, `server` and `noServer` is given
   * @param callback listens for `listening`, with `port`
   */
  constructor(options: ServerOptions<Socket, Request> = {}, callback?: () => void) {
    super();
    this.options = resolveOptions(options);
    this.#settings = connectionSettings(this.options, 'server');
    const { perMessageDeflate, clientTracking, heartbeat, port, host, backlog } = this.options;
    this.#deflate = perMessageDeflate === true ? {} : perMessageDeflate || undefined;
    if (clientTracking) this.clients = this.#connected;
    else delete (this as { clients?: unknown }).clients;
    this.#stopHeartbeat = !heartbeat ? () => {} : startHeartbeat(() => this.#connections(), heartbeat);
    this.#ownsHttp = port != null;
    this.#http = port != null ? this.#createHttp() : (this.options.server ?? undefined);
    if (this.#http !== undefined) this.#attach(this.#http);
    if (port != null) {
      (this.#http as Server).listen(
        { port, ...(host != null && { host }), ...(backlog != null && { backlog }) },
        callback,
      );
    }
  }

  /** A server of its own knows WebSockets only: whatever else is asked for gets 426 (RFC 9110 §15.5.22). */
  #createHttp(): Server {
    const { handshakeTimeout } = this.options;
    const timeouts = handshakeTimeout > 0 && {
      headersTimeout: handshakeTimeout,
      requestTimeout: handshakeTimeout,
      connectionsCheckingInterval: Math.ceil(handshakeTimeout / 4),
    };
    return createServer({ ...timeouts }, (_req, res) => {
      const body = 'Upgrade Required';
      res.writeHead(426, {
        Connection: 'close, Upgrade',
        Upgrade: 'websocket',
        'Content-Type': 'text/plain',
        'Content-Length': body.length,
      });
      res.end(body);
    });
  }

  #attach(http: Server | HttpsServer): void {
    const listeners = {
      listening: () => void this.emit('listening'),
      error: (error: Error) => void this.emit('error', error),
      upgrade: (req: InstanceType<Request>, socket: Duplex, head: Buffer) => {
        if (seen.has(socket)) return;
        // What is not for us may be for another listener, who must have the time to take it.
        if (http.listenerCount('upgrade') > 1 && !this.shouldHandle(req)) {
          return refuseUnlessTaken(socket, this.options.handshakeTimeout, () => seen.has(socket));
        }
        this.handleUpgrade(req, socket, head, (webSocket, request) => {
          this.emit('connection', webSocket, request);
        });
      },
    };
    const emitter = http as EventEmitter;
    for (const [name, listener] of Object.entries(listeners)) emitter.on(name, listener);
    this.#detach = () => {
      for (const [name, listener] of Object.entries(listeners)) emitter.off(name, listener);
    };
  }

  /** Where it listens, as `net.Server.address()`; null when it doesn't. Throws with `noServer`. */
  address(): AddressInfo | string | null {
    if (this.options.noServer) throw new Error('The server is operating in "noServer" mode');
    return this.#http?.address() ?? null;
  }

  /**
   * Accepts no more connections, and leaves those there are. `close` is emitted when the HTTP server (with `port`), or
   * otherwise the last connection, is gone.
   *
   * @param callback listens for `close`; gets an error if the server was closed before
   */
  close(callback?: (error?: Error) => void): void {
    if (this.#state === 'closed') {
      if (callback) this.once('close', () => callback(new Error('The server is not running')));
      process.nextTick(() => this.emit('close'));
      return;
    }
    if (callback) this.once('close', callback);
    if (this.#state === 'closing') return;
    this.#state = 'closing';
    this.#stopHeartbeatWhenEmpty();
    // Whoever still comes to a port of ours, or while we drain, is told 503. A server of others goes on without us.
    if (!this.#ownsHttp && !this.#draining) this.#detach();
    const http = this.#http;
    this.#http = undefined;
    if (this.#ownsHttp) http!.close(() => this.#closed());
    else if (this.#connected.size === 0 || !this.options.clientTracking)
      process.nextTick(() => this.#closed());
  }

  #closed(): void {
    this.#state = 'closed';
    this.#detach();
    this.emit('close');
  }

  #stopHeartbeatWhenEmpty(): void {
    if (this.#state !== 'running' && this.#connected.size === 0) this.#stopHeartbeat();
  }

  /**
   * Accepts no more connections and ends those there are: each is sent a close frame of 1012 (service restart), not
   * all at once but spread over `ms`, so that not all clients return at once.
   *
   * @param ms milliseconds; default 5,000
   * @returns when all are gone
   */
  async drain(ms = 5000): Promise<void> {
    this.#draining = true;
    if (this.#state === 'running') this.close();
    await drainConnections(() => this.#connections(), ms);
  }

  /**
   * Sends a message to all connections; it is framed once for all.
   *
   * @returns to how many it was sent
   */
  broadcast(data: Sendable, options: BroadcastOptions<InstanceType<Socket>> = {}): number {
    return broadcast(this.#connected, data, options);
  }

  *#connections(): Generator<Connection> {
    for (const webSocket of this.#connected) {
      const connection = connectionOf(webSocket);
      if (connection !== undefined) yield connection;
    }
  }

  /** Whether this server is meant by a request: compares the path with `path`. May be overridden. */
  shouldHandle(req: InstanceType<Request>): boolean {
    const { path } = this.options;
    return path == null || req.url?.split('?', 1)[0] === path;
  }

  /**
   * Performs the opening handshake and calls back with the connection, or refuses the request.
   *
   * @throws Error if it was called for this socket before
   */
  handleUpgrade(
    req: InstanceType<Request>,
    socket: Duplex,
    head: Buffer,
    callback: (webSocket: InstanceType<Socket>, req: InstanceType<Request>) => void,
  ): void {
    refuseTwice(socket);
    socket.on('error', destroy);
    let offer: HandshakeOffer;
    try {
      offer = readHandshake(req);
    } catch (error) {
      if (!(error instanceof HandshakeError)) throw error;
      if (this.emit('wsClientError', error, socket, req)) return;
      refuse(socket, error.status, error.message, error.headers);
      return;
    }
    if (!this.shouldHandle(req)) return refuse(socket, 400);
    if (!isAllowedOrigin(req, this.options.origins)) {
      return refuse(socket, 403, `Pages of ${req.headers.origin} may not connect (see the option "origins")`);
    }
    verifyClient(req, this.options, (refusal) => {
      if (refusal === undefined) this.#accept(offer, req, socket, head, callback);
      else refuse(socket, refusal.status, refusal.reason, refusal.headers);
    });
  }

  #accept(
    offer: HandshakeOffer,
    req: InstanceType<Request>,
    socket: Duplex,
    head: Buffer,
    callback: (webSocket: InstanceType<Socket>, req: InstanceType<Request>) => void,
  ): void {
    // The client may have left while `verifyClient` was thinking.
    if (!socket.readable || !socket.writable) {
      socket.destroy();
      return;
    }
    if (this.#state !== 'running') return refuse(socket, 503);
    refuseTwice(socket);
    seen.add(socket);
    const protocol = this.#chooseProtocol(offer.protocols, req);
    const agreement = this.#deflate && acceptOffer(offer.extensions, this.#deflate);
    const deflate =
      agreement && new Deflate(agreement.parameters, this.#deflate, 'server', this.#settings.maxPayload);
    const lines = acceptanceLines(offer.key, protocol, agreement ? formatExtensions([agreement.answer]) : '');
    this.emit('headers', lines, req);
    const response = `${lines.join('\r\n')}\r\n\r\n`;
    socket.write(response);
    socket.off('error', destroy);

    const Class = this.options.WebSocket as new (...args: unknown[]) => InstanceType<Socket>;
    const webSocket = new Class(null, undefined, this.options);
    const connection = new Connection(socket, this.#settings, deflate, webSocket, this.#forget);
    connect(webSocket, connection, protocol);
    this.#connected.add(webSocket);
    if (this.listenerCount('tap') > 0) this.emit('tap', new Tap(socket, req, response), req, webSocket);
    connection.start(head);
    callback(webSocket, req);
  }

  #chooseProtocol(protocols: Set<string>, req: InstanceType<Request>): string {
    if (protocols.size === 0) return '';
    const { handleProtocols } = this.options;
    return (handleProtocols ? handleProtocols(protocols, req) : protocols.values().next().value) || '';
  }

  readonly #forget = (webSocket: EventEmitter): void => {
    this.#connected.delete(webSocket as InstanceType<Socket>);
    if (this.#connected.size > 0) return;
    this.#stopHeartbeatWhenEmpty();
    const waits = this.#state === 'closing' && !this.#ownsHttp && this.options.clientTracking;
    if (waits) process.nextTick(() => this.#closed());
  };
}

function refuseTwice(socket: Duplex): void {
  if (!seen.has(socket)) return;
  throw new Error(
    'handleUpgrade() was called for a WebSocket already made: is there a second upgrade listener?',
  );
}

function destroy(this: Duplex): void {
  this.destroy();
}
