// Compression with and without memory: messages sent one after the other in, what each takes on the wire out (RFC 7692 §7.1.1).
import { steps } from './deflate-steps.js';
import { code, element, labelled, table } from './element.js';

const size = (hex) => (hex.length + 1) / 3;
const sum = (sizes) => sizes.reduce((whole, one) => whole + one, 0);

export function open(place) {
  const count = element('input', { type: 'range', min: '1', max: `${steps.length}`, value: '2' });
  const { whole, show } = table('Bytes of each message', [
    'message',
    'as it is',
    'each afresh',
    'with context takeover',
  ]);
  const total = element('output');
  const last = element('p');

  const update = () => {
    const sent = steps.slice(0, count.valueAsNumber);
    count.ariaValueText = `${sent.length} messages`;
    show(
      sent.map(({ text, afresh, takeover }) => [
        code(text),
        `${new TextEncoder().encode(text).length}`,
        `${size(afresh)}`,
        `${size(takeover)}`,
      ]),
    );
    const [plain, afresh, takeover] = [
      sum(sent.map(({ text }) => new TextEncoder().encode(text).length)),
      sum(sent.map((one) => size(one.afresh))),
      sum(sent.map((one) => size(one.takeover))),
    ];
    total.value = `Together: ${plain} bytes, ${afresh} afresh, ${takeover} with context takeover.`;
    last.replaceChildren('The last payload, with context takeover: ', code(sent.at(-1).takeover));
  };

  count.addEventListener('input', update);
  place.append(
    element('h3', {}, 'Say it again'),
    labelled('Messages sent', count),
    whole,
    element('p', {}, total),
    last,
  );
  update();
}
