// Masking, with a new key as often as one likes: a text in, its bytes under the key out (RFC 6455 §5.3).
import { code, element, hex, labelled, table } from './element.js';

/** Those of the example in the RFC, which the chapter shows. */
const firstKey = [0x37, 0xfa, 0x21, 0x3d];
const longest = 20;

export function open(place) {
  const text = element('input', { value: 'Hello', maxLength: longest, autocomplete: 'off' });
  const roll = element('button', { type: 'button' }, 'Another key');
  const wire = element('output', { className: 'bytes' });
  const { whole, show } = table('Byte for byte', ['character', 'byte', 'key', 'on the wire', 'and back']);
  let key = firstKey;

  const update = () => {
    const bytes = new TextEncoder().encode(text.value).slice(0, longest);
    const masked = bytes.map((byte, i) => byte ^ key[i % 4]);
    const frame = [0x81, 0x80 | bytes.length, ...key, ...masked];
    wire.value = hex(frame);
    show(
      Array.from(bytes, (byte, i) => [
        byte < 0x80 ? String.fromCharCode(byte) : 'part of one',
        code(hex([byte])),
        code(hex([key[i % 4]])),
        code(hex([masked[i]])),
        code(hex([masked[i] ^ key[i % 4]])),
      ]),
    );
  };

  text.addEventListener('input', update);
  roll.addEventListener('click', () => {
    key = crypto.getRandomValues(new Uint8Array(4));
    update();
  });
  place.append(
    element('h3', {}, 'Roll the key again'),
    labelled('Text', text),
    element('p', {}, roll, ' The message stays the same; nobody could have foretold the bytes.'),
    element('p', {}, 'The frame: ', wire),
    whole,
  );
  update();
}
