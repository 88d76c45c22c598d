// RFC 6455 §5.4, §8.1: pieces joined into messages; memory in proportion to what has arrived; text refused at once.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encodeFrame } from '../../../src/protocol/rfc6455/frame-encoder.ts';
import { Found, FrameParser } from '../../../src/protocol/rfc6455/frame-parser.ts';
import { MessageAssembler } from '../../../src/protocol/rfc6455/message-assembler.ts';
import { Opcode } from '../../../src/protocol/rfc6455/opcode.ts';
import { bytes, vectors } from '../../vectors/vectors.ts';
import { byteByByte, cutAt } from '../chunking.ts';
import { serverRules } from './transcript.ts';

const assembler = () => new MessageAssembler(new FrameParser(serverRules()));

function fragments(count: number, size: number): Buffer[] {
  const payload = Buffer.alloc(size, 'a');
  return Array.from({ length: count }, (_, index) =>
    encodeFrame(payload, {
      opcode: index === 0 ? Opcode.Binary : Opcode.Continuation,
      fin: index === count - 1,
      maskingKey: 0,
    }),
  );
}

describe('text', () => {
  test('§8.1 is refused at the very byte that is wrong, though frame and message be unfinished', () => {
    for (const [name, { hex, badAt }] of vectors('utf8')) {
      if (badAt === undefined) continue;
      const header = bytes('01 fe 0f ff 00 00 00 00');
      const text = bytes(hex);
      const messages = assembler();
      messages.frames.push(header);
      messages.next();
      text.forEach((byte, at) => {
        if (at > badAt) return;
        messages.frames.push(Buffer.from([byte]));
        const next = () => messages.next();
        if (at < badAt) assert.equal(next(), Found.Nothing, name);
        else assert.throws(next, { code: 'WS_ERR_INVALID_UTF8', closeCode: 1007 }, name);
      });
    }
  });

  test('§8.1 is not looked at with skipUTF8Validation', () => {
    for (const name of ['text-not-utf8', 'text-cut-short', 'text-cut-short-in-fragments']) {
      const stream = bytes(vectors('broken-frames').get(name)!.hex);
      for (const chunks of [[stream], byteByByte(stream)]) {
        const messages = assembler();
        messages.skipUTF8Validation = true;
        let found: Found = Found.Nothing;
        for (const chunk of chunks) {
          messages.frames.push(Buffer.from(chunk));
          found = messages.next();
        }
        assert.equal(found, Found.Message, name);
      }
    }
  });

  test('RFC 7692 §6 is not looked at while it is compressed', () => {
    const messages = new MessageAssembler(new FrameParser(serverRules({ allowCompressed: true })));
    messages.frames.push(encodeFrame(bytes('ff fe'), { opcode: Opcode.Text, rsv1: true, maskingKey: 0 }));
    assert.equal(messages.next(), Found.Message);
    assert.deepEqual([messages.compressed, messages.opcode], [true, Opcode.Text]);
    messages.frames.push(encodeFrame(bytes('61'), { opcode: Opcode.Text, maskingKey: 0 }));
    messages.next();
    assert.equal(messages.compressed, false, 'the next message is judged for itself');
  });
});

describe('memory', () => {
  test('an announced length takes memory only as it arrives', () => {
    const before = process.memoryUsage().arrayBuffers;
    const held = Array.from({ length: 50 }, () => {
      const messages = assembler();
      messages.frames.push(
        Buffer.concat([bytes('82 ff 00 00 01 00 00 00 00 00 00 00 00 00'), Buffer.alloc(10)]),
      );
      assert.equal(messages.next(), Found.Nothing);
      return messages;
    });
    const taken = process.memoryUsage().arrayBuffers - before;
    assert.ok(taken < 8 * 1024 * 1024, `${held.length} announcements of 1 TiB took ${taken} bytes`);
  });

  test('the number of fragments takes none', () => {
    const messages = assembler();
    for (const frame of fragments(100_000, 1)) {
      messages.frames.push(frame);
      messages.next();
    }
    assert.equal(messages.payload.length, 100_000);
    assert.ok(messages.payload.buffer.byteLength <= 400_000, `${messages.payload.buffer.byteLength} bytes`);
  });

  test('joining many fragments takes time in proportion to the message', () => {
    const milliseconds = (count: number) => {
      const stream = Buffer.concat(fragments(count, 16));
      const messages = assembler();
      messages.frames.push(stream);
      const start = performance.now();
      assert.equal(messages.next(), Found.Message);
      return performance.now() - start;
    };
    milliseconds(50_000);
    const [small, large] = [milliseconds(25_000), milliseconds(200_000)];
    assert.ok(large < 30 * small + 100, `eight times the fragments took ${small} and ${large} ms`);
  });
});

describe('a message', () => {
  test('in one piece is handed on without a copy', () => {
    const messages = assembler();
    const frame = bytes(vectors('frames').get('rfc-5.7-masked-hello')!.hex);
    messages.frames.push(frame);
    assert.equal(messages.next(), Found.Message);
    assert.equal(messages.payload.buffer, frame.buffer);
    assert.equal(messages.payload.toString(), 'Hello');
  });

  test('keeps where its frames end if asked to', () => {
    const [first, second, third] = ['Hel', '', 'lo'].map((text, index) =>
      encodeFrame(Buffer.from(text), {
        opcode: index === 0 ? Opcode.Text : Opcode.Continuation,
        fin: index === 2,
        maskingKey: 0x01020304,
      }),
    );
    const stream = Buffer.concat([first!, second!, third!]);
    for (const chunks of [[stream], byteByByte(stream), cutAt(stream, [8, 12])]) {
      const messages = assembler();
      messages.keepBoundaries = true;
      for (const chunk of chunks) {
        messages.frames.push(Buffer.from(chunk));
        messages.next();
      }
      assert.equal(messages.payload.toString(), 'Hello');
      assert.deepEqual(messages.boundaries, [3, 3, 5]);
    }
  });

  test('lets go of what it held when told to forget', () => {
    const messages = assembler();
    messages.frames.push(bytes(vectors('frames').get('masked-fragments')!.hex));
    assert.equal(messages.next(), Found.Message);
    assert.equal(messages.isIdle, true);
    messages.forget();
    assert.equal(messages.payload.length, 0);
    assert.equal(messages.frames.bytes.length, 0);
  });
});

describe('chunks that are used again', () => {
  test('no message changes after it was given out, however small and large ones share chunks', () => {
    const sizes = [5, 65_522, 40_000, 0, 64_000, 7, 65_536, 33_000, 200_000, 65_522, 125, 60_000];
    const stream: Buffer[] = [];
    const expected: Buffer[] = [];
    for (let i = 0; i < 60; i++) {
      const payload = Buffer.alloc(sizes[i % sizes.length]!, i);
      expected.push(payload);
      stream.push(encodeFrame(payload, { opcode: Opcode.Binary, maskingKey: 0x01020304 * (i + 1) }));
    }
    const bytes = Buffer.concat(stream);
    const messages = assembler();
    const received: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += 65_536) {
      // As the system does: each chunk in memory of its own.
      const chunk = Buffer.allocUnsafeSlow(Math.min(65_536, bytes.length - at));
      bytes.copy(chunk, 0, at);
      messages.frames.push(chunk);
      while (messages.next() === Found.Message) received.push(messages.payload);
    }
    assert.equal(received.length, expected.length);
    for (const [i, message] of received.entries()) assert.ok(message.equals(expected[i]!), `message ${i}`);
  });
});
