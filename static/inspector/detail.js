// One entry of the time line in; everything that is to be seen of it out: handshake, request, frame with its layers, end.
import { frameView } from './bytes.js';
import { h, link } from './dom.js';
import { chapter, closeName, source } from './fields.js';
import { ascii, clock, cut, hexOf, plural, textOf } from './text.js';

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

function section(title, ...children) {
  return h('section', {}, h('h4', {}, title), ...children);
}

function about(name, ...code) {
  const { href, words } = chapter(name);
  const links = code
    .map(([file, fn]) => source(file, fn))
    .flatMap((one) => [' · ', link(one.href, one.words)]);
  return h('p.about', {}, 'Read about ', link(href, words), ...links);
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

function frame(entry) {
  const parts = [frameView(entry.bytes, entry), chunksOf(entry)];
  if (entry.message !== undefined && entry.message.entries.length > 1) parts.push(fragments(entry));
  if (entry.inflated !== undefined) parts.push(deflate(entry));
  if (entry.label === 'CLOSE') parts.push(closing(entry));
  for (const layer of entry.layers ?? []) parts.push(layerView(layer));
  const { content } = entry;
  if (content !== undefined && entry.layers?.length === 0) parts.push(plainContent(content));
  return parts;
}

/** TCP knows nothing of frames: where its chunks begin and end, against this frame. */
function chunksOf({ chunks = [], offset, length, id }) {
  if (chunks.length === 0) return h('section');
  const end = offset + length;
  const bar = h('div.chunk-bar', { 'aria-hidden': 'true' });
  const first = Math.min(offset, chunks[0].offset);
  const last = Math.max(end, chunks.at(-1).end);
  const place = (element, from, to) => {
    element.style.insetInlineStart = `${(100 * (from - first)) / (last - first)}%`;
    element.style.inlineSize = `${(100 * (to - from)) / (last - first)}%`;
    bar.append(element);
  };
  for (const chunk of chunks) place(h('span.chunk'), chunk.offset, chunk.end);
  place(h('span.of-frame'), offset, end);
  const others = new Set(chunks.flatMap(({ frames }) => frames).filter((other) => other !== id)).size;
  const words = [
    chunks.length === 1 ? 'The frame lies in one chunk' : `The frame lies in ${chunks.length} chunks`,
    `of ${chunks
      .map((chunk) => chunk.length.toLocaleString('en'))
      .slice(0, 8)
      .join(', ')}${chunks.length > 8 ? ', …' : ''} bytes`,
    others > 0 ? `, with ${plural(others, 'other frame')}` : ', alone',
    `. It begins at byte ${offset.toLocaleString('en')} of its direction.`,
  ];
  return section(
    'TCP chunks against the frame',
    bar,
    h('p.note', {}, words.slice(0, 2).join(' ') + words.slice(2).join('')),
  );
}

function fragments({ message, part }) {
  const words = `Frame ${part} of the ${message.entries.length} that have come of its message (RFC 6455 §5.4).`;
  return section(
    'Fragments',
    h('p', {}, words),
    about('fragments', ['protocol/rfc6455/message-assembler.ts', 'MessageAssembler']),
  );
}

function deflate({ inflated, content, message }) {
  const { length, compressed } = inflated;
  const payload = message.parts.length === 1 ? message.parts[0] : undefined;
  const share = length === 0 ? '' : `, ${Math.round((100 * compressed) / length)} %`;
  return section(
    'Compression, undone',
    h(
      'dl.before-after',
      {},
      h('dt', {}, `On the wire, ${plural(compressed, 'byte')}${share}`),
      h(
        'dd',
        {},
        h(
          'code',
          {},
          payload === undefined
            ? 'in several frames'
            : hexOf(payload, 96) + (payload.length > 96 ? ' …' : ''),
        ),
      ),
      h('dt', {}, 'And what every sender leaves out (RFC 7692 §7.2.1)'),
      h('dd', {}, h('code', {}, '00 00 ff ff')),
      h('dt', {}, `Inflated, ${plural(length, 'byte')}`),
      h('dd', {}, h('code', {}, hexOf(content.bytes, 96) + (content.bytes.length > 96 ? ' …' : ''))),
    ),
    about('compression', ['protocol/rfc7692/deflate.ts', 'Decompressor']),
  );
}

function closing({ summary }) {
  const [code] = /^\d+/.exec(summary) ?? [];
  const words =
    code === undefined
      ? 'It has no status code: 1005 is what programs are told.'
      : `${code}: ${closeName(Number(code))}.`;
  return section(
    'What it says',
    h('p', {}, words),
    about('closing', ['protocol/rfc6455/close-frame.ts', 'decodeClose']),
  );
}

function layerView({ title, chapter: name, rows, json }) {
  const list = h(
    'dl.layer',
    {},
    ...rows.flatMap(([key, value]) => [h('dt', {}, key), h('dd', {}, h('code', {}, cutLong(value)))]),
  );
  const value = json !== undefined &&
    json.value !== undefined && [
      h('h5', {}, json.title),
      h('pre', { tabIndex: 0 }, cutLong(JSON.stringify(json.value, null, 2))),
    ];
  return section(title, list, ...(value || []), about(name));
}

const cutLong = (text) => (text.length > 4000 ? `${text.slice(0, 4000)}…` : text);

function plainContent({ binary, bytes, whole }) {
  const words = binary ? hexOf(bytes, 512) : cutLong(textOf(bytes));
  return section(
    binary ? 'Bytes of the message' : 'Text of the message',
    h('pre', { tabIndex: 0 }, words),
    !whole && h('p.note', {}, 'This is its beginning.'),
    about('utf8'),
  );
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
