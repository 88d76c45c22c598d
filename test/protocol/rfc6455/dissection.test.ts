// RFC 6455 §5.2: the fields of a frame, to the bit, and the payload without its mask; held against the examples of §5.7.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { dissect } from '../../../src/protocol/rfc6455/dissection.ts';
import { encodeFrame } from '../../../src/protocol/rfc6455/frame-encoder.ts';
import { FrameSlicer } from '../../../src/protocol/rfc6455/frame-slicer.ts';
import { bytes, vectors } from '../../vectors/vectors.ts';
import { runs } from '../chunking.ts';
import { anything } from './streams.ts';

const places = (frame: Uint8Array) =>
  dissect(frame).fields.map(({ name, start, bits }) => `${name} ${start}+${bits}`);

const first = ['FIN 0+1', 'RSV1 1+1', 'RSV2 2+1', 'RSV3 3+1', 'opcode 4+4', 'MASK 8+1', 'payload length 9+7'];

describe('the examples of §5.7', () => {
  const example = (name: string) => bytes(vectors('frames').get(`rfc-5.7-${name}`)!.hex);
  const text = (payload: Uint8Array) => Buffer.from(payload).toString();

  test('a single-frame unmasked text message', () => {
    const frame = example('unmasked-hello');
    assert.deepEqual(places(frame), [...first, 'payload 16+40']);
    const { fin, rsv1, opcode, masked, payloadLength, payload } = dissect(frame);
    assert.deepEqual(
      [fin, rsv1, opcode, masked, payloadLength, text(payload)],
      [true, false, 1, false, 5, 'Hello'],
    );
  });

  test('a single-frame masked text message', () => {
    const frame = example('masked-hello');
    assert.deepEqual(places(frame), [...first, 'masking key 16+32', 'payload 48+40']);
    assert.equal(text(dissect(frame).payload), 'Hello');
    assert.deepEqual(frame, example('masked-hello'), 'the frame itself stays masked');
  });

  test('a fragmented unmasked text message', () => {
    const parts = new FrameSlicer().push(example('fragmented-hello')).map((slice) => dissect(slice.bytes));
    assert.deepEqual(
      parts.map(({ fin, opcode, payload }) => [fin, opcode, text(payload)]),
      [
        [false, 1, 'Hel'],
        [true, 0, 'lo'],
      ],
    );
  });

  test('a ping and the masked pong that answers it', () => {
    for (const [name, opcode, masked] of [
      ['ping', 9, false],
      ['pong', 10, true],
    ] as const) {
      const found = dissect(example(name));
      assert.deepEqual([found.opcode, found.masked, text(found.payload)], [opcode, masked, 'Hello']);
    }
  });

  test('256 bytes and 64 KiB of binary data: the length in its longer forms', () => {
    assert.deepEqual(places(example('binary-256')), [
      ...first,
      'extended payload length 16+16',
      'payload 32+2048',
    ]);
    assert.equal(dissect(example('binary-256')).payloadLength, 256);
    const long = example('binary-64k');
    assert.deepEqual(places(long), [...first, 'extended payload length 16+64', 'payload 80+524288']);
    assert.equal(dissect(long).payloadLength, 65536);
  });
});

test('RFC 7692 §7.2.3.1: a compressed message shows RSV1 and its payload as it is compressed', () => {
  const { rsv1, payload } = dissect(bytes(vectors('frames').get('compressed-hello')!.hex));
  assert.deepEqual([rsv1, Buffer.from(payload).toString('hex')], [true, 'f248cdc9c90700']);
});

test('a frame that is cut short shows what is there', () => {
  const frame = bytes('82 fe 01 00 37 fa 21 3d 00 00');
  assert.deepEqual(places(frame.subarray(0, 0)), []);
  assert.deepEqual(places(frame.subarray(0, 1)), first.slice(0, 5));
  assert.deepEqual(places(frame.subarray(0, 3)), [...first, 'extended payload length 16+8']);
  assert.deepEqual(places(frame.subarray(0, 6)), [
    ...first,
    'extended payload length 16+16',
    'masking key 32+16',
  ]);
  assert.equal(dissect(frame.subarray(0, 6)).payload.length, 0);
  assert.deepEqual(Buffer.from(dissect(frame).payload), bytes('37 fa'));
});

test('the fields follow each other without a gap and cover every bit, whatever the bytes are', () => {
  fc.assert(
    fc.property(anything, (stream) => {
      const slicer = new FrameSlicer();
      const cut = () => slicer.finish();
      for (const slice of [...slicer.push(stream), ...[cut()].filter((one) => one !== undefined)]) {
        let end = 0;
        for (const { start, bits } of dissect(slice.bytes).fields) {
          assert.equal(start, end);
          end = start + bits;
        }
        assert.equal(end, 8 * slice.bytes.length);
      }
    }),
    runs(200),
  );
});

test('is the inverse of the encoder', () => {
  const payloads = fc.uint8Array({ maxLength: 300 });
  const keys = fc.option(fc.nat(2 ** 32 - 1), { nil: undefined });
  fc.assert(
    fc.property(payloads, keys, fc.boolean(), fc.nat(15), (payload, maskingKey, fin, opcode) => {
      const found = dissect(encodeFrame(payload, { opcode, fin, maskingKey }));
      assert.deepEqual([found.fin, found.opcode, found.masked], [fin, opcode, maskingKey !== undefined]);
      assert.deepEqual([...found.payload], [...payload]);
    }),
    runs(200),
  );
});
