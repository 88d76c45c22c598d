// One entry of the time line in; everything that is to be seen of it out: handshake, request, frame with its layers, end.
import { h } from './dom.js';
import { frame } from './frame-detail.js';
import { about, cutLong, layerView, section } from './sections.js';
import { ascii, clock, cut, plural, textOf } from './text.js';

const names = {
  open: 'The opening handshake',
  request: 'A request of long-polling',
  response: 'Its response',
  close: 'The end of the connection',
  omitted: 'Left out',
};

/** @param before the entry of the same connection before this one, if any */
export function detailOf(entry, before) {
  const view = h('div.detail-body', {}, headline(entry, before));
  if (entry.kind === 'open') view.append(...handshake(entry));
  else if (entry.kind === 'frame') view.append(...frame(entry));
  else if (entry.kind === 'request' || entry.kind === 'response') view.append(...exchange(entry));
  else view.append(h('p', {}, entry.summary));
  return view;
}

function headline(entry, before) {
  const { from } = entry;
  const title = names[entry.kind] ?? `A ${entry.label.toLowerCase()} frame`;
  const way = from === undefined ? '' : from === 'client' ? 'client → server' : 'server → client';
  const since = before === undefined ? '' : `${(entry.at - before.at).toFixed(1)} ms after the one before`;
  const facts = [way, entry.length === undefined ? '' : plural(entry.length, 'byte'), clock(entry.at), since];
  const words = entry.kind === 'frame' ? cut(entry.summary, 140) : '';
  return h(
    'header.headline',
    {},
    h('h3', {}, title),
    h('p.facts', {}, facts.filter(Boolean).join(' · ')),
    words !== '' && h('p.says', {}, words),
  );
}

function handshake({ request, response, steps }) {
  const line = (key, value, note) =>
    h('li', {}, h('span.step', {}, key), h('code', {}, value), note && h('span.note', {}, note));
  const sum = h(
    'ol.steps',
    {},
    line('the client’s key', steps.key, '16 bytes at random, in base64: Sec-WebSocket-Key'),
    line(
      'with the GUID behind it',
      `${steps.key}${steps.guid}`,
      'the GUID of §1.3, known to nobody but WebSocket servers',
    ),
    line('SHA-1 of that', steps.sha1, '20 bytes'),
    line('in base64', steps.accept, 'Sec-WebSocket-Accept: the server has read the key, and means it'),
  );
  return [
    section('The request', h('pre', { tabIndex: 0 }, request.trimEnd())),
    section(
      'From key to accept',
      sum,
      about(
        'handshake',
        ['protocol/rfc6455/handshake.ts', 'acceptFor'],
        ['protocol/rfc6455/handshake.ts', 'readHandshake'],
      ),
    ),
    section('The response', h('pre', { tabIndex: 0 }, response.trimEnd())),
  ];
}

function exchange({ kind, head, body, packets, request, compressed }) {
  const parts = [];
  if (kind === 'response' && request !== undefined)
    parts.push(h('p.note', {}, `It answers: ${request.head.split('\r\n', 1)[0]}`));
  parts.push(section('Head', h('pre', { tabIndex: 0 }, head || 'none: the connection was lost')));
  if (body.length > 0) {
    const size = compressed === undefined ? '' : `, ${plural(compressed, 'byte')} on the wire, compressed`;
    parts.push(
      section(
        `Body, ${plural(body.length, 'byte')}${size}`,
        h('pre', { tabIndex: 0 }, shownBody(body.bytes)),
      ),
    );
  }
  for (const [index, { layers }] of packets.entries()) {
    if (packets.length > 1) parts.push(h('h4.packet', {}, `Packet ${index + 1} of ${packets.length}`));
    parts.push(...layers.map(layerView));
  }
  parts.push(about('polling', ['protocol/engineio/payload.ts', 'decodePayload']));
  return parts;
}

/** The separator of packets is a character that nobody can see. */
function shownBody(bytes) {
  const text = textOf(bytes).replaceAll('\x1e', '␞\n');
  return cutLong(text.replace(/[^\P{C}\n]/gu, (character) => ascii(character.charCodeAt(0))));
}
