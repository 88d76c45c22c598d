// What the fields of a frame mean, where a chapter tells of them, and which function of src/ reads them (RFC 6455 §5.2).
import { CloseCode, Opcode } from './protocol.js';
import { plural } from './text.js';

/** All links out of the inspector into the documentation are made from this table. */
const chapters = {
  handshake: ['02-handshake', 'the handshake'],
  frames: ['03-frames', 'frames'],
  masking: ['04-masking', 'masking'],
  fragments: ['05-fragments', 'fragments'],
  utf8: ['06-utf8', 'UTF-8'],
  closing: ['07-closing', 'closing'],
  compression: ['08-compression', 'compression'],
  limits: ['09-limits', 'limits'],
  polling: ['10-long-polling', 'long-polling'],
  upgrade: ['11-upgrade', 'the upgrade'],
  heartbeat: ['12-heartbeat', 'heartbeat'],
  events: ['13-events', 'events'],
};

export function chapter(name) {
  const [file, words] = chapters[name];
  return { href: `/docs/${file}/`, words };
}

/** A function of the package, on the page that shows its source. */
export function source(file, name) {
  return { href: `/docs/src/${file}/#${name}`, words: `${name}()` };
}

const rules = 'protocol/rfc6455/frame-rules.ts';

/** By the names that `dissect` gives fields: a key for colours, the chapter, the function that reads it. */
export const fields = {
  FIN: { key: 'fin', chapter: 'fragments', source: [rules, 'checkControl'] },
  RSV1: { key: 'rsv', chapter: 'compression', source: [rules, 'checkRsv1'] },
  RSV2: { key: 'rsv', chapter: 'frames', source: [rules, 'checkFirstBytes'] },
  RSV3: { key: 'rsv', chapter: 'frames', source: [rules, 'checkFirstBytes'] },
  opcode: { key: 'opcode', chapter: 'frames', source: [rules, 'checkFirstBytes'] },
  MASK: { key: 'mask', chapter: 'masking', source: [rules, 'checkFirstBytes'] },
  'payload length': {
    key: 'length',
    chapter: 'frames',
    source: ['protocol/rfc6455/frame-header.ts', 'headerLength'],
  },
  'extended payload length': { key: 'length', chapter: 'frames', source: [rules, 'readLength'] },
  'masking key': {
    key: 'key',
    chapter: 'masking',
    source: ['protocol/rfc6455/mask.ts', 'readMaskingKey'],
  },
  payload: { key: 'payload', chapter: 'masking', source: ['protocol/rfc6455/mask.ts', 'mask'] },
};

const opcodes = {
  [Opcode.Continuation]: ['continuation', 'goes on with a message that has begun'],
  [Opcode.Text]: ['text', 'a message of UTF-8 text'],
  [Opcode.Binary]: ['binary', 'a message of bytes'],
  [Opcode.Close]: ['close', 'the closing handshake'],
  [Opcode.Ping]: ['ping', 'is to be answered with a pong'],
  [Opcode.Pong]: ['pong', 'answers a ping'],
};

export function opcodeName(opcode) {
  return opcodes[opcode]?.[0] ?? `reserved 0x${opcode.toString(16)}`;
}

const closeNames = new Map(
  Object.entries(CloseCode).map(([name, code]) => [
    code,
    name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase(),
  ]),
);

export function closeName(code) {
  if (closeNames.has(code)) return closeNames.get(code);
  if (code >= 4000) return 'of an application';
  return code >= 3000 ? 'of a library' : 'unknown';
}

/** What the value of a field says, in words. */
export function meaning(name, frame, from) {
  switch (name) {
    case 'FIN':
      return frame.fin ? 'the last frame of its message' : 'the message goes on in the next frame';
    case 'RSV1':
      return frame.rsv1 ? 'the message is compressed, if that was agreed (RFC 7692 §6)' : 'not compressed';
    case 'RSV2':
    case 'RSV3':
      return frame[name.toLowerCase()] ? 'set, though no extension gives it a meaning' : 'unused';
    case 'opcode':
      return opcodes[frame.opcode]?.join(': ') ?? 'reserved: whoever gets it must end the connection';
    case 'MASK':
      return `${frame.masked ? 'masked' : 'not masked'}, as a ${from} ${frame.masked === (from === 'client') ? 'must' : 'must not'}`;
    case 'payload length':
      return lengthMeaning(frame);
    case 'extended payload length':
      return plural(frame.payloadLength, 'byte');
    case 'masking key':
      return 'four bytes at random; each payload byte is XORed with one of them';
    default:
      return plural(frame.payloadLength, 'byte');
  }
}

function lengthMeaning({ headerLength, masked, payloadLength }) {
  const form = headerLength - (masked ? 4 : 0);
  if (form === 4) return '126: the length follows in 2 bytes';
  if (form === 10) return '127: the length follows in 8 bytes';
  return plural(payloadLength, 'byte');
}

/** The value of a field as digits: flags and lengths as numbers, all else as what stands there. */
export function digitsOf({ name, start, bits }, bytes) {
  if (bits === 0 || bits > 64) return '';
  let value = 0n;
  for (let bit = start; bit < start + bits; bit++) {
    value = value * 2n + BigInt((bytes[bit >> 3] >> (7 - (bit & 7))) & 1);
  }
  return bits === 1 || name.endsWith('length')
    ? String(value)
    : `0x${value.toString(16).padStart(bits / 4, '0')}`;
}
