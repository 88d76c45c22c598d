// The length of a frame in its three forms: a length from a slider in, the header of its frame out (RFC 6455 §5.2).
import { code, element, hex, labelled, table } from './element.js';

/** The lengths at both ends of each form, and what the slider passes over between them. */
const stops = [0, 1, 5, 50, 100, 125, 126, 127, 500, 4096, 65_535, 65_536, 1_000_000, 2 ** 32, 2 ** 53 - 1];

/** The length as it is in the header: the byte behind the first, and those that follow. */
function lengthBytes(length, masked) {
  const mask = masked ? 0x80 : 0;
  if (length < 126) return [[mask | length], []];
  const more = length < 65_536 ? 2 : 8;
  const bytes = Array.from({ length: more }, (_, i) => Math.floor(length / 256 ** (more - 1 - i)) % 256);
  return [[mask | (more === 2 ? 126 : 127)], bytes];
}

export function open(place) {
  const slider = element('input', { type: 'range', min: '0', max: `${stops.length - 1}`, value: '5' });
  const exact = element('input', { type: 'number', min: '0', max: `${2 ** 53 - 1}`, value: '125' });
  const masked = element('input', { type: 'checkbox', checked: true });
  const { whole, show } = table('The header of a binary frame', ['bytes', 'what they say']);
  const sum = element('output');

  const update = () => {
    const length = Math.min(Math.max(Math.floor(exact.valueAsNumber) || 0, 0), 2 ** 53 - 1);
    const [second, more] = lengthBytes(length, masked.checked);
    const forms = {
      0: `the length itself: ${length}`,
      2: '126: two bytes follow',
      8: '127: eight bytes follow',
    };
    const rows = [
      ['82', 'FIN, binary'],
      [hex(second), `${masked.checked ? 'MASK, and ' : ''}${forms[more.length]}`],
    ];
    if (more.length > 0) rows.push([hex(more), length.toLocaleString('en')]);
    if (masked.checked) rows.push(['00 00 00 00', 'masking key']);
    show(rows.map(([bytes, words]) => [code(bytes), words]));
    const header = 2 + more.length + (masked.checked ? 4 : 0);
    const share = ((100 * header) / (header + length)).toPrecision(2);
    sum.value = `${header} bytes of header: ${Number(share)} % of the frame.`;
  };

  slider.addEventListener('input', () => {
    exact.value = stops[slider.valueAsNumber];
    slider.ariaValueText = `${stops[slider.valueAsNumber]} bytes`;
    update();
  });
  exact.addEventListener('input', () => {
    const next = stops.findIndex((stop) => stop >= exact.valueAsNumber);
    slider.value = `${next === -1 ? 0 : next}`;
    update();
  });
  masked.addEventListener('input', update);
  place.append(
    element('h3', {}, 'Try each length'),
    labelled('Payload, from small to large', slider),
    labelled('or exactly, in bytes', exact),
    labelled('From a client, so masked', masked),
    whole,
    element('p', {}, sum),
  );
  update();
}
