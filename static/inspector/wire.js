// The channel to the server: records of this browser's traffic come in, experiments go out; opened anew when it is lost.
import { fromBase64 } from './text.js';

/** Events: `record` with each record as detail, `state` when `connected` has changed. */
export class Wire extends EventTarget {
  connected = false;
  #url;
  #socket;
  #timer;
  #failures = 0;
  #closed = false;
  #runs = 0;
  #experiments = new Map();
  /** What the server knows is told again with each connection: so much of it has been seen. */
  #trace;
  #seen = 0;

  constructor(token) {
    super();
    const url = new URL('/inspector/stream', location.href.replace(/^http/, 'ws'));
    url.searchParams.set('wire', token);
    this.#url = url.href;
    this.#open();
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket.close();
  }

  /** Does an experiment; `onStep` is called with each record of it. */
  experiment(what, onStep) {
    const run = this.#runs++;
    this.#experiments.set(run, onStep);
    if (this.connected) this.#socket.send(JSON.stringify({ run, ...what }));
    else onStep({ step: 'failed', why: 'The server is out of reach.' });
  }

  #open() {
    this.#socket = new WebSocket(this.#url);
    this.#socket.onopen = () => {
      this.#failures = 0;
      this.#become(true);
    };
    this.#socket.onmessage = ({ data }) => {
      for (const record of JSON.parse(data)) this.#take(record);
    };
    this.#socket.onclose = () => {
      this.#become(false);
      if (this.#closed) return;
      const delay = Math.min(500 * 2 ** this.#failures++, 15_000) * (0.5 + Math.random() / 2);
      this.#timer = setTimeout(() => this.#open(), delay);
    };
  }

  #become(connected) {
    if (this.connected === connected) return;
    this.connected = connected;
    this.dispatchEvent(new Event('state'));
  }

  #take(record) {
    if (record.kind === 'lab') {
      // A refusal that names no run is the answer to the last one.
      const run = record.run === -1 ? this.#runs - 1 : record.run;
      this.#experiments.get(run)?.(withBytes(record));
      if (record.step === 'ended' || record.step === 'failed') this.#experiments.delete(run);
      return;
    }
    if (record.kind === 'begin') {
      if (record.trace !== this.#trace) this.#seen = 0;
      this.#trace = record.trace;
      return;
    }
    if (record.n <= this.#seen) return;
    this.#seen = record.n ?? this.#seen;
    this.dispatchEvent(new CustomEvent('record', { detail: withBytes(record) }));
  }
}

function withBytes(record) {
  if (typeof record.bytes === 'string') record.bytes = fromBase64(record.bytes);
  if (record.body?.bytes !== undefined) record.body.bytes = fromBase64(record.body.bytes);
  return record;
}
