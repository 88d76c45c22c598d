// RFC 6455 §5: every frame vector, whole, byte by byte and cut at random; and any bytes whatever.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Found, FrameParser } from '../../../src/protocol/rfc6455/frame-parser.ts';
import { bytes, type FrameVector, type Outcome, vectors } from '../../vectors/vectors.ts';
import { byteByByte, cutAt, cuts, runs } from '../chunking.ts';
import { hexOf, read, rulesOf, serverRules } from './transcript.ts';

/** The outcome with its bytes in the form that `read` gives them. */
function expected(outcome: Outcome): Outcome {
  return Object.fromEntries(
    Object.entries(outcome).map(([name, value]) => [
      name,
      ['binary', 'ping', 'pong', 'compressedText'].includes(name) ? hexOf(bytes(value as string)) : value,
    ]),
  ) as unknown as Outcome;
}

function checkVector(name: string, vector: FrameVector): void {
  const { meaning, hex, yields } = vector;
  const stream = bytes(hex);
  const rules = rulesOf(vector);
  const outcomes = yields.map(expected);
  const rule = yields.flatMap((outcome) => ('rule' in outcome ? [outcome.rule] : []))[0];
  const heading = rule === undefined ? meaning : `${rule.replace('RFC 6455 ', '')} refuses: ${meaning}`;

  test(`${heading} (${name})`, () => {
    const whole = read(rules, [stream]);
    assert.deepEqual(whole.outcomes, outcomes, 'whole');
    assert.deepEqual(read(rules, byteByByte(stream)), whole, 'byte by byte');
    fc.assert(
      fc.property(cuts(stream.length), (positions) => {
        assert.deepEqual(read(rules, cutAt(stream, positions)), whole);
      }),
      runs(stream.length > 1000 ? 20 : 100),
    );
  });
}

describe('frames that keep the rules', () => {
  for (const [name, vector] of vectors('frames')) checkVector(name, vector);

  test('§5.4 nothing is under way behind a whole message', () => {
    for (const [name, vector] of vectors('frames')) {
      assert.notEqual(read(rulesOf(vector), [bytes(vector.hex)]).idle, false, name);
    }
  });
});

describe('frames that break a rule', () => {
  for (const [name, vector] of vectors('broken-frames')) checkVector(name, vector);

  test('§5.1 the first two bytes are enough to refuse a frame, before its length or payload comes', () => {
    const names = [
      'rsv1',
      'opcode-3',
      'unmasked-client',
      'fragmented-ping',
      'ping-126',
      'continuation-first',
    ];
    for (const name of names) {
      const vector = vectors('broken-frames').get(name)!;
      const { outcomes } = read(rulesOf(vector), [bytes(vector.hex).subarray(0, 2)]);
      assert.deepEqual(outcomes, vector.yields, name);
    }
  });
});

describe('limits', () => {
  const header = Buffer.from('8285000000000000000000'.slice(0, 12), 'hex');

  test('a frame may come in as many chunks as maxBufferedChunks says, and no more', () => {
    const rules = serverRules({ maxBufferedChunks: 3 });
    const frame = Buffer.concat([header, Buffer.from('Hello')]);
    const pieces = (...sizes: number[]) => cutAt(frame, sizes);
    assert.deepEqual(read(rules, pieces(7, 8, 9)).outcomes, [{ binary: '48656c6c6f' }]);
    assert.deepEqual(read(rules, pieces(7, 8, 9, 10)).outcomes, [
      { error: 'WS_ERR_TOO_MANY_BUFFERED_PARTS', closeCode: 1008, rule: 'RFC 6455 §7.4.1' },
    ]);
  });

  test('a message of exactly maxPayload bytes in exactly maxFragments frames passes', () => {
    const rules = serverRules({ maxPayload: 4, maxFragments: 2 });
    const frames = bytes('02 82 00 00 00 00 61 62 80 82 00 00 00 00 63 64');
    assert.deepEqual(read(rules, [frames, frames]).outcomes, [
      { binary: '61626364' },
      { binary: '61626364' },
    ]);
  });

  test('control frames do not count as fragments or bytes of the message they are in', () => {
    const rules = serverRules({ maxPayload: 2, maxFragments: 2 });
    const ping = '89 83 00 00 00 00 61 61 61';
    const { outcomes } = read(rules, [bytes(`02 81 00 00 00 00 61 ${ping} ${ping} 80 81 00 00 00 00 62`)]);
    assert.deepEqual(outcomes.at(-1), { binary: '6162' });
  });
});

describe('the parser by itself', () => {
  test('hands on a payload without a copy, unmasked in place', () => {
    const parser = new FrameParser(serverRules());
    const chunk = bytes(vectors('frames').get('rfc-5.7-masked-hello')!.hex);
    parser.push(chunk);
    assert.equal(parser.next(), Found.Piece);
    assert.equal(parser.bytes, chunk);
    assert.equal(chunk.toString('latin1', parser.start, parser.end), 'Hello');
    assert.deepEqual([parser.beginsFrame, parser.endsFrame, parser.fin], [true, true, true]);
  });

  test('keeps what was not read yet before what is pushed', () => {
    const parser = new FrameParser(serverRules());
    const ping = bytes('89 81 00 00 00 00 61');
    parser.push(Buffer.concat([ping, ping.subarray(0, 3)]));
    assert.equal(parser.next(), Found.Control);
    parser.push(ping.subarray(3));
    assert.equal(parser.next(), Found.Control);
    assert.equal(parser.payload.toString(), 'a');
    assert.equal(parser.next(), Found.Nothing);
    assert.equal(parser.isIdle, true);
  });

  test('is not idle inside of a header, a frame or a message', () => {
    for (const [hex, idle] of [
      ['89', false],
      ['89 81 00 00 00 00', false],
      ['01 80 00 00 00 00', false],
      ['89 81 00 00 00 00 61', true],
    ] as const) {
      const { idle: actual } = read(serverRules(), [bytes(hex)]);
      assert.equal(actual, idle, hex);
    }
  });

  test('says of a piece whether it is all ASCII', () => {
    for (const size of [1, 5, 191, 192, 300]) {
      for (const bad of [undefined, 0, size >> 1, size - 1]) {
        const payload = Buffer.alloc(size, 'a');
        if (bad !== undefined) payload[bad] = 0xe9;
        const parser = new FrameParser(serverRules());
        const short = size < 126 ? [0x80 | size] : [0xfe, size >> 8, size & 0xff];
        parser.push(Buffer.concat([Buffer.from([0x82, ...short, 0, 0, 0, 0]), payload]));
        parser.next();
        assert.equal((parser.highBits & 0x80808080) === 0, bad === undefined, `${size} bytes, ${bad}`);
      }
    }
  });
});
