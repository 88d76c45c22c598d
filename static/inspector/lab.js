// The laboratory: a frame is composed by hand, or a preset taken; its bytes go to the server as they are, and what it does is shown.
import { frameView } from './bytes.js';
import { composeFrame, deflate, parts } from './compose.js';
import { h, link } from './dom.js';
import { chapter, closeName, opcodeName } from './fields.js';
import { dissect, FrameSlicer, verdict } from './protocol.js';
import { concat } from './store.js';
import { cut, hexOf, parseHex, plural, textOf, toBase64 } from './text.js';

/** The limits of the server's end, `/inspector/echo`. */
const limits = { maxPayload: 65_536, maxFragments: 16, maxBufferedChunks: 0 };
const mostShown = 512;

const chaptersOf = {
  Handshake: 'handshake',
  Messages: 'frames',
  Lengths: 'frames',
  Masking: 'masking',
  'Reserved bits': 'frames',
  Opcodes: 'frames',
  Fragments: 'fragments',
  'Ping and pong': 'fragments',
  Closing: 'closing',
  'UTF-8': 'utf8',
  Compression: 'compression',
  Limits: 'limits',
};

export function mountLaboratory(element, wire) {
  const lab = new Laboratory(wire);
  element.replaceChildren(lab.element);
  return lab;
}

