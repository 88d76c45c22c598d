// A frame's bytes as a picture: each byte in hex, those of the header in bits; its fields light up where they are pointed at.

import { h, link } from './dom.js';
import { chapter, digitsOf, fields, meaning, source } from './fields.js';
import { dissect } from './protocol.js';
import { ascii, bits, hex, plural } from './text.js';

/** So many bytes of a payload are shown at first. */
const fewBytes = 128;

/**
 * The picture and the table of fields of a frame; pointing at one lights up the other.
 *
 * @param bytes the frame, or its beginning
 * @param options `{ from, length }`: who sent it, and how long it is
 */
export function frameView(bytes, { from, length = bytes.length }) {
  const frame = dissect(bytes);
  const picture = h('div.frame-picture');
  const view = h('div.frame-view', {}, picture, fieldTable(frame, bytes, from));
  const payload = frame.fields.find(({ name }) => name === 'payload');
  const header = bytes.subarray(0, payload === undefined ? bytes.length : frame.headerLength);
  picture.append(headerView(header, frame));
  if (payload !== undefined) picture.append(payloadView(bytes, frame, length));
  light(view);
  return view;
}

function fieldAt(frame, bit) {
  return frame.fields.find(({ start, bits: size }) => bit >= start && bit < start + size);
}

function headerView(header, frame) {
  const list = h('div.header-bytes', { role: 'group', 'aria-label': 'Header, in hex and in bits' });
  header.forEach((byte, index) => {
    const digits = [...bits(byte)].map((bit, at) => {
      const { name } = fieldAt(frame, 8 * index + at);
      return h('span.bit', { data: { field: name, key: fields[name].key, value: bit } }, bit);
    });
    const { name } = fieldAt(frame, 8 * index);
    const last = fieldAt(frame, 8 * index + 7);
    const whole = name === last.name ? { field: name, key: fields[name].key } : { fields: '2' };
    list.append(
      h(
        'div.byte',
        { data: { index } },
        h('b', { data: whole }, hex(byte)),
        h('span.bits', {}, ...digits),
        h('span.caption', { 'aria-hidden': 'true' }, caption(index, frame)),
      ),
    );
  });
  return list;
}

/** The names of §5.2, short enough to stand below a byte. */
function caption(index, { masked, headerLength }) {
  if (index === 0) return 'FIN RSV opcode';
  if (index === 1) return 'MASK length';
  const key = masked ? headerLength - 4 : headerLength;
  return index < key ? 'length' : `key ${index - key}`;
}

function payloadView(bytes, frame, length) {
  const { headerLength, masked, payload } = frame;
  const shown = bytes.length - headerLength;
  const whole = length - headerLength;
  const box = h('div.payload');
  const rows = h('div.payload-rows', {
    role: 'group',
    'aria-label': masked ? 'Payload, masked and unmasked' : 'Payload',
  });
  box.append(rows);
  const show = (most) => {
    rows.replaceChildren();
    for (let at = 0; at < Math.min(shown, most); at += 8)
      rows.append(payloadRow(bytes, frame, at, Math.min(8, shown - at, most - at)));
  };
  show(fewBytes);
  if (masked && shown > 0) box.append(unmasking(bytes, headerLength, payload, rows));
  if (shown > fewBytes) {
    const more = h('button.small', { type: 'button' }, `Show all ${plural(shown, 'byte')}`);
    more.onclick = () => {
      show(shown);
      more.remove();
    };
    box.append(more);
  }
  if (whole > shown)
    box.append(
      h('p.note', {}, `${plural(shown, 'byte')} of ${whole.toLocaleString('en')} are kept to be shown.`),
    );
  return box;
}

function payloadRow(bytes, { headerLength, masked, payload }, at, count) {
  const row = h('div.payload-row', {}, h('span.offset', { 'aria-hidden': 'true' }, String(at)));
  const wire = h('span.wire-bytes');
  const plain = h('span.plain-bytes', {});
  const letters = h('span.letters', { 'aria-hidden': 'true' });
  for (let i = at; i < at + count; i++) {
    const data = { field: 'payload', key: 'payload', at: i };
    wire.append(h('b', { data: { ...data, turn: i & 3 } }, hex(bytes[headerLength + i])));
    if (masked) plain.append(h('b', { data }, hex(payload[i])));
    letters.append(h('i', { data }, ascii(payload[i])));
  }
  row.append(wire, masked && plain, letters);
  return row;
}

