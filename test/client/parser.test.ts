// The client's parser against the server's: they read and write the same, and refuse the same.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parser } from '../../src/client/parser.ts';
import { Decoder } from '../../src/protocol/socketio/decoder.ts';
import { Encoder } from '../../src/protocol/socketio/encoder.ts';
import type { Chunk, SocketPacket } from '../../src/protocol/socketio/packet.ts';

interface AnyDecoder {
  on(event: 'decoded', listener: (packet: SocketPacket) => void): unknown;
  add(chunk: Chunk): void;
}

function decode(decoder: AnyDecoder, chunks: readonly Chunk[]): SocketPacket[] {
  const packets: SocketPacket[] = [];
  decoder.on('decoded', ({ type, nsp, id, data }) => packets.push({ type, nsp, id, data }));
  for (const chunk of chunks) decoder.add(chunk);
  return packets;
}

const bytes = fc.uint8Array({ maxLength: 4 }).map((array) => Buffer.from(array));
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.constant(undefined),
    fc.date({ noInvalidDate: true }),
    bytes,
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), tie('any'), { maxKeys: 3 }),
  ),
})).any;
const packet = fc.record({
  type: fc.constantFrom(2 as const, 3 as const),
  nsp: fc.constantFrom('/', '/admin', '/ä b'),
  id: fc.option(fc.nat(), { nil: undefined }),
  data: fc.array(value, { maxLength: 4 }).map((args) => ['event', ...args]),
});
const seed = 4;

describe("the client's parser", () => {
  test('writes the same messages as the server', () => {
    fc.assert(
      fc.property(packet, (one) => {
        assert.deepEqual(new parser.Encoder().encode(one), new Encoder().encode(one));
      }),
      { seed },
    );
  });

  test('reads the same packets as the server', () => {
    fc.assert(
      fc.property(packet, (one) => {
        const chunks = new Encoder().encode(one);
        // More than ten are refused by both.
        if (chunks.length > 11) return;
        assert.deepEqual(decode(new parser.Decoder(), chunks), decode(new Decoder(), chunks));
      }),
      { seed },
    );
  });

  test('asks toJSON once, and finds the binaries in what it returns', () => {
    const data = [
      'event',
      { toJSON: () => ({ inside: Buffer.from([1]) }) },
      { toJSON: () => Buffer.from([2]) },
    ];
    const one: SocketPacket = { type: 2, nsp: '/', data };
    assert.deepEqual(new parser.Encoder().encode(one), new Encoder().encode(one));
  });

  for (const text of [
    '',
    '7',
    'abc',
    '2',
    '2{}',
    '2null',
    '2["connect"]',
    '2"a"',
    '212',
    '21-["a"]',
    '0[]',
    '0null',
    '3{}',
    '5["a"]',
  ].concat(['50-["a"]', '5x-["a"]', '511-["a"]', '5-["a"]', '2[', '61-'])) {
    test(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => decode(new Decoder(), [text, Buffer.of(1)]));
      assert.throws(() => decode(new parser.Decoder(), [text, Buffer.of(1)]));
    });
  }

  for (const [name, chunks] of Object.entries({
    'text while binaries are due': ['51-["a",{"_placeholder":true,"num":0}]', '2["b"]'],
    'a binary when none is due': [Buffer.of(1)],
    'a placeholder out of range': ['51-["a",{"_placeholder":true,"num":1}]', Buffer.of(1)],
    'a placeholder without a number': ['51-["a",{"_placeholder":true,"num":"length"}]', Buffer.of(1)],
  })) {
    test(`refuses ${name}`, () => {
      assert.throws(() => decode(new Decoder(), chunks));
      assert.throws(() => decode(new parser.Decoder(), chunks));
    });
  }
});
