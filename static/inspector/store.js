// Records in, as the server tells them; entries of the time line out: frames with their chunks, messages and layers, a bounded number.
import { concat } from './concat.js';
import { Direction } from './direction.js';
import { opcodeName } from './fields.js';
import { kindOf, layersOf } from './layers.js';
import { dissect, Opcode } from './protocol.js';
import { controlSummary, flagsOf, packetsIn, summaryOf } from './summary.js';
import { cut, plural, textOf } from './text.js';

const mostEntries = 5000;

export class Store extends EventTarget {
  entries = [];
  /** How many were dropped because there were too many. */
  dropped = 0;
  /** Keys and names of connections, as they appear. */
  connections = new Map();
  #directions = new Map();
  #kinds = new Map();
  #requests = new Map();
  #next = 1;

  clear() {
    this.entries = [];
    this.dropped = 0;
    this.#changed();
  }

  take(record) {
    switch (record.kind) {
      case 'open':
        return this.#open(record);
      case 'chunk':
        return this.#direction(record).addChunk(record);
      case 'frame':
        return this.#frame(record);
      case 'inflated':
        return this.#inflated(record);
      case 'close':
        for (const from of ['client', 'server']) this.#directions.delete(`${record.connection} ${from}`);
        return this.#add(record, `ws${record.connection}`, {
          label: 'TCP END',
          summary: `the connection is closed; ${record.received.toLocaleString('en')} bytes came, ${record.sent.toLocaleString('en')} went`,
        });
      case 'request':
        return this.#request(record);
      case 'response':
        return this.#response(record);
      case 'omitted':
        return this.#add(record, '', {
          label: 'LEFT OUT',
          summary: `${plural(record.records, 'record')} left out: ${record.why}`,
        });
    }
  }

  #add(record, connection, more) {
    const entry = { ...record, id: this.#next++, connection, ...more };
    this.entries.push(entry);
    if (this.entries.length > mostEntries) {
      this.entries.shift();
      this.dropped++;
    }
    this.#changed();
    return entry;
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }

  #name(key, name) {
    if (this.connections.has(key)) return;
    this.connections.set(key, name);
    this.dispatchEvent(new Event('connections'));
  }

  #open(record) {
    const key = `ws${record.connection}`;
    const path = record.target.replace(/\?.*$/s, '');
    this.#kinds.set(key, kindOf(record.target));
    this.#name(key, `WebSocket ${record.connection}, ${path}`);
    this.#add(record, key, {
      label: 'HANDSHAKE',
      summary: `GET ${path} → 101 Switching Protocols${record.extensions ? `, ${record.extensions}` : ''}`,
    });
  }

  #direction({ connection, from }) {
    const key = `${connection} ${from}`;
    const direction = this.#directions.get(key) ?? new Direction();
    this.#directions.set(key, direction);
    return direction;
  }

  #frame(record) {
    const key = `ws${record.connection}`;
    const direction = this.#direction(record);
    const frame = dissect(record.bytes);
    const chunks = direction.chunksOf(record);
    direction.advance(record);
    const entry = this.#add(record, key, {
      label: opcodeName(frame.opcode).toUpperCase(),
      flags: flagsOf(frame, record.complete),
      control: frame.opcode >= Opcode.Close,
      chunks,
      shown: record.bytes.length === record.length,
    });
    for (const chunk of chunks) chunk.frames.push(entry.id);
    if (entry.control) {
      entry.summary = controlSummary(frame);
      return;
    }
    const { binary, parts, whole } = direction.join(entry, frame) ?? {};
    if (parts !== undefined) this.#read(entry, { binary, bytes: concat(parts) }, whole);
  }

  #read(entry, content, whole) {
    entry.content = { ...content, whole };
    const kind = this.#kinds.get(entry.connection);
    const { layers, summary } = whole
      ? layersOf(content, kind)
      : {
          layers: [],
          summary: content.binary ? plural(entry.length, 'byte') : textOf(content.bytes.subarray(0, 200)),
        };
    entry.layers = layers;
    entry.summary = cut(summary, 300);
  }

  #inflated({ connection, from, offset, bytes, length, compressed }) {
    const key = `ws${connection}`;
    const entry = this.entries.findLast(
      (one) => one.kind === 'frame' && one.connection === key && one.from === from && one.offset === offset,
    );
    if (entry?.message === undefined) return;
    entry.inflated = { length, compressed };
    this.#read(entry, { binary: entry.message.binary, bytes }, bytes.length === length);
    this.#changed();
  }

  #request(record) {
    const [, method] = /^(\w+) /.exec(record.head) ?? [];
    const packets = packetsIn(record.body);
    const entry = this.#add(record, this.#session(record.session), {
      from: 'client',
      label: method,
      length: record.body.length,
      packets,
      summary: packets.length > 0 ? summaryOf(packets) : 'asks what there is: the answer may wait for it',
    });
    this.#requests.set(record.exchange, entry);
    if (this.#requests.size > 100) this.#requests.delete(this.#requests.keys().next().value);
  }

  #response(record) {
    const request = this.#requests.get(record.exchange);
    this.#requests.delete(record.exchange);
    const session = this.#session(record.session);
    // The first request of a session did not know its name yet.
    if (request?.connection === '') request.connection = session;
    const [, status] = /^HTTP\/1\.1 (\d+)/.exec(record.head) ?? [];
    const isText = /content-type: text\/plain/i.test(record.head);
    const packets = isText ? packetsIn(record.body) : [];
    const words = packets.length > 0 ? summaryOf(packets) : textOf(record.body.bytes);
    this.#add(record, session, {
      from: 'server',
      label: status ?? 'CUT',
      length: record.compressed ?? record.body.length,
      packets,
      request,
      summary: cut(status === undefined ? 'the client left before the answer' : words, 300),
    });
  }

  #session(id) {
    if (id === undefined) return '';
    const key = `polling ${id}`;
    this.#name(key, `Long-polling, session ${cut(id, 8)}`);
    return key;
  }
}
