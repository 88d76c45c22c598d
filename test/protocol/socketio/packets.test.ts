// The Socket.IO protocol: packets both ways, what is refused, and what a decoder keeps of it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  type Chunk,
  Decoder,
  Encoder,
  isReservedEvent,
  PacketError,
  type SocketPacket,
} from '../../../src/protocol/socketio/index.ts';
import { vectors } from '../../vectors/vectors.ts';
import { runs } from '../chunking.ts';
import { chunksOf, decode, known, packetOf } from './wire.ts';

describe('vectors', () => {
  for (const [name, vector] of vectors('socketio')) {
    const packet = packetOf(vector);
    const chunks = chunksOf(vector.messages);
    if (!vector.onlyRead) {
      test(`writes ${name}: ${vector.meaning}`, () => {
        assert.deepEqual(new Encoder().encode(packet), chunks);
      });
    }
    test(`reads ${name}: ${vector.meaning}`, () => {
      assert.deepEqual(decode(chunks), [known(packet)]);
    });
  }
});

describe('invalid input', () => {
  const nested = [`2["a",${'['.repeat(300)}${']'.repeat(300)}]`, `2["a",${'{"a":'.repeat(100_000)}`];
  for (const text of nested) {
    test(`${text.slice(0, 20)}… is too deep`, () => {
      assert.throws(() => decode([text]), /^Error: payload nested deeper than 256 levels/);
    });
  }

  for (const [name, { meaning, messages, error }] of vectors('broken-socketio')) {
    test(`${name}: ${meaning}; ends in "${error}"`, () => {
      assert.throws(
        () => decode(chunksOf(messages)),
        (thrown) => thrown instanceof PacketError && thrown.message.startsWith(error),
      );
    });
  }

  test('neither text nor bytes', () => {
    assert.throws(() => decode([5 as unknown as Chunk]), PacketError);
  });

  test('limits are options', () => {
    assert.equal(decode(['511-["a"]'], { maxAttachments: 11 }).length, 0);
    assert.throws(() => decode(['52-["a"]'], { maxAttachments: 1 }), /too many attachments/);
    assert.throws(() => decode(['2["a",[[1]]]'], { maxNesting: 2 }), /nested deeper than 2/);
    assert.equal(decode(['2["a",[1]]'], { maxNesting: 2 }).length, 1);
  });

  test('brackets in strings are no nesting', () => {
    const text = `["\\"${'['.repeat(500)}"]`;
    assert(Array.isArray(decode([`2${text}`])[0]?.data));
  });

  test('destroy drops a packet that has only begun', () => {
    const decoder = new Decoder();
    decoder.add('51-["a",{"_placeholder":true,"num":0}]');
    decoder.destroy();
    decoder.add('2["b"]');
  });

  test('replacer and reviver', () => {
    const encoder = new Encoder((_key, value) => (typeof value === 'bigint' ? `${value}n` : value));
    const [text] = encoder.encode({ type: 2, nsp: '/', data: ['a', 5n] });
    assert.equal(text, '2["a","5n"]');
    const found = decode([text!], { reviver: (_key, value) => (value === '5n' ? 5n : value) });
    assert.deepEqual(found[0]?.data, ['a', 5n]);
  });

  test('any text ends in packets or in one error', () => {
    const pieces = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '0',
        '2',
        '5',
        '51-',
        '/a,',
        '12',
        '["a"]',
        '{"_placeholder":true,"num":0}',
        '[',
        '__proto__',
      ),
    );
    fc.assert(
      fc.property(fc.array(fc.array(pieces, { maxLength: 6 }), { maxLength: 4 }), (texts) => {
        try {
          decode(texts.map((parts) => parts.join('')));
        } catch (error) {
          assert(error instanceof PacketError);
        }
      }),
      runs(5000),
    );
  });
});

describe('binary', () => {
  const binaries: fc.Arbitrary<unknown> = fc.uint8Array({ maxLength: 8 });
  const values = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.jsonValue({ maxDepth: 1 }),
      binaries,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(
        fc.oneof(fc.string(), fc.constantFrom('__proto__', 'toString', 'constructor')),
        tie('value'),
        {
          maxKeys: 4,
          noNullPrototype: true,
        },
      ),
    ),
  })).value;
  const names = fc.string().filter((name) => !isReservedEvent(name));
  const namespaces = fc.constantFrom('/', '/admin', '/__proto__', '/a/b?c=d');
  const ids = fc.oneof(
    fc.nat(),
    fc.maxSafeNat(),
    fc.nat(200).map((n) => Number.MAX_SAFE_INTEGER - n),
  );
  const packets: fc.Arbitrary<SocketPacket> = fc.oneof(
    fc
      .tuple(namespaces, fc.option(ids, { nil: undefined }), names, fc.array(values, { maxLength: 4 }))
      .map(([nsp, id, name, args]) => ({ type: 2 as const, nsp, id, data: [name, ...args] })),
    fc
      .tuple(namespaces, ids, fc.array(values, { maxLength: 4 }))
      .map(([nsp, id, data]) => ({ type: 3 as const, nsp, id, data })),
  );

  test('what was written is what is read, binaries anywhere, and the sender keeps its objects', () => {
    fc.assert(
      fc.property(packets, (packet) => {
        const before = structuredClone(packet.data);
        const chunks = new Encoder().encode(packet);
        assert.deepEqual(packet.data, before);
        const [found] = decode(chunks, { maxAttachments: 1000 });
        // JSON has no negative zero.
        const expected = known({ ...packet, data: positiveZeros(packet.data) });
        assert.deepEqual(found, expected);
      }),
      runs(2000),
    );
  });

  for (const [kind, value] of [
    ['Buffer', Buffer.from('abc')],
    ['ArrayBuffer', new ArrayBuffer(3)],
    ['typed array', Float64Array.of(1)],
    ['DataView', new DataView(new ArrayBuffer(2))],
    ['Blob', new Blob(['a'])],
  ] as const) {
    test(`a ${kind} is binary`, () => {
      assert.deepEqual(new Encoder().encode({ type: 2, nsp: '/', data: ['a', { value }] }), [
        '51-["a",{"value":{"_placeholder":true,"num":0}}]',
        value,
      ]);
    });
  }

  test('toJSON is asked for what it stands for, also with binaries in it', () => {
    const bytes = Buffer.from('a');
    const data = [
      'a',
      { toJSON: () => ({ bytes, toJSON: () => 'not asked again' }) },
      { toJSON: () => 5 },
      new Date(0),
    ];
    assert.deepEqual(new Encoder().encode({ type: 2, nsp: '/', data }), [
      '51-["a",{"bytes":{"_placeholder":true,"num":0}},5,"1970-01-01T00:00:00.000Z"]',
      bytes,
    ]);
  });

  test('JSON facts: undefined, functions, Map and Set; BigInt throws', () => {
    const data = ['a', undefined, () => {}, new Map([[1, 2]]), new Set([1])];
    assert.deepEqual(new Encoder().encode({ type: 2, nsp: '/', data }), ['2["a",null,null,{},{}]']);
    assert.throws(() => new Encoder().encode({ type: 2, nsp: '/', data: ['a', 1n] }), TypeError);
  });

  test('circular data, and data too deep to be searched, is an error', () => {
    const circular: unknown[] = ['a'];
    circular.push(circular);
    assert.throws(() => new Encoder().encode({ type: 2, nsp: '/', data: circular }), RangeError);
  });
});

function positiveZeros(value: unknown): unknown {
  if (Object.is(value, -0)) return 0;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(positiveZeros);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, positiveZeros(one)]));
}
