// RFC 7692 §7.2: compressed payloads to the byte, what is refused, and where inflation stops.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { constants, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { ProtocolError } from '../../../src/protocol/rfc6455/protocol-error.ts';
import { bytes, vectors } from '../../vectors/vectors.ts';
import { runs } from '../chunking.ts';
import { BothDirections } from './both-directions.ts';

const refusal = (code: string, closeCode: number) => (error: unknown) => {
  assert.ok(error instanceof ProtocolError, String(error));
  assert.deepEqual([error.code, error.closeCode], [code, closeCode]);
  return true;
};

describe('decompressing', () => {
  for (const [name, { meaning, payloads, messages }] of vectors('compressed')) {
    test(`${meaning} (${name})`, async () => {
      const side = new BothDirections();
      for (const [index, payload] of payloads.entries()) {
        const message = await side.decompress(bytes(payload));
        assert.equal(message.toString('hex'), bytes(messages[index]!).toString('hex'));
      }
    });
  }

  test('§7.1.1.1 a message that refers back to a window that was to be forgotten is refused', async () => {
    const [first, second] = vectors('compressed').get('hello-twice')!.payloads;
    const side = new BothDirections({ forgets: true });
    await side.decompress(bytes(first!));
    await assert.rejects(side.decompress(bytes(second!)), refusal('Z_DATA_ERROR', 1007));
  });

  const broken = {
    'no DEFLATE': 'ff ff ff ff ff ff',
    'a block of type 3': '07 00',
    'a stored block whose length and complement differ': '00 05 00 05 00 48 65 6c 6c 6f 00',
    'a stored block that ends too soon': '00 05 00 fa ff 48 65',
    'a reference to before the beginning': 'f2 00 11 00 00',
    'a block that ends too soon': 'f2 48 cd',
  };
  for (const [what, hex] of Object.entries(broken)) {
    test(`§7.2.2 refuses ${what}`, async () => {
      await assert.rejects(new BothDirections().decompress(bytes(hex)), refusal('Z_DATA_ERROR', 1007));
    });
  }

  test('§7.2.2 any bytes whatever are a message or are refused as no DEFLATE', async () => {
    const hello = vectors('compressed').get('hello')!.payloads[0]!;
    const start = fc
      .constantFrom('', hello, '00', '02', '04', '05', 'ed', hello.slice(0, 11))
      .map((hex) => bytes(hex));
    const payloads = fc.tuple(start, fc.uint8Array({ maxLength: 60 })).map((parts) => Buffer.concat(parts));
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(payloads, fc.integer({ min: 8, max: 15 }), async (payload, windowBits) => {
        await new BothDirections({ windowBits }).decompress(payload).catch((error) => {
          refused++;
          refusal('Z_DATA_ERROR', 1007)(error);
        });
      }),
      runs(1000),
    );
    assert.ok(refused > 100 && refused < 1000, `${refused} of 1000 were refused`);
  });

  test('§7.2.2 refuses a long payload that is no DEFLATE as it does a short one', async () => {
    const payload = Buffer.alloc(100_000, 0xff);
    await assert.rejects(new BothDirections().decompress(payload), refusal('Z_DATA_ERROR', 1007));
  });
});

describe('compressing', () => {
  test('§7.2.3 the examples, byte for byte', async () => {
    const hello = Buffer.from('Hello');
    const keeping = new BothDirections();
    const forgetting = new BothDirections({ forgets: true });
    const storing = new BothDirections({ zlibOptions: { level: 0 } });
    const { payloads } = vectors('compressed').get('hello-twice')!;
    for (const payload of payloads) assert.deepEqual(await keeping.compress(hello), bytes(payload));
    for (const payload of vectors('compressed').get('hello-forgotten')!.payloads) {
      assert.deepEqual(await forgetting.compress(hello), bytes(payload));
    }
    assert.deepEqual(
      await storing.compress(hello),
      bytes(vectors('compressed').get('hello-stored')!.payloads[0]!),
    );
    assert.deepEqual(await keeping.compress(Buffer.alloc(0)), bytes('00'));
  });

  test('§7.2.1 the flush stays in a fragment that does not end its message', async () => {
    const side = new BothDirections();
    const first = await side.compress(Buffer.from('Hel'), false);
    const last = await side.compress(Buffer.from('lo'));
    assert.equal(first.toString('hex').slice(-8), '0000ffff');
    assert.equal((await side.decompress(Buffer.concat([first, last]))).toString(), 'Hello');
  });
});

describe('the limit of a message', () => {
  const megabyte = 1024 * 1024;
  const zeros = deflateRawSync(Buffer.alloc(megabyte), { finishFlush: constants.Z_SYNC_FLUSH });
  /** 256 MiB in about as many KiB. */
  const bomb = Buffer.concat(new Array<Buffer>(256).fill(zeros)).subarray(0, -4);

  test('holds to the byte, for what is done at once and for what is not', async () => {
    for (const size of [100, 200_000, 300_000, 2 * megabyte]) {
      const payload = await new BothDirections().compress(Buffer.alloc(size, 'a'));
      const message = await new BothDirections({ maxPayload: size }).decompress(payload);
      assert.equal(message.length, size);
      await assert.rejects(
        new BothDirections({ maxPayload: size - 1 }).decompress(payload),
        refusal('WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', 1009),
      );
    }
  });

  test('stops a bomb before it takes memory', async () => {
    const before = process.resourceUsage().maxRSS;
    for (const maxPayload of [1000, 100_000, 4 * megabyte]) {
      for (const payload of [bomb, zeros.subarray(0, -4)]) {
        if (payload !== bomb && maxPayload > megabyte) continue;
        await assert.rejects(
          new BothDirections({ maxPayload }).decompress(payload),
          refusal('WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', 1009),
        );
      }
    }
    const kilobytes = process.resourceUsage().maxRSS - before;
    assert.ok(kilobytes < 64 * 1024, `memory grew by ${kilobytes} KiB`);
  });

  test('is on each message, not on all of them', async () => {
    const side = new BothDirections({ maxPayload: 1000 });
    for (let count = 0; count < 20; count++) {
      const message = Buffer.alloc(1000, count);
      assert.ok((await side.decompress(await side.compress(message))).equals(message));
    }
  });
});
