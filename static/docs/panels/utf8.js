// A text cut in two frames: the text and the place of the cut in, what each frame says by itself and both together out (RFC 6455 §5.6).
import { code, element, hex, labelled, table } from './element.js';

const bits = (bytes) => Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join(' ');

/** What a reader makes of a part that takes it for a whole text. */
function alone(bytes) {
  try {
    return `“${new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)}”`;
  } catch {
    return 'no text: a character is cut';
  }
}

export function open(place) {
  const text = element('input', { value: '€', maxLength: 12, autocomplete: 'off' });
  const cut = element('input', { type: 'range', min: '0', value: '1' });
  const { whole, show } = table('Two frames of one message', ['frame', 'bytes', 'bits', 'by itself']);
  const together = element('output');

  const update = () => {
    const bytes = new TextEncoder().encode(text.value);
    cut.max = `${bytes.length}`;
    const at = cut.valueAsNumber;
    cut.ariaValueText = `behind byte ${at} of ${bytes.length}`;
    const parts = [bytes.subarray(0, at), bytes.subarray(at)];
    show(
      parts.map((part, i) => [
        i === 0 ? 'first: FIN 0, text' : 'second: FIN 1, continuation',
        code(hex(part)),
        code(bits(part)),
        alone(part),
      ]),
    );
    const reader = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const read = reader.decode(parts[0], { stream: true });
    together.value = `A reader that keeps the rest has “${read}” after the first, and “${read + reader.decode(parts[1])}” at the end.`;
  };

  text.addEventListener('input', update);
  cut.addEventListener('input', update);
  place.append(
    element('h3', {}, 'Cut where you like'),
    labelled('Text', text),
    labelled('Where the first frame ends', cut),
    whole,
    element('p', {}, together),
  );
  update();
}