class Laboratory {
  element;
  #wire;
  #presets = new Map();
  #select = h('select', { id: 'lab-preset' });
  #aim = h('p.aim');
  #bytes = h('textarea', { id: 'lab-bytes', rows: 4, spellcheck: false, autocapitalize: 'off' });
  #request = h('textarea', { id: 'lab-request', rows: 3, spellcheck: false, autocapitalize: 'off' });
  #offer = h('input', { type: 'checkbox' });
  #cut = h(
    'select',
    { id: 'lab-cut' },
    ...[
      ['each', 'each frame in a write of its own'],
      ['one', 'all in one write'],
      ['bytes', 'byte by byte'],
    ].map(([value, words]) => h('option', { value }, words)),
  );
  #picture = h('div.lab-picture');
  #foretold = h('div.foretold', { role: 'status' });
  #steps = h('ol.lab-steps', { 'aria-live': 'polite' });
  #send = h('button.primary', { type: 'button' }, 'Send it');
  #outcome = [];

  constructor(wire) {
    this.#wire = wire;
    this.#bytes.value = '81 85 37fa213d 7f9f4d5158';
    for (const field of [this.#bytes, this.#offer]) field.addEventListener('input', () => this.#look());
    this.#select.onchange = () => {
      if (this.#select.value !== '') location.hash = `lab=${this.#select.value}`;
    };
    this.#send.onclick = () => this.#run();
    this.element = h(
      'div.lab',
      {},
      this.#left(),
      h('div.lab-right', {}, this.#foretold, this.#picture, this.#send, this.#steps),
    );
    this.#look();
    this.#load();
    addEventListener('hashchange', () => this.#take());
  }

  #left() {
    return h(
      'div.lab-left',
      {},
      field('A rule to try', this.#select),
      this.#aim,
      composer((frames) => this.#add(frames)),
      field(
        'The bytes, a frame in each line',
        this.#bytes,
        h('p.note', {}, 'Hex in any spacing; 61*256 is the byte 61 256 times. Change what you like.'),
      ),
      h(
        'details',
        {},
        h('summary', {}, 'The opening handshake'),
        field('Header lines that are different; a minus before a name leaves it out', this.#request),
      ),
      h(
        'div.choices',
        {},
        h('label.kind', {}, this.#offer, 'Offer permessage-deflate'),
        h('label', {}, 'Send ', this.#cut),
      ),
    );
  }

  async #load() {
    const response = await fetch('/inspector/presets.json');
    const presets = await response.json();
    const groups = new Map();
    for (const preset of presets) {
      this.#presets.set(preset.id, preset);
      if (!groups.has(preset.group)) groups.set(preset.group, h('optgroup', { label: preset.group }));
      const bad = preset.expect.some((reply) => reply.error ?? reply.status);
      groups
        .get(preset.group)
        .append(h('option', { value: preset.id }, `${bad ? '✗' : '✓'} ${preset.title}`));
    }
    this.#select.replaceChildren(
      h('option', { value: '' }, `${presets.length} rules: choose one`),
      ...groups.values(),
    );
    this.#take();
  }

  /** Takes the preset that the address names. */
  #take() {
    const [, id] = /^#lab=([\w.^-]+)$/.exec(decodeURIComponent(location.hash)) ?? [];
    const preset = this.#presets.get(id);
    if (preset === undefined) return;
    this.#select.value = id;
    this.#bytes.value = preset.frames.join('\n');
    this.#offer.checked = preset.deflate === true;
    this.#request.value = linesOf(preset.request);
    const details = this.#request.closest('details');
    details.open = preset.request !== undefined;
    const { href, words } = chapter(chaptersOf[preset.group] ?? 'frames');
    this.#aim.replaceChildren(
      h('strong', {}, preset.title),
      `. ${preset.section}. Read about `,
      link(href, words),
      '.',
    );
    this.#steps.replaceChildren();
    this.#look();
    this.element.scrollIntoView({ block: 'start' });
  }

  #add(frames) {
    const lines = [this.#bytes.value.trim(), ...frames.map(spaced)].filter(Boolean);
    this.#bytes.value = lines.join('\n');
    this.#look();
  }

  #frames() {
    return this.#bytes.value
      .split('\n')
      .map(parseHex)
      .filter(({ length }) => length > 0);
  }

  /** What the bytes are, and what will become of them. */
  #look() {
    this.#picture.replaceChildren();
    this.#outcome = [];
    try {
      const stream = concat([new Uint8Array(0), ...this.#frames()]);
      const slicer = new FrameSlicer();
      const slices = slicer.push(stream);
      const rest = slicer.finish();
      if (rest !== undefined) slices.push(rest);
      for (const { bytes, length } of slices.slice(0, 4))
        this.#picture.append(frameView(bytes.subarray(0, mostShown), { from: 'client', length }));
      if (slices.length > 4)
        this.#picture.append(h('p.note', {}, `and ${plural(slices.length - 4, 'frame')} more`));
      this.#outcome = verdict(stream, { ...limits, expectMask: true, allowCompressed: this.#offer.checked });
      this.#foretell();
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.#foretold.replaceChildren(h('p.bad', {}, error.message));
    }
    this.#send.disabled = false;
  }

  #foretell() {
    const words =
      this.#request.value.trim() === ''
        ? this.#outcome.map(outcomeWords)
        : [h('li', {}, 'the handshake is what is tried here')];
    const list = words.length > 0 ? words : [h('li', {}, 'nothing: there are no bytes')];
    this.#foretold.replaceChildren(
      h('h3', {}, 'What the parser of this package makes of it'),
      h('ul', {}, ...list),
    );
  }

  #run() {
    let frames;
    try {
      frames = this.#frames();
    } catch (error) {
      this.#foretold.replaceChildren(h('p.bad', {}, error.message));
      return;
    }
    this.#send.disabled = true;
    this.#steps.replaceChildren();
    const writes = cutInto(frames, this.#cut.value).map(toBase64);
    const what = { deflate: this.#offer.checked, request: requestOf(this.#request.value), writes };
    const replies = new FrameSlicer();
    this.#wire.experiment(what, (step) => {
      this.#steps.append(...stepWords(step, replies));
      if (step.step === 'ended' || step.step === 'failed') this.#send.disabled = false;
    });
  }
}

function field(words, input, ...more) {
  return h('div.field', {}, h('label', { htmlFor: input.id }, words), input, ...more);
}

function cutInto(frames, how) {
  if (how === 'each') return frames.length <= 64 ? frames : [concat(frames)];
  const stream = concat([new Uint8Array(0), ...frames]);
  if (how === 'one') return [stream];
  // The server takes up to 64 writes: the last one has the rest.
  return Array.from({ length: Math.min(64, stream.length) }, (_, at) =>
    stream.subarray(at, at === 63 ? stream.length : at + 1),
  );
}

