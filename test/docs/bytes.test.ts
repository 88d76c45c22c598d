// Each hex dump, header block and packet of the documentation against test/vectors, which the tests of the code use too.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { handshakeGuid } from '../../src/protocol/rfc6455/handshake.ts';
import { bytes, vectorNamed, vectors } from '../vectors/vectors.ts';
import { placeOf, rowsOf } from './page.ts';
import { blocks, marked } from './pages.ts';

/** Bytes at the beginning of a line, and two spaces before what is said of them. */
const dumpLine = /^((?:[0-9a-f]{2}(?:\*\d+)?(?: |$))+)(?: .*)?$/;

/** A field of a vector: `frames/hi`, or `compressed/hello-twice/payloads/1` for a part of a list in it. */
function field(of: string, name: string): unknown {
  const [file, key, ...inner] = of.split('/');
  const vector = vectorNamed(`${file}/${key}`);
  return (inner.length > 0 ? inner : [name]).reduce<unknown>(
    (value, part) => (value as Record<string, unknown> | undefined)?.[part],
    vector,
  );
}

function bytesOf(of: string): Buffer {
  const hex = field(of, 'hex');
  assert.ok(hex !== undefined, `${of} has no bytes`);
  return bytes(hex as string | string[]);
}

function linesOf(of: string, name: string): string[] {
  const lines = field(of, name);
  assert.ok(lines !== undefined, `${of} has no ${name}`);
  return typeof lines === 'string' ? [lines] : (lines as string[]);
}

function checkDump(lines: readonly string[], expected: Buffer): void {
  const dumped = lines.map((line) => {
    const match = dumpLine.exec(line);
    assert.ok(match, `not bytes, two spaces and words: ${line}`);
    return match[1]!.trim();
  });
  assert.equal(bytes(dumped).toString('hex'), expected.toString('hex'));
}

/** Packets as text, each in a line, with two spaces before what is said of it. */
function checkPackets(lines: readonly string[], packets: readonly string[]): void {
  const said = lines.map((line, at) => {
    const packet = packets[at] ?? '';
    return line.startsWith(`${packet}  `) ? packet : line;
  });
  assert.deepEqual(said, packets);
}

describe('bytes', () => {
  test('every hex dump has a mark', () => {
    const dumps = blocks
      .filter(({ language, marks }) => language === 'text' && marks.length === 0)
      .filter(({ lines }) => lines.some((line) => dumpLine.test(line)));
    assert.deepEqual(dumps.map(placeOf), []);
  });

  for (const { mark, lines, ...block } of marked('vector')) {
    test(`${placeOf({ ...block, lines })}: ${mark.of} is the vector`, () => {
      const packets = field(mark.of, 'packets');
      if (packets !== undefined && mark.of.split('/').length === 2) checkPackets(lines, packets as string[]);
      else checkDump(lines, bytesOf(mark.of));
    });
  }

  for (const kind of ['request', 'response'] as const) {
    for (const { mark, lines } of marked(kind)) {
      test(`the ${kind} of ${mark.of} is the vector`, () => assert.deepEqual(lines, linesOf(mark.of, kind)));
    }
  }

  for (const kind of ['offer', 'answer'] as const) {
    for (const { mark, lines } of marked(kind)) {
      test(`the ${kind} of ${mark.of} is the vector`, () => {
        const [value] = linesOf(mark.of, kind);
        assert.deepEqual(lines, [`Sec-WebSocket-Extensions: ${value}`]);
      });
    }
  }

  for (const { mark, lines } of marked('accept')) {
    test(`the answer to the key of ${mark.of} is worked out right`, () => {
      const line = linesOf(mark.of, 'request').find((one) => one.startsWith('Sec-WebSocket-Key: '))!;
      const key = line.slice('Sec-WebSocket-Key: '.length);
      const digest = createHash('sha1')
        .update(key + handshakeGuid)
        .digest();
      const hex = digest.toString('hex').replace(/..(?!$)/g, '$& ');
      assert.deepEqual(
        lines.map((one) => one.replace(/^.*? {2,}/, '')),
        [key, key + handshakeGuid, hex, digest.toString('base64')],
      );
    });
  }

  for (const { mark, lines } of marked('bits')) {
    test(`the bits of ${mark.of} are those of its first two bytes`, () => {
      const [hex, bits] = lines.map((line) => line.replace(/^\w+/, '').trim());
      const first = bytesOf(mark.of).subarray(0, 2);
      assert.ok(bytes(hex!).equals(first));
      const expected = [...first].map((byte) => byte.toString(2).padStart(8, '0')).join('');
      assert.equal(bits!.replaceAll(' ', ''), expected);
    });
  }

  for (const { mark, lines } of marked('unmask')) {
    test(`the unmasking of ${mark.of} is done right`, () => {
      const frame = bytesOf(mark.of);
      const hex = (byte: number) => byte.toString(16).padStart(2, '0');
      const expected = [...frame.subarray(6)].map((byte, at) => {
        const key = frame[2 + (at % 4)]!;
        return [hex(byte), hex(key), hex(byte ^ key), String.fromCharCode(byte ^ key)];
      });
      assert.deepEqual(rowsOf(lines), expected);
    });
  }

  for (const { lines } of marked('utf8 errors')) {
    test('what is said not to be UTF-8 is a vector, and is wrong from the byte that is said', () => {
      const wrongFrom = new Map([...vectors('utf8').values()].map(({ hex, badAt }) => [hex, badAt]));
      for (const [hex, position] of rowsOf(lines))
        assert.equal(wrongFrom.get(hex!), Number(position) - 1, hex);
    });
  }
});
