// Keeps the socket of this page connected, and says how it is: switches and buttons come in; events `state` and `line` go out.
import { io } from '/socket.io/socket.io.esm.min.js';

const FIRST_DELAY = 500;
const LONGEST_DELAY = 15_000;
const SLOW = 3000;

/** What RFC 6455 §7.4.1 calls the close codes that a visitor of this page may meet. */
const REASONS = new Map([
  [1001, 'the server went away'],
  [1006, 'the connection broke off'],
  [1008, 'the server refused a message'],
  [1009, 'a message was too big'],
  [1011, 'the server met an error'],
  [1012, 'the server restarts'],
  [1013, 'the server is busy'],
]);

/**
 * `state` is one of connecting, open, waiting, cut. From the end of one connection to the opening of the next, `cause`
 * says in words what went wrong last; while waiting, `retryAt` is when the next attempt comes, as `performance.now()`
 * counts. `line` events tell of `transports`, those of this connection so far, and of `roundTrip` in milliseconds.
 */
export class Connection extends EventTarget {
  state = 'connecting';
  cause = '';
  retryAt = 0;
  transports = [];
  roundTrip;
  #timer;
  #failures = 0;
  #onlyPolling = false;
  #slow = false;
  /** Ends the requests under way. */
  #requests = new AbortController();
  /** What the page itself has to say about the end that it has brought about. */
  #reason = '';

  /** @param query what every request of this page carries; @param auth tells what the server is to know of the visitor */
  constructor(query, auth) {
    super();
    this.socket = io({
      query,
      auth: (send) => send(auth()),
      // The page waits by itself, because it shows how long.
      reconnection: false,
      autoConnect: false,
      timeout: 10_000,
      fetch: (url, options) => this.#fetch(url, options),
    });
    this.socket.io.on('open', () => this.#watch(this.socket.io.engine));
    this.socket.on('connect', () => this.#opened());
    this.socket.on('disconnect', (reason, details) => this.#closed(inWords(reason, details)));
    this.socket.on('connect_error', ({ message }) =>
      this.#closed(this.socket.active ? 'the server is out of reach' : message),
    );
    // What was waited for may just have come back: the network, or the attention of the reader.
    addEventListener('online', () => this.retry());
    // The browser may take minutes to notice. If the server is on this very device, the next attempt finds it.
    addEventListener('offline', () => this.abandon('this device is offline'));
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) this.retry();
    });
    setInterval(() => this.#measure(), 10_000);
  }

  open() {
    clearTimeout(this.#timer);
    this.#become('connecting');
    this.socket.connect();
  }

  /** Cuts the present wait short. */
  retry() {
    if (this.state === 'waiting') this.open();
  }

  /** Gives up a connection that is open by name but carries nothing any more. */
  abandon(reason) {
    if (this.state === 'open') this.#hangUp(reason);
  }

  set onlyPolling(only) {
    this.#onlyPolling = only;
    this.#choose();
  }

  /** Waits before each request for what the server has; a WebSocket reads all that comes, so it is not used then. */
  set slow(slow) {
    this.#slow = slow;
    this.#choose();
  }

  set cut(cut) {
    if (!cut) {
      this.open();
      return;
    }
    clearTimeout(this.#timer);
    this.cause = 'you have cut the line';
    this.#become('cut');
    this.#hangUp('');
  }

  /** Begins a new connection with the transports that are wanted now. */
  #choose() {
    const polling = this.#onlyPolling || this.#slow;
    this.socket.io.opts.transports = polling ? ['polling'] : ['polling', 'websocket'];
    this.abandon('changing the transport');
  }

  #hangUp(reason) {
    this.#reason = reason;
    this.#requests.abort();
    this.#requests = new AbortController();
    this.socket.io.engine?.close();
  }

  async #fetch(url, options) {
    const signal = AbortSignal.any([options.signal, this.#requests.signal]);
    if (this.#slow && options.method !== 'POST') await new Promise((resolve) => setTimeout(resolve, SLOW));
    return fetch(url, { ...options, signal });
  }

  #watch(engine) {
    this.transports = [engine.transport.name];
    engine.once('upgrade', ({ name }) => {
      this.transports = [...this.transports, name];
      this.dispatchEvent(new Event('line'));
      this.#measure();
    });
  }

  #opened() {
    // It was cut while it was being opened.
    if (this.state === 'cut') return this.#hangUp('');
    clearTimeout(this.#timer);
    this.cause = this.#reason = '';
    this.#become('open');
    this.#measure();
    // Only a connection that lasts counts as a success, or a server that accepts and drops would be hammered.
    this.#timer = setTimeout(() => {
      this.#failures = 0;
    }, 10_000);
  }

  #closed(cause) {
    if (this.state === 'cut') return;
    clearTimeout(this.#timer);
    this.cause = this.#reason || cause;
    // Half of the delay is left to chance, so that the clients of a restarted server do not all return at once.
    const delay = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.#failures) * (0.5 + Math.random() / 2);
    this.#failures += 1;
    this.#timer = setTimeout(() => this.retry(), delay);
    this.retryAt = performance.now() + delay;
    this.#become('waiting');
  }

  /** How long an answer takes. */
  #measure() {
    if (this.state !== 'open' || document.hidden) return;
    const from = performance.now();
    this.socket.volatile.emit('echo', () => {
      this.roundTrip = performance.now() - from;
      this.dispatchEvent(new Event('line'));
    });
  }

  #become(state) {
    this.state = state;
    if (state !== 'open') this.roundTrip = undefined;
    this.dispatchEvent(new Event('state'));
    this.dispatchEvent(new Event('line'));
  }
}

function inWords(reason, details) {
  const code = details?.context?.code ?? details?.code;
  if (typeof code === 'number') return `${REASONS.get(code) ?? 'it was closed'} (${code})`;
  if (reason === 'io server disconnect') return 'the server has ended it';
  return reason === 'ping timeout' ? 'the server does not answer' : 'the connection broke off';
}
