// Records in, as the server tells them; entries of the time line out: frames with their chunks, messages and layers, a bounded number.

import { closeName, opcodeName } from './fields.js';
import { kindOf, layersOf, packetsOf } from './layers.js';
import { dissect, Opcode } from './protocol.js';
import { cut, plural, textOf } from './text.js';

const mostEntries = 5000;
const mostChunks = 256;

/** One direction of a connection: the chunks that frames lie in, and the message under way. */
class Direction {
  chunks = [];
  message = undefined;
  expected = 0;
}

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
        return this.#chunk(record);
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

  #chunk(record) {
    const { chunks } = this.#direction(record);
    chunks.push({ ...record, end: record.offset + record.length, frames: [] });
    if (chunks.length > mostChunks) chunks.shift();
  }

  #frame(record) {
    const key = `ws${record.connection}`;
    const direction = this.#direction(record);
    const frame = dissect(record.bytes);
    const end = record.offset + record.bytes.length;
    const wholeEnd = record.offset + record.length;
    const chunks = direction.chunks.filter((chunk) => chunk.end > record.offset && chunk.offset < wholeEnd);
    // Frames between were left out: what had begun is lost.
    if (record.offset !== direction.expected) direction.message = undefined;
    direction.expected = wholeEnd;
    const entry = this.#add(record, key, {
      label: opcodeName(frame.opcode).toUpperCase(),
      flags: flagsOf(frame, record.complete),
      control: frame.opcode >= Opcode.Close,
      chunks,
      shown: end === wholeEnd,
    });
    for (const chunk of chunks) chunk.frames.push(entry.id);
    if (entry.control) entry.summary = controlSummary(frame);
    else this.#join(direction, entry, frame);
  }

  /** Joins the frames of a message (§5.4); the last one then says what it is. */
  #join(direction, entry, frame) {
    if (frame.opcode !== Opcode.Continuation) {
      direction.message = {
        opcode: frame.opcode,
        compressed: frame.rsv1,
        parts: [],
        entries: [],
        whole: true,
      };
    }
    const { message } = direction;
    if (message === undefined || !entry.complete) {
      entry.summary = entry.complete ? '' : 'cut short by the end of the connection';
      return;
    }
    message.parts.push(frame.payload);
    message.entries.push(entry.id);
    message.whole &&= entry.shown;
    entry.message = message;
    entry.part = message.entries.length;
    if (!frame.fin) {
      entry.summary = `part ${entry.part} of a message: ${cut(textOf(frame.payload.subarray(0, 80)), 80)}`;
      return;
    }
    direction.message = undefined;
    if (message.compressed) entry.summary = 'compressed';
    else
      this.#read(
        entry,
        { binary: message.opcode === Opcode.Binary, bytes: concat(message.parts) },
        message.whole,
      );
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
    this.#read(entry, { binary: entry.message.opcode === Opcode.Binary, bytes }, bytes.length === length);
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

function flagsOf(frame, complete) {
  return [
    frame.fin ? 'FIN' : '',
    frame.rsv1 ? 'RSV1' : '',
    frame.rsv2 ? 'RSV2' : '',
    frame.rsv3 ? 'RSV3' : '',
    frame.masked ? 'MASK' : '',
    complete ? '' : 'CUT',
  ].filter(Boolean);
}

function controlSummary({ opcode, payload }) {
  if (opcode !== Opcode.Close || payload.length < 2) return textOf(payload);
  const code = (payload[0] << 8) | payload[1];
  const reason = textOf(payload.subarray(2));
  return `${code} ${closeName(code)}${reason ? `: ${reason}` : ''}`;
}

function packetsIn({ bytes, length }) {
  return length > 0 && bytes.length === length ? packetsOf(textOf(bytes)) : [];
}

function summaryOf(packets) {
  return cut(packets.map(({ summary }) => summary).join(' ␞ '), 300);
}

export function concat(parts) {
  if (parts.length === 1) return parts[0];
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
