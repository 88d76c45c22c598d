// An entry with a frame in; all that is to be seen of the frame out: its bits, its chunks, its message and the layers inside.
import { frameView } from './bytes.js';
import { h } from './dom.js';
import { closeName } from './fields.js';
import { about, cutLong, layerView, section } from './sections.js';
import { hexOf, plural, textOf } from './text.js';

export function frame(entry) {
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

function plainContent({ binary, bytes, whole }) {
  const words = binary ? hexOf(bytes, 512) : cutLong(textOf(bytes));
  return section(
    binary ? 'Bytes of the message' : 'Text of the message',
    h('pre', { tabIndex: 0 }, words),
    !whole && h('p.note', {}, 'This is its beginning.'),
    about('utf8'),
  );
}
