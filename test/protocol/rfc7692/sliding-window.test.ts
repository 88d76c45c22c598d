// RFC 7692 §7.1.1: the window holds the last bytes of all that went through it, and no more memory than it needs.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { SlidingWindow } from '../../../src/protocol/rfc7692/sliding-window.ts';
import { runs } from '../chunking.ts';

describe('SlidingWindow', () => {
  test('§7.1.1 holds nothing at first', () => {
    assert.equal(new SlidingWindow(256).content, undefined);
  });

  test('§7.1.1 holds the last bytes, as many as it remembers, whatever their pieces', () => {
    const pieces = fc.array(fc.oneof(fc.nat(10), fc.nat(300), fc.nat(1200)), { maxLength: 40 });
    fc.assert(
      fc.property(fc.constantFrom(256, 512, 1024), pieces, (size, lengths) => {
        const window = new SlidingWindow(size);
        let all = Buffer.alloc(0);
        let next = 0;
        for (const length of lengths) {
          const piece = Buffer.from(Array.from({ length }, () => (next++ * 151) & 0xff));
          window.append(piece);
          all = Buffer.concat([all, piece]).subarray(-size);
          const { content } = window;
          if (all.length === 0) assert.ok(content === undefined || content.length === 0);
          else assert.ok(content?.equals(all), `after ${lengths.join(', ')}`);
        }
      }),
      runs(500),
    );
  });

  test('keeps a copy, not the message', () => {
    const window = new SlidingWindow(256);
    const message = Buffer.from('Hello');
    window.append(message);
    message.fill(0);
    assert.equal(window.content?.toString(), 'Hello');
  });

  test('takes memory for what it holds, and at most half more than it remembers', () => {
    const window = new SlidingWindow(32768);
    window.append(Buffer.alloc(100));
    assert.ok(window.content!.buffer.byteLength <= 1024);
    for (let count = 0; count < 100; count++) window.append(Buffer.alloc(5000));
    assert.ok(window.content!.buffer.byteLength <= 1.5 * 32768);
    window.append(Buffer.alloc(1024 * 1024));
    assert.ok(window.content!.buffer.byteLength <= 1.5 * 32768);
    assert.equal(window.content!.length, 32768);
  });
});
