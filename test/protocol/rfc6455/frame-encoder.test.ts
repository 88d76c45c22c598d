// RFC 6455 §5.2: frames as bytes, against the vectors; and what was encoded is what is parsed, however it travels.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { encodeFrame, frameLength } from '../../../src/protocol/rfc6455/frame-encoder.ts';
import { Opcode } from '../../../src/protocol/rfc6455/opcode.ts';
import { bytes, vectors } from '../../vectors/vectors.ts';
import { byteByByte, cutAt, cuts, runs } from '../chunking.ts';
import { anything, conversations } from './streams.ts';
import { read, serverRules } from './transcript.ts';

const hello = Buffer.from('Hello');
const key = 0x37fa213d;
const a5 = (size: number) => Buffer.alloc(size, 0xa5);

const written: [string, Buffer][] = [
  ['rfc-5.7-unmasked-hello', encodeFrame(hello, { opcode: Opcode.Text })],
  ['rfc-5.7-masked-hello', encodeFrame(hello, { opcode: Opcode.Text, maskingKey: key })],
  [
    'rfc-5.7-fragmented-hello',
    Buffer.concat([
      encodeFrame(hello.subarray(0, 3), { opcode: Opcode.Text, fin: false }),
      encodeFrame(hello.subarray(3), { opcode: Opcode.Continuation }),
    ]),
  ],
  ['rfc-5.7-ping', encodeFrame(hello, { opcode: Opcode.Ping })],
  ['rfc-5.7-pong', encodeFrame(hello, { opcode: Opcode.Pong, maskingKey: key })],
  ['rfc-5.7-binary-256', encodeFrame(a5(256), { opcode: Opcode.Binary })],
  ['rfc-5.7-binary-64k', encodeFrame(a5(65536), { opcode: Opcode.Binary })],
  ['length-65535', encodeFrame(Buffer.alloc(65535, 'a'), { opcode: Opcode.Binary, maskingKey: 0 })],
  [
    'compressed-hello',
    encodeFrame(bytes('f2 48 cd c9 c9 07 00'), { opcode: Opcode.Text, rsv1: true, maskingKey: key }),
  ],
];

describe('encodeFrame', () => {
  for (const [name, frame] of written) {
    const vector = vectors('frames').get(name)!;
    test(`${vector.meaning} (${name})`, () => {
      assert.ok(frame.equals(bytes(vector.hex)));
    });
  }

  test('§5.3 leaves the payload as it is when it masks', () => {
    const payload = Buffer.from('Hello');
    encodeFrame(payload, { opcode: Opcode.Text, maskingKey: key });
    assert.equal(payload.toString(), 'Hello');
  });

  test('§5.2 a frame is as long as frameLength says', () => {
    for (const size of [0, 1, 125, 126, 65535, 65536]) {
      for (const maskingKey of [undefined, key]) {
        const frame = encodeFrame(a5(size), { opcode: Opcode.Binary, maskingKey });
        assert.equal(frame.length, frameLength(size, maskingKey !== undefined));
      }
    }
  });
});

describe('encoding and parsing', () => {
  test('§5.4 messages in any fragments, with control frames between, cut anywhere, are what was sent', () => {
    const travelling = conversations.chain((sent) => {
      const stream = Buffer.concat(sent.frames);
      return fc.tuple(fc.constant(sent), fc.constant(stream), cuts(stream.length));
    });
    fc.assert(
      fc.property(travelling, ([sent, stream, positions]) => {
        const { outcomes, idle } = read(serverRules(), cutAt(stream, positions));
        assert.deepEqual(outcomes, sent.outcomes);
        assert.notEqual(idle, false);
      }),
      runs(400),
    );
  });

  test('§5.1 the same without masks, as a client reads it', () => {
    const unmasked = fc.array(fc.tuple(fc.uint8Array({ maxLength: 400 }), cuts(400)), { maxLength: 5 });
    fc.assert(
      fc.property(unmasked, (all) => {
        const stream = Buffer.concat(all.map(([payload]) => encodeFrame(payload, { opcode: Opcode.Binary })));
        const positions = all.flatMap(([, cut]) => cut).map((at) => at % (stream.length + 1));
        const { outcomes } = read(serverRules({ expectMask: false }), cutAt(stream, positions));
        assert.deepEqual(
          outcomes,
          all.map(([payload]) => ({ binary: Buffer.from(payload).toString('hex') })),
        );
      }),
      runs(200),
    );
  });

  test('any bytes whatever end in messages or one protocol error, the same however they are cut', () => {
    const hostile = anything.chain((stream) => fc.tuple(fc.constant(stream), cuts(stream.length)));
    const rules = serverRules({ maxPayload: 100, allowCompressed: true });
    let failures = 0;
    fc.assert(
      fc.property(hostile, ([stream, positions]) => {
        const whole = read(rules, [stream]);
        const errors = whole.outcomes.filter((outcome) => 'error' in outcome).length;
        assert.ok(errors <= 1);
        failures += errors;
        assert.deepEqual(read(rules, cutAt(stream, positions)), whole);
        assert.deepEqual(read(rules, byteByByte(stream)), whole);
      }),
      runs(3000),
    );
    assert.ok(failures > 300 && failures < 2700, `${failures} of 3000 were refused: streams should vary`);
  });
});
