// The line at the bottom: the state of the connection comes in, words and numbers go out; its switches and buttons act on it.
import { byId } from './elements.js';

const NAMES = { polling: 'long-polling', websocket: 'WebSocket' };

export class Line {
  #connection;
  #ticking;

  constructor(connection) {
    this.#connection = connection;
    connection.addEventListener('state', () => this.#showState());
    connection.addEventListener('line', () => this.#showLine());
    byId('retry').addEventListener('click', () => connection.retry());
    byId('polling').addEventListener('change', ({ target }) => {
      connection.onlyPolling = target.checked;
    });
    byId('slow').addEventListener('change', ({ target }) => {
      connection.slow = target.checked;
    });
    byId('cut').addEventListener('change', ({ target }) => {
      connection.cut = target.checked;
    });
    // Browsers keep what was checked over a reload, and the connection is a new one.
    for (const name of ['polling', 'slow', 'cut']) byId(name).checked = false;
    const wide = matchMedia('(min-width: 60rem)');
    const unfold = () => {
      byId('switches').open = wide.matches;
    };
    wide.addEventListener('change', unfold);
    unfold();
  }

  #showState() {
    const { state, cause } = this.#connection;
    const { dataset } = document.documentElement;
    const retry = byId('retry');
    dataset.state = state;
    if (state === 'open') {
      say('Connected');
      // A button that goes away while it has the focus would leave keyboard users nowhere.
      if (document.activeElement === retry) byId('text').focus();
    } else {
      // The same words stay through all attempts, so that a screen reader says them once.
      say(cause === '' ? 'Connecting…' : `Not connected: ${cause}`);
    }
    retry.hidden = state === 'open' || state === 'cut' || cause === '';
    this.#tick();
  }

  #showLine() {
    const { state, transports, roundTrip } = this.#connection;
    const open = state === 'open';
    byId('transport').hidden = byId('trip').hidden = !open;
    if (!open) return;
    byId('first').textContent = NAMES[transports[0]];
    byId('then').hidden = transports.length < 2;
    byId('rtt').textContent =
      roundTrip === undefined ? '…' : `${roundTrip.toFixed(roundTrip < 10 ? 1 : 0)} ms`;
  }

  #tick() {
    clearTimeout(this.#ticking);
    const { state, cause, retryAt } = this.#connection;
    const left = Math.max(1, Math.ceil((retryAt - performance.now()) / 1000));
    const waiting = state === 'waiting';
    byId('countdown').textContent = waiting
      ? `again in ${left} s`
      : state === 'connecting' && cause
        ? 'trying…'
        : '';
    if (waiting) this.#ticking = setTimeout(() => this.#tick(), 250);
  }
}

function say(words) {
  const status = byId('status');
  if (status.textContent !== words) status.textContent = words;
}
