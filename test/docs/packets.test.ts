// Packets of Engine.IO and Socket.IO in the documentation against test/vectors, which the tests of the codecs use too.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { separator } from '../../src/protocol/engineio/payload.ts';
import { vectors } from '../vectors/vectors.ts';
import { placeOf } from './page.ts';
import { marked } from './pages.ts';

/** As pages show the separator of a payload. */
const shownSeparator = '␞';

/** What goes over the wire, line by line: packets of a body, or the messages of a WebSocket, bytes in hex. */
function linesOf(of: string): string[] {
  const [file, name = ''] = of.split('/');
  if (file === 'engineio') return engineVector(name).body.split(separator);
  const vector = vectors('socketio').get(name);
  assert.ok(vector, `there is no vector ${of}`);
  // Each is the text of a message of the engine, which has a 4 in front; bytes have not.
  return vector.messages.map((message) => (typeof message === 'string' ? `4${message}` : message.hex));
}

function engineVector(name: string) {
  const vector = vectors('engineio').get(name);
  assert.ok(vector, `there is no vector engineio/${name}`);
  return vector;
}

/** A line without what is said of it, which stands behind two spaces. */
const withoutWords = (line: string) => line.replace(/ {2,}.*$/, '');

describe('packets', () => {
  for (const { mark, ...block } of marked('packets')) {
    test(`${placeOf(block)}: ${mark.of}`, () => {
      // Several may stand in one block, one after the other.
      const expected = mark.of.split(/, */).flatMap(linesOf);
      assert.deepEqual(block.lines.map(withoutWords), expected);
    });
  }

  for (const { mark, ...block } of marked('body')) {
    test(`${placeOf(block)}: the body of ${mark.of}`, () => {
      const { body } = engineVector(mark.of.replace('engineio/', ''));
      assert.equal(block.lines.join('\n'), body.replaceAll(separator, shownSeparator));
    });
  }
});
