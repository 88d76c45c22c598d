// What an experiment is expected to do, and what it does: outcomes of the parser and steps of the server in, lines of words out.
import { h } from './dom.js';
import { closeName, opcodeName } from './fields.js';
import { dissect, FrameSlicer, Opcode } from './protocol.js';
import { cut, hexOf, plural, textOf } from './text.js';

export function outcomeWords(outcome) {
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

/** The story of one experiment, and whether it came as it was foretold. */
export class Told {
  #replies = new FrameSlicer();
  #foretold;
  #asked = false;
  #code = undefined;

  constructor(outcome) {
    const last = outcome.at(-1);
    this.#foretold =
      last?.kind === 'failure' ? last.closeCode : last?.kind === 'close' ? last.code : undefined;
  }

  words(step) {
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
        this.#asked = true;
        return [
          h(
            'li.quiet',
            {},
            '→ all is quiet: the laboratory sends a ping to see whether the server is still there',
          ),
        ];
      case 'received':
        return this.#replies.push(step.bytes).map(({ bytes }) => this.#reply(bytes));
      case 'violation':
        return [h('li.bad', {}, `The server found ${step.rule} broken: ${step.message} (${step.code})`)];
      case 'ended':
        return [h('li', {}, 'The server has ended the TCP connection.'), this.#conclusion()].filter(Boolean);
      default:
        return [h('li.bad', {}, step.why)];
    }
  }

  #reply(bytes) {
    const frame = dissect(bytes);
    if (frame.opcode === Opcode.Close) this.#code = codeOf(frame.payload);
    return h('li', {}, '← ', h('code', {}, cut(hexOf(bytes, 40), 119)), ' ', replyWords(frame));
  }

  #conclusion() {
    if (this.#code === undefined) return undefined;
    if (this.#foretold !== undefined) {
      return this.#code === this.#foretold
        ? h('li.good', {}, '✓ As foretold.')
        : h('li.bad', {}, `✗ Foretold was ${this.#foretold}.`);
    }
    return this.#asked && h('li.good', {}, '✓ The connection stayed open, until the laboratory left.');
  }
}

/** §7.1.5: a close frame without a code counts as 1005. */
const codeOf = (payload) => (payload.length < 2 ? 1005 : (payload[0] << 8) | payload[1]);

function replyWords({ opcode, rsv1, payload }) {
  if (opcode !== 8)
    return `${opcodeName(opcode)}${rsv1 ? ', compressed' : opcode === Opcode.Binary ? '' : ` “${cut(textOf(payload), 60)}”`}`;
  if (payload.length < 2) return 'close, without a code';
  const code = codeOf(payload);
  return h('strong', {}, `close ${code} ${closeName(code)}`);
}