/** The fields of a frame apart, as presets have them. */
function spaced(bytes) {
  const { masked, headerLength, payload } = dissect(bytes);
  const key = masked ? headerLength - 4 : headerLength;
  const pieces = [
    bytes.subarray(0, 1),
    bytes.subarray(1, 2),
    bytes.subarray(2, key),
    bytes.subarray(key, headerLength),
    bytes.subarray(headerLength, headerLength + payload.length),
  ];
  return pieces
    .filter(({ length }) => length > 0)
    .map((piece) => hexOf(piece).replaceAll(' ', ''))
    .join(' ');
}

function outcomeWords(outcome) {
  const payload = () => cut(textOf(outcome.payload.subarray(0, 100)), 60);
  switch (outcome.kind) {
    case 'message': {
      const what = outcome.compressed
        ? 'a compressed message'
        : outcome.binary
          ? `${plural(outcome.payload.length, 'byte')} of binary data`
          : `the text “${payload()}”`;
      return h('li.good', {}, `${what}: the server sends it back`);
    }
    case 'ping':
      return h('li.good', {}, `a ping “${payload()}”: the server answers with a pong`);
    case 'pong':
      return h('li.good', {}, 'a pong that nobody asked for: nothing happens');
    case 'close':
      return h(
        'li.good',
        {},
        `the closing handshake, ${outcome.code} ${closeName(outcome.code)}: the server answers with the same`,
      );
    case 'failure':
      return h(
        'li.bad',
        {},
        h('strong', {}, `close ${outcome.closeCode} ${closeName(outcome.closeCode)}`),
        `, because of ${outcome.rule}: ${outcome.message}`,
      );
    default:
      return h('li', {}, 'something unfinished: the server waits for more');
  }
}

function stepWords(step, replies) {
  switch (step.step) {
    case 'response':
      return [
        step.status === 101
          ? h('li', {}, '← 101, the connection is open')
          : h('li.bad', {}, `← ${step.status} ${cut(step.body ?? '', 300)}`),
      ];
    case 'sent':
      return [
        h(
          'li',
          {},
          '→ ',
          h('code', {}, cut(hexOf(step.bytes, 40), 119)),
          step.bytes.length > 40 && ` … ${plural(step.bytes.length, 'byte')}`,
        ),
      ];
    case 'asked':
      return [
        h(
          'li.quiet',
          {},
          '→ all is quiet: the laboratory sends a ping to see whether the server is still there',
        ),
      ];
    case 'received':
      return replies
        .push(step.bytes)
        .map(({ bytes }) =>
          h('li', {}, '← ', h('code', {}, cut(hexOf(bytes, 40), 119)), ' ', replyWords(dissect(bytes))),
        );
    case 'violation':
      return [h('li.bad', {}, `The server found ${step.rule} broken: ${step.message} (${step.code})`)];
    case 'ended':
      return [h('li', {}, 'The server has ended the TCP connection.')];
    default:
      return [h('li.bad', {}, step.why)];
  }
}

function replyWords({ opcode, rsv1, payload }) {
  if (opcode !== 8)
    return `${opcodeName(opcode)}${rsv1 ? ', compressed' : opcode === 2 ? '' : ` “${cut(textOf(payload), 60)}”`}`;
  if (payload.length < 2) return 'close, without a code';
  const code = (payload[0] << 8) | payload[1];
  return h('strong', {}, `close ${code} ${closeName(code)}`);
}