/** The mask undone for one byte: the one that is pointed at, or that the slider stands on. */
function unmasking(bytes, headerLength, payload, rows) {
  const count = payload.length;
  const lines = ['masked', 'key', 'payload'].map((name) => h('span.sum-line', { data: { part: name } }));
  const place = h('output');
  const slider = h('input', {
    type: 'range',
    min: '0',
    max: String(count - 1),
    value: '0',
    'aria-label': 'Byte of the payload',
  });
  const show = (at) => {
    const masked = bytes[headerLength + at];
    const key = bytes[headerLength - 4 + (at & 3)];
    const values = [masked, key, payload[at]];
    const words = ['on the wire', `key, byte ${at & 3}`, `payload ${ascii(payload[at])}`];
    lines.forEach((line, index) => {
      line.replaceChildren(
        h('span.sign', {}, ['', '⊕', '='][index]),
        h('b', {}, hex(values[index])),
        h(
          'span.bits',
          {},
          ...[...bits(values[index])].map((bit, n) =>
            h('span.bit', { data: { value: bit, turned: String(bits(key)[n] === '1') } }, bit),
          ),
        ),
        h('span.gloss', {}, words[index]),
      );
    });
    place.textContent = `byte ${at + 1} of ${count}`;
    slider.setAttribute(
      'aria-valuetext',
      `byte ${at + 1}: ${hex(masked)} XOR ${hex(key)} is ${hex(payload[at])}`,
    );
    for (const lit of rows.querySelectorAll('.current')) lit.classList.remove('current');
    for (const one of rows.querySelectorAll(`[data-at="${at}"]`)) one.classList.add('current');
  };
  slider.oninput = () => show(Number(slider.value));
  rows.addEventListener('pointerover', ({ target }) => {
    if (target.dataset.at === undefined) return;
    slider.value = target.dataset.at;
    show(Number(target.dataset.at));
  });
  show(0);
  return h(
    'div.unmasking',
    {},
    h('div.unmask-head', {}, h('h4', {}, 'The mask, undone byte by byte'), place),
    slider,
    h('div.sum', {}, ...lines),
  );
}

function fieldTable(frame, bytes, from) {
  const rows = frame.fields.map((field) => {
    const { key, chapter: about, source: reader } = fields[field.name];
    const { href, words } = chapter(about);
    const code = source(...reader);
    return h(
      'tr',
      { tabIndex: 0, data: { field: field.name, key } },
      h('th', { scope: 'row' }, h('span.swatch', { data: { key } }), field.name),
      h('td.value', {}, digitsOf(field, bytes)),
      h('td', {}, meaning(field.name, frame, from)),
      h('td.links', {}, link(href, words), ' ', link(code.href, code.words)),
    );
  });
  const head = h(
    'tr',
    {},
    ...['Field', 'Value', 'It says', 'Read about it, and in src/'].map((words) =>
      h('th', { scope: 'col' }, words),
    ),
  );
  return h(
    'div.table',
    { role: 'group', tabIndex: 0, 'aria-label': 'Fields of the frame' },
    h('table.fields', {}, h('thead', {}, head), h('tbody', {}, ...rows)),
  );
}

/** What belongs to the field that is pointed at or has the focus lights up, wherever it is shown. */
export function light(view) {
  let lit = [];
  let shown;
  const show = (field) => {
    if (field === shown) return;
    shown = field;
    for (const element of lit) element.classList.remove('lit');
    lit = field === undefined ? [] : [...view.querySelectorAll(`[data-field="${CSS.escape(field)}"]`)];
    for (const element of lit) element.classList.add('lit');
  };
  const of = ({ target }) => target.closest?.('[data-field]')?.dataset.field;
  // Not `pointerover`: that also comes when the view is scrolled below a pointer at rest, as by the focus.
  view.addEventListener('pointermove', (event) => show(of(event)));
  view.addEventListener('pointerleave', () => show(undefined));
  view.addEventListener('focusin', (event) => show(of(event)));
  view.addEventListener('focusout', () => show(undefined));
}
