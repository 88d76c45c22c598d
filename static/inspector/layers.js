// The payload of a message in; the layers inside of it, each with what it says, out (Engine.IO v4, Socket.IO v5, text gateway).
import { decodePayload, decodeText, PacketType, parseText } from './protocol.js';
import { fromBase64, plural, textOf } from './text.js';

const packetNames = Object.fromEntries(
  Object.entries(PacketType).map(([name, type]) => [type, name.toLowerCase().replace('_', ' ')]),
);
const rules = { maxAttachments: 100, reviver: undefined };
const base64 = { decode: fromBase64 };

/** What kind of traffic a connection to this target carries. */
export function kindOf(target) {
  if (target.startsWith('/socket.io/')) return 'engine';
  return target.startsWith('/ws') ? 'plain' : 'bare';
}

/**
 * Each layer is `{ title, chapter, rows: [[name, value]…], json? }`; `summary` is the innermost in one line.
 *
 * @param message `{ binary, bytes }`
 */
export function layersOf(message, kind) {
  if (kind === 'engine') {
    return message.binary ? attachment(message.bytes) : ofPacket(decodeText(textOf(message.bytes), base64));
  }
  if (message.binary) return { layers: [], summary: plural(message.bytes.length, 'byte') };
  const text = textOf(message.bytes);
  return kind === 'plain' ? ofPlain(text) : { layers: [], summary: text };
}

/** The packets in the body of a request or response of long-polling. */
export function packetsOf(body) {
  return [...decodePayload(body, base64)].map(ofPacket);
}

function attachment(bytes) {
  const rows = [['bytes', String(bytes.length)]];
  return {
    layers: [{ title: 'Engine.IO packet: message, binary', chapter: 'events', rows }],
    summary: `attachment, ${plural(bytes.length, 'byte')}`,
  };
}

function ofPacket(packet) {
  if (packet === undefined) return { layers: [], summary: 'no Engine.IO packet' };
  const { type, data } = packet;
  if (typeof data === 'object') return attachment(data);
  const chapter =
    type === 'ping' || type === 'pong' ? 'heartbeat' : type === 'upgrade' ? 'upgrade' : 'polling';
  const probe = data === 'probe';
  const engine = {
    title: `Engine.IO packet: ${type}${probe ? ', a probe' : ''}`,
    chapter: probe ? 'upgrade' : chapter,
    rows: [['type', type], ...(data === undefined ? [] : [['data', data]])],
  };
  if (type !== 'message')
    return { layers: [engine], summary: [type, type === 'open' ? '' : data].filter(Boolean).join(' ') };
  const inner = ofSocketPacket(data ?? '');
  return { layers: [engine, ...inner.layers], summary: inner.summary };
}

function ofSocketPacket(text) {
  try {
    const { type, nsp, id, data, attachments } = parseText(text, rules);
    const rows = [
      ['type', packetNames[type]],
      ['namespace', nsp],
    ];
    if (attachments !== undefined)
      rows.push(['attachments', `${attachments}, in the binary messages behind it`]);
    if (id !== undefined) rows.push(['acknowledgement', `number ${id}`]);
    const isEvent = type === PacketType.EVENT || type === PacketType.BINARY_EVENT;
    if (isEvent) rows.push(['event', String(data[0])]);
    const json = isEvent ? data.slice(1) : data;
    const title = `Socket.IO packet: ${packetNames[type]}`;
    const layers = [
      { title, chapter: 'events', rows, json: { title: isEvent ? 'Arguments' : 'Data', value: json } },
    ];
    const words = JSON.stringify(json) ?? '';
    const where = nsp === '/' ? '' : `${nsp} `;
    const what = isEvent
      ? `${JSON.stringify(data[0])} ${words.slice(1, -1)}`
      : `${packetNames[type]} ${words}`;
    return { layers, summary: `${where}${what}${id === undefined ? '' : ` #${id}`}` };
  } catch (error) {
    return { layers: [], summary: `no Socket.IO packet: ${error.message}` };
  }
}

function ofPlain(text) {
  try {
    const value = text.startsWith('[') ? JSON.parse(text) : undefined;
    if (typeof value?.[0] === 'string') {
      const rows = [['event', value[0]]];
      const json = { title: 'Arguments', value: value.slice(1) };
      return { layers: [{ title: 'Event', chapter: 'events', rows, json }], summary: text };
    }
  } catch {
    // Text like any other.
  }
  return {
    layers: [
      {
        title: 'Event',
        chapter: 'events',
        rows: [['event', 'message']],
        json: { title: 'Arguments', value: [text] },
      },
    ],
    summary: text,
  };
}