/** A frame's fields as a form. */
function composer(onFrames) {
  const box = (words, checked = false) => {
    const input = h('input', { type: 'checkbox', checked });
    return [input, h('label.kind', {}, input, words)];
  };
  const [fin, finLabel] = box('FIN', true);
  const [rsv1, rsv1Label] = box('RSV1');
  const [rsv2, rsv2Label] = box('RSV2');
  const [rsv3, rsv3Label] = box('RSV3');
  const [masked, maskedLabel] = box('MASK', true);
  const [compressed, compressedLabel] = box('compress');
  const [asHex, asHexLabel] = box('payload is hex');
  const opcode = h(
    'select',
    { id: 'lab-opcode' },
    ...Array.from({ length: 16 }, (_, code) =>
      h(
        'option',
        { value: String(code), selected: code === 1 },
        `0x${code.toString(16)} ${opcodeName(code).replace(/ 0x.*/, '')}`,
      ),
    ),
  );
  const form = h(
    'select',
    { id: 'lab-form' },
    ...[
      ['', 'shortest'],
      ['7', '7 bits'],
      ['16', '16 bits'],
      ['64', '64 bits'],
    ].map(([value, words]) => h('option', { value }, words)),
  );
  const key = h('input', { id: 'lab-key', value: '37fa213d', size: 9, spellcheck: false });
  const announced = h('input', { id: 'lab-announced', type: 'number', min: '0', placeholder: 'as it is' });
  const count = h('input', { id: 'lab-parts', type: 'number', min: '1', max: '32', value: '1' });
  const payload = h('input', { id: 'lab-payload', value: 'Hello', spellcheck: false });
  const say = h('p.bad', { role: 'status' });
  const add = h('button.small', { type: 'button' }, 'Add to the bytes');
  const only = h('button.small', { type: 'button' }, 'Put in their place');
  const make = async () => {
    const plain = asHex.checked ? parseHex(payload.value) : new TextEncoder().encode(payload.value);
    const bytes = compressed.checked ? await deflate(plain) : plain;
    const keyBytes = parseHex(key.value);
    if (keyBytes.length !== 4) throw new SyntaxError('A masking key has four bytes');
    const pieces = parts(bytes, Math.max(1, Math.min(32, Number(count.value) || 1)));
    return pieces.map((piece, index) =>
      composeFrame({
        fin: fin.checked && index === pieces.length - 1,
        rsv1: (rsv1.checked || compressed.checked) && index === 0,
        rsv2: rsv2.checked,
        rsv3: rsv3.checked,
        opcode: index === 0 ? Number(opcode.value) : 0,
        masked: masked.checked,
        key: keyBytes,
        form: form.value === '' ? undefined : Number(form.value),
        payload: piece,
        announced: announced.value === '' ? undefined : Math.max(0, Number(announced.value)),
      }),
    );
  };
  const give = async (alone) => {
    try {
      const frames = await make();
      say.textContent = '';
      if (alone) document.getElementById('lab-bytes').value = '';
      onFrames(frames);
    } catch (error) {
      say.textContent = error.message;
    }
  };
  add.onclick = () => give(false);
  only.onclick = () => give(true);
  return h(
    'fieldset.composer',
    {},
    h('legend', {}, 'Compose a frame'),
    h('div.choices', {}, finLabel, rsv1Label, rsv2Label, rsv3Label, maskedLabel, compressedLabel),
    h(
      'div.grid',
      {},
      field('Opcode', opcode),
      field('Length in', form),
      field('Masking key', key),
      field('Announced length', announced),
      field('Frames', count),
    ),
    field('Payload', payload, asHexLabel),
    h('div.choices', {}, add, only),
    say,
  );
}

/** A preset's handshake as lines, and back. */
function linesOf({ requestLine, headers = {} } = {}) {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === null ? [`-${name}`] : [value].flat().map((one) => `${name}: ${one}`),
  );
  return [requestLine, ...lines].filter(Boolean).join('\n');
}

function requestOf(text) {
  const request = { headers: {} };
  for (const line of text
    .split('\n')
    .map((one) => one.trim())
    .filter(Boolean)) {
    const [, name, value] = /^([^\s:]+):\s*(.*)$/.exec(line) ?? [];
    if (line.startsWith('-')) request.headers[line.slice(1)] = null;
    else if (name === undefined) request.requestLine = line;
    else
      request.headers[name] = Object.hasOwn(request.headers, name)
        ? [request.headers[name], value].flat()
        : value;
  }
  return request;
}
