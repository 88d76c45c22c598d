// Each hex dump and table in the chapters against the vectors, and against what the code does.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { handshakeGuid } from '../../src/protocol/rfc6455/handshake.ts';
import { Opcode } from '../../src/protocol/rfc6455/opcode.ts';
import { connectionDefaults } from '../../src/websocket/settings.ts';
import { refusalOf, refusedRequest } from '../protocol/rfc6455/refused-request.ts';
import { bytes, type FrameVector, vectors } from '../vectors/vectors.ts';
import { chapters, type Marked, marked, rowsOf } from './chapter.ts';

/** Bytes at the beginning of a line, and two spaces before what is said of them. */
const dumpLine = /^((?:[0-9a-f]{2}(?:\*\d+)?(?: |$))+)(?: .*)?$/;

const kinds = ['vector', 'request', 'response', 'accept', 'bits', 'unmask', 'refusals', 'opcodes', 'errors'];
kinds.push('limits');

function frameVector(name: string): FrameVector {
  const [file, key] = name.split('/') as ['frames' | 'broken-frames', string];
  const vector = vectors(file).get(key);
  assert.ok(vector, `there is no vector ${name}`);
  return vector;
}

function handshake(name: string) {
  const vector = vectors('handshakes').get(name.replace('handshakes/', ''));
  assert.ok(vector, `there is no vector ${name}`);
  return vector;
}

/** The only table or block of its kind. */
function theOne(kind: string): Marked {
  const all = marked(kind);
  assert.equal(all.length, 1, `tables marked ${kind}`);
  return all[0]!;
}

describe('chapters', () => {
  test('every mark has a block or table below it, of a kind that is checked here', () => {
    for (const chapter of chapters) {
      assert.equal(chapter.marked.length, chapter.markers, chapter.name);
      for (const { kind } of chapter.marked) assert.ok(kinds.includes(kind), kind);
    }
  });

  test('every hex dump is marked', () => {
    for (const { name, unmarkedBlocks } of chapters) {
      const dumps = unmarkedBlocks.filter((block) => /^[0-9a-f]{2}( [0-9a-f]{2}|\*\d+| {2}|$)/m.test(block));
      assert.deepEqual(dumps, [], name);
    }
  });

  for (const { of, lines } of marked('vector')) {
    test(`the dump of ${of} is the vector`, () => {
      const dumped = lines.map((line) => {
        const match = dumpLine.exec(line);
        assert.ok(match, `not bytes, two spaces and words: ${line}`);
        return match[1]!.trim();
      });
      assert.ok(bytes(dumped).equals(bytes(frameVector(of).hex)));
    });
  }

  for (const kind of ['request', 'response'] as const) {
    for (const { of, lines } of marked(kind)) {
      test(`the ${kind} of ${of} is the vector`, () => assert.deepEqual(lines, handshake(of)[kind]));
    }
  }

  for (const { of, lines } of marked('accept')) {
    test(`the answer to the key of ${of} is worked out right`, () => {
      const line = handshake(of).request.find((one) => one.startsWith('Sec-WebSocket-Key: '))!;
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

  for (const { of, lines } of marked('bits')) {
    test(`the bits of ${of} are those of its first two bytes`, () => {
      const [hex, bits] = lines.map((line) => line.replace(/^\w+/, '').trim());
      const first = bytes(frameVector(of).hex).subarray(0, 2);
      assert.ok(bytes(hex!).equals(first));
      const expected = [...first].map((byte) => byte.toString(2).padStart(8, '0')).join('');
      assert.equal(bits!.replaceAll(' ', ''), expected);
    });
  }

  for (const { of, lines } of marked('unmask')) {
    test(`the unmasking of ${of} is done right`, () => {
      const frame = bytes(frameVector(of).hex);
      const hex = (byte: number) => byte.toString(16).padStart(2, '0');
      const expected = [...frame.subarray(6)].map((byte, at) => {
        const key = frame[2 + (at % 4)]!;
        return [hex(byte), hex(key), hex(byte ^ key), String.fromCharCode(byte ^ key)];
      });
      assert.deepEqual(rowsOf(lines), expected);
    });
  }
});

describe('the table of refusals', () => {
  const rows = rowsOf(theOne('refusals').lines).map(([, status, reason]) => `${status} ${reason}`);
  const refused = [...vectors('refused-handshakes').values()];
  const given = (lines: readonly string[]) => {
    const refusal = refusalOf(lines);
    return refusal && `${refusal.status} ${refusal.message}`;
  };

  test('has each refusal that there is, and none besides', () => {
    const answers = refused.map((vector) => given(refusedRequest(vector)));
    assert.deepEqual(new Set(rows), new Set(answers));
    assert.equal(new Set(rows).size, rows.length);
  });

  test('is in the order of the checks', () => {
    for (const one of refused) {
      for (const other of refused) {
        const headers = { ...one.headers, ...other.headers };
        const changed = Object.keys(one.headers ?? {}).length + Object.keys(other.headers ?? {}).length;
        const requestLine = one.requestLine ?? other.requestLine;
        // Two changes of the same line can't both be made.
        if (Object.keys(headers).length !== changed || (one.requestLine && other.requestLine)) continue;
        const both = { ...one, headers, ...(requestLine !== undefined && { requestLine }) };
        const [first] = [one, other]
          .map(({ status, reason }) => rows.indexOf(`${status} ${reason}`))
          .sort((a, b) => a - b);
        assert.equal(given(refusedRequest(both)), rows[first!], `${one.meaning}; ${other.meaning}`);
      }
    }
  });
});

describe('tables of frames', () => {
  test('the opcodes are those of the code', () => {
    const rows = rowsOf(theOne('opcodes').lines).map(([opcode, name]) => [name, Number(opcode)]);
    assert.deepEqual(Object.fromEntries(rows), { ...Opcode });
  });

  test('the errors are those that the vectors end in, with their close codes', () => {
    const rows = rowsOf(theOne('errors').lines).map(([, closeCode, name]) => `${closeCode} ${name}`);
    const outcomes = [...vectors('broken-frames').values()].flatMap(({ yields }) => yields);
    const errors = outcomes.flatMap((one) => ('error' in one ? [`${one.closeCode} ${one.error}`] : []));
    assert.deepEqual([...rows].sort(), [...new Set(errors)].sort());
  });

  test('the limits are the defaults of the server', () => {
    const defaults: Record<string, unknown> = connectionDefaults;
    for (const [option, value] of rowsOf(theOne('limits').lines)) {
      assert.equal(Number(value!.replaceAll(',', '')), defaults[option!], option);
    }
  });
});
