// A form for a frame: any flag, opcode, length, key and payload in; the bytes of one or more frames out.
import { composeFrame, deflate, parts } from './compose.js';
import { h } from './dom.js';
import { opcodeName } from './fields.js';
import { parseHex } from './text.js';

export function field(words, input, ...more) {
  return h('div.field', {}, h('label', { htmlFor: input.id }, words), input, ...more);
}

/** A frame's fields as a form. */
export function composer(onFrames) {
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
