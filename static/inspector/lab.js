// The laboratory: a frame is composed by hand, or a preset taken; its bytes go to the server as they are, and what it does is shown.
import { frameView } from './bytes.js';
import { composer, field } from './composer.js';
import { concat } from './concat.js';
import { h, link } from './dom.js';
import { cutInto, linesOf, requestOf, spaced } from './experiment.js';
import { chapter } from './fields.js';
import { FrameSlicer, verdict } from './protocol.js';
import { parseHex, plural, toBase64 } from './text.js';
import { outcomeWords, Told } from './told.js';

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
  /** Whether a person has changed what would be sent: rules that come late leave that alone. */
  #changed = false;

  constructor(wire) {
    this.#wire = wire;
    this.#bytes.value = '81 85 37fa213d 7f9f4d5158';
    for (const field of [this.#bytes, this.#offer, this.#request]) {
      field.addEventListener('input', () => {
        this.#changed = true;
        this.#look();
      });
    }
    this.#select.onchange = () => {
      if (this.#select.value === '') return;
      history.pushState(null, '', `#lab=${this.#select.value}`);
      this.#take();
    };
    this.#send.onclick = () => this.#run();
    this.element = h(
      'div.lab',
      {},
      this.#left(),
      h('div.lab-right', {}, this.#foretold, this.#send, this.#steps, this.#picture),
    );
    this.#look();
    this.#load();
    addEventListener('hashchange', () => {
      this.#changed = false;
      this.#take();
    });
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
    if (!this.#changed) this.#take();
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
    this.#changed = true;
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
    const told = new Told(what.request === undefined ? this.#outcome : []);
    this.#wire.experiment(what, (step) => {
      this.#steps.append(...told.words(step));
      if (step.step === 'ended' || step.step === 'failed') this.#send.disabled = false;
    });
  }
}
