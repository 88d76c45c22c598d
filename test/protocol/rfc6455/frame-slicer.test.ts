// RFC 6455 §5.2: every vector, legal or not, is cut into the frames it was made of, however its bytes come.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type FrameSlice, FrameSlicer } from '../../../src/protocol/rfc6455/frame-slicer.ts';
import { bytes, vectors } from '../../vectors/vectors.ts';
import { byteByByte, cutAt, cuts, runs } from '../chunking.ts';
import { anything, conversations } from './streams.ts';
import { hexOf } from './transcript.ts';

function slices(chunks: readonly Uint8Array[], keep?: number): FrameSlice[] {
  const slicer = new FrameSlicer(keep);
  const frames = chunks.flatMap((chunk) => {
    const own = Uint8Array.from(chunk);
    const found = slicer.push(own);
    // The parser of the connection unmasks a chunk in place, behind the slicer's back.
    own.fill(0xff);
    return found;
  });
  const cut = slicer.finish();
  return cut === undefined ? frames : [...frames, cut];
}

const joined = (frames: readonly FrameSlice[]) => hexOf(Buffer.concat(frames.map((frame) => frame.bytes)));

describe('the bytes of a stream, cut into frames', () => {
  test('are those of the vectors: nothing is lost, added or judged', () => {
    for (const file of ['frames', 'broken-frames'] as const) {
      for (const [name, { hex }] of vectors(file)) {
        const stream = bytes(hex);
        assert.equal(joined(slices([stream])), hexOf(stream), name);
        if (stream.length < 1000) assert.deepEqual(slices(byteByByte(stream)), slices([stream]), name);
      }
    }
  });

  test('§5.7 each example of several frames is cut where its frames meet', () => {
    const { hex } = vectors('frames').get('rfc-5.7-fragmented-hello')!;
    assert.deepEqual(
      slices([bytes(hex)]).map(({ offset, length, complete }) => [offset, length, complete]),
      [
        [0, 5, true],
        [5, 4, true],
      ],
    );
  });

  test('are the same however they are cut', () => {
    fc.assert(
      fc.property(conversations, fc.infiniteStream(fc.nat(1000)), ({ frames }, positions) => {
        const stream = Buffer.concat(frames);
        const cut = cutAt(
          stream,
          [...positions.take(8)].map((at) => at % (stream.length + 1)),
        );
        assert.deepEqual(
          slices(cut).map((frame) => hexOf(frame.bytes)),
          frames.map(hexOf),
        );
      }),
      runs(100),
    );
  });

  test('are all there, whatever they are', () => {
    fc.assert(
      fc.property(anything, cuts(200), (stream, positions) => {
        const whole = slices([stream]);
        assert.equal(joined(whole), hexOf(stream));
        const cut = cutAt(
          stream,
          positions.map((at) => Math.min(at, stream.length)),
        );
        assert.deepEqual(slices(cut), whole);
      }),
      runs(200),
    );
  });
});

describe('what is kept of a frame', () => {
  test('is bounded, while its length and the place of the next one stay right', () => {
    const stream = bytes(['82', '7e', '01 00', 'a5*256', '81', '02', '48 69']);
    const [long, short] = slices(byteByByte(stream), 20);
    assert.equal(hexOf(long!.bytes), hexOf(bytes('82 7e 01 00 a5*16')));
    assert.deepEqual([long!.offset, long!.length, long!.complete], [0, 260, true]);
    assert.deepEqual([short!.offset, hexOf(short!.bytes)], [260, '81024869']);
  });

  test('takes no memory for a length that is only announced', () => {
    const [frame] = slices([bytes('82 ff 7f ff ff ff ff ff ff ff 37 fa 21 3d 00')]);
    assert.deepEqual([frame!.length, frame!.complete], [15, false]);
    assert.ok(frame!.bytes.buffer.byteLength < 100);
  });
});
