// Keeps one WebSocket open: a URL comes in; events `state` and `message` go out, however often the connection is lost.

const FIRST_DELAY = 500;
const LONGEST_DELAY = 30_000;
const PATIENCE = 10_000;

/** What RFC 6455 §7.4.1 calls the close codes that a visitor of this page may meet. */
const REASONS = new Map([
  [1001, 'the server went away'],
  [1003, 'the server takes text only'],
  [1006, 'the connection broke off'],
  [1008, 'the server refused a message'],
  [1009, 'a message was too big'],
  [1011, 'the server met an error'],
  [1012, 'the server restarts'],
  [1013, 'the server is busy'],
]);

/**
 * `state` is one of connecting, open, waiting. From the end of one connection to the opening of the next, `cause` says
 * in words what went wrong last; while waiting, `retryAt` is when the next attempt comes, as `performance.now()` counts.
 */
export class Connection extends EventTarget {
  state = 'connecting';
  retryAt = 0;
  cause = '';
  #url;
  #socket;
  #timer;
  #failures = 0;

  constructor(url) {
    super();
    this.#url = url;
    // What was waited for may just have come back: the network, or the attention of the reader.
    addEventListener('online', () => this.retry());
    // The browser may take minutes to notice. If the server is on this very device, the next attempt finds it.
    addEventListener('offline', () => this.abandon('this device is offline'));
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) this.retry();
    });
  }

  open() {
    clearTimeout(this.#timer);
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    // A packet that vanishes on its way would otherwise leave us waiting for minutes.
    this.#timer = setTimeout(() => this.#lost(socket, 'the server does not answer'), PATIENCE);
    socket.onopen = () => {
      clearTimeout(this.#timer);
      this.cause = '';
      this.#become('open');
      // Only a connection that lasts counts as a success, or a server that accepts and drops would be hammered.
      this.#timer = setTimeout(() => {
        this.#failures = 0;
      }, PATIENCE);
    };
    socket.onmessage = (event) => {
      if (typeof event.data === 'string')
        this.dispatchEvent(new MessageEvent('message', { data: event.data }));
    };
    socket.onclose = ({ code }) => {
      const ended = `${REASONS.get(code) ?? 'it was closed'} (${code})`;
      this.#lost(socket, this.state === 'open' ? ended : 'the server is out of reach');
    };
    this.#become('connecting');
  }

  /** Sends `text` if there is a connection, and says whether there was one. */
  send(text) {
    if (this.state !== 'open' || this.#socket.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(text);
    return true;
  }

  /** Cuts the present wait short. */
  retry() {
    if (this.state === 'waiting') this.open();
  }

  /** Gives up a connection that is open by name but carries nothing any more. */
  abandon(cause) {
    if (this.state === 'open') this.#lost(this.#socket, cause);
  }

  #lost(socket, cause) {
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    clearTimeout(this.#timer);
    // Half of the delay is left to chance, so that the clients of a restarted server do not all return at once.
    const delay = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.#failures) * (0.5 + Math.random() / 2);
    this.#failures += 1;
    this.#timer = setTimeout(() => this.retry(), delay);
    this.retryAt = performance.now() + delay;
    this.cause = cause;
    this.#become('waiting');
  }

  #become(state) {
    this.state = state;
    this.dispatchEvent(new Event('state'));
  }
}
