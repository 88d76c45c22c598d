// RFC 7692 §7 against the running server: messages of every size under every set of parameters, and every legal shape of deflate data.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { constants, deflateRawSync } from 'node:zlib';
import { echoServer } from './echo-server.ts';
import { runExchanges } from './exchange.ts';
import * as frame from './frames.ts';
import { Random } from './random.ts';
import type { RawClient } from './raw-client.ts';
import * as reply from './replies.ts';

const server = echoServer();
const extensions = 'permessage-deflate';
const rsv1 = { rsv: frame.RSV1 };
const flushed = { finishFlush: constants.Z_SYNC_FLUSH };
const hex = (bytes: string) => Buffer.from(bytes.replaceAll(' ', ''), 'hex');

describe('deflate data of RFC 7692', () => {
  const hello = hex('f248cdc9c90700');
  const shapes: [what: string, payloads: Buffer[], text: string][] = [
    ['one compressed block (§7.2.3.1)', [hello], 'Hello'],
    ['one message in two fragments (§7.2.3.1)', [hex('f248cd'), hex('c9c90700')], 'Hello'],
    ['a block without compression (§7.2.3.3)', [hex('00 05 00 fa ff 48 65 6c 6c 6f 00')], 'Hello'],
    ['a block with BFINAL (§7.2.3.4)', [hex('f3 48 cd c9 c9 07 00 00')], 'Hello'],
    ['two blocks (§7.2.3.5)', [hex('f2 48 05 00 00 00 ff ff ca c9 c9 07 00')], 'Hello'],
    ['an empty message (§7.2.3.6)', [hex('00')], ''],
    ['an empty message of one fixed block', [hex('02 00')], ''],
    ['empty fragments around the data', [hex(''), hello, hex('')], 'Hello'],
    ['data in fragments of one byte', [...hello].map((byte) => Buffer.from([byte])), 'Hello'],
    ['three empty blocks before the data', [hex('00 0000ffff 00 0000ffff 00 0000ffff'), hello], 'Hello'],
  ];
  const framed = (payloads: Buffer[]) =>
    payloads.map((payload, i) =>
      frame.frame(i === 0 ? frame.TEXT : frame.CONTINUATION, payload, {
        rsv: i === 0 ? frame.RSV1 : 0,
        fin: i === payloads.length - 1,
      }),
    );
  runExchanges(
    server,
    shapes.map(([what, payloads, text]) => ({
      title: `RFC 7692 §7.2.2 inflates ${what}, and the same again`,
      send: [...framed(payloads), ...framed(payloads), frame.ping('between'), ...framed(payloads)],
      replies: [reply.text(text), reply.text(text), reply.pong('between'), reply.text(text)],
      extensions,
    })),
  );
  runExchanges(server, [
    {
      title: 'RFC 7692 §7.2.3.2 inflates a message that refers to the one before',
      send: [frame.text(hello, rsv1), frame.text(hex('f200110000'), rsv1)],
      replies: [reply.text('Hello'), reply.text('Hello')],
      extensions,
    },
    {
      title: 'RFC 7692 §6 takes uncompressed messages among compressed ones',
      send: [frame.text('plain'), frame.text(hello, rsv1), frame.binary('plain'), frame.binary(hello, rsv1)],
      replies: [reply.text('plain'), reply.text('Hello'), reply.binary('plain'), reply.binary('Hello')],
      extensions,
    },
    {
      title: 'RFC 7692 §6.1 answers pings between compressed fragments',
      send: framed([...hello].map((byte) => Buffer.from([byte]))).flatMap((one) => [one, frame.ping('p')]),
      replies: [...Array(6).fill(reply.pong('p')), reply.text('Hello'), reply.pong('p')],
      extensions,
    },
    {
      title: 'RFC 7692 §6 keeps compressed and plain messages in order',
      send: Array.from({ length: 40 }, (_, i) => (i % 3 ? frame.text(`${i}`) : frame.text(hello, rsv1))),
      replies: Array.from({ length: 40 }, (_, i) => (i % 3 ? reply.text(`${i}`) : reply.text('Hello'))),
      extensions,
    },
    {
      title: 'RFC 7692 §7.2.1 goes on after messages with BFINAL and without',
      send: ['f348cdc9c9070000', 'f248cdc9c90700', 'f348cdc9c9070000', 'f348cdc9c9070000'].map((one) =>
        frame.text(hex(one), rsv1),
      ),
      replies: Array(4).fill(reply.text('Hello')),
      extensions,
    },
  ]);

  const prose = Buffer.from(new Random(6).prose(5000));
  const zlibs: [what: string, options: Parameters<typeof deflateRawSync>[1]][] = [
    ['level 0', { level: 0 }],
    ['level 9', { level: 9 }],
    ['Huffman codes only', { strategy: constants.Z_HUFFMAN_ONLY }],
    ['fixed codes', { strategy: constants.Z_FIXED }],
    ['run lengths', { strategy: constants.Z_RLE }],
    ['a full flush', { finishFlush: constants.Z_FULL_FLUSH }],
    ['a window of 512 bytes', { windowBits: 9 }],
    ['little memory', { memLevel: 1 }],
  ];
  runExchanges(
    server,
    zlibs.map(([what, options]) => {
      const data = deflateRawSync(prose, { ...flushed, ...options }).subarray(0, -4);
      return {
        title: `RFC 7692 §7.2.1 inflates data made with ${what}, in one frame and in fragments`,
        send: [frame.text(data, rsv1), ...frame.fragments(frame.TEXT, data, 77, frame.RSV1)],
        replies: [reply.text(prose), reply.text(prose)],
        extensions,
        deliveries: ['whole', 50, 'cut at random'] as const,
      };
    }),
  );
});

/** Sends messages one after another, compressed as agreed, and expects each back. */
async function echoes(client: RawClient, messages: readonly Buffer[], size?: number): Promise<void> {
  assert.ok(client.deflate, 'the server declined permessage-deflate');
  for (const [i, message] of messages.entries()) {
    const opcode = i % 2 ? frame.BINARY : frame.TEXT;
    const data = client.deflate.compress(message);
    const frames = frame.fragments(opcode, data, size ?? Math.max(1, data.length), frame.RSV1);
    await client.deliver(Buffer.concat(frames));
    const said = await client.next();
    assert.ok('payload' in said, `message ${i} was answered by ${said.kind}`);
    assert.equal(said.kind, opcode === frame.TEXT ? 'text' : 'binary');
    assert.ok(said.payload.equals(message), `message ${i} came back changed`);
  }
  client.socket.write(frame.close(1000));
  assert.deepEqual((await client.untilEnd()).slice(-2), [reply.close(1000), reply.fin]);
}

describe('work that takes its time', () => {
  // Large enough that a server may well inflate and deflate them off its event loop.
  const large = [1, 2, 3].map((seed) => Buffer.from(new Random(seed).prose(400_000)));
  const send = large.map((one) => frame.text(deflateRawSync(one, flushed).subarray(0, -4), rsv1));
  const replies = large.map((one) => reply.text(one));
  const deliveries = ['whole', 8192] as const;
  runExchanges(server, [
    {
      title: 'RFC 7692 §6 answers what comes behind large messages in its place',
      send: [...send, frame.ping('behind'), frame.text('small'), frame.close(3000)],
      replies: [...replies, reply.pong('behind'), reply.text('small')],
      closes: 3000,
      extensions,
      deliveries,
    },
    {
      title: 'RFC 7692 §6 answers large messages before it fails the connection for what comes behind',
      send: [...send, frame.frame(3, 'Hello')],
      replies,
      closes: 1002,
      extensions,
      deliveries,
    },
  ]);

  test('RFC 7692 §6 survives a client that is reset while its messages are inflated', async () => {
    for (let i = 0; i < 10; i++) {
      await server.withWebSocket(async (client) => {
        await client.deliver(Buffer.concat(send));
        await client.deliver(frame.ping(), 1);
        client.socket.resetAndDestroy();
      }, extensions);
    }
  });
});

describe('parameters', () => {
  const random = new Random(7);
  /** What repeats at distances around every window size shows a compressor that looks back too far. */
  const block = random.bytes(300).toString('hex');
  const spread = [9, 10, 11, 12, 13, 14].map((bits) => block + random.bytes(2 ** (bits - 2)).toString('hex'));
  const messages = ['', 'a', block, block, spread.join(block), spread.join(block)].map((one) =>
    Buffer.from(one),
  );
  const bits = ['', ...[8, 9, 10, 11, 12, 13, 14, 15].map((size) => `=${size}`)];
  const servers = ['', ...bits.slice(1).map((size) => `; server_max_window_bits${size}`)];
  const clients = ['', ...bits.map((size) => `; client_max_window_bits${size}`)];
  const contexts = ['', '; server_no_context_takeover', '; client_no_context_takeover'];
  for (const context of [...contexts, contexts.join('')]) {
    for (const serverBits of servers) {
      test(`RFC 7692 §7.1 keeps to "${context}${serverBits}" with every client_max_window_bits`, async () => {
        for (const clientBits of clients) {
          const offer = `${extensions}${context}${serverBits}${clientBits}`;
          await server.withWebSocket((client) => echoes(client, messages), offer);
        }
      });
    }
  }
});

describe('sizes', () => {
  const random = new Random(8);
  const sizes = [0, 1, 16, 64, 256, 1024, 4096, 8192, 16384, 32768, 65536, 131_072];
  const offers = [
    '',
    '; server_no_context_takeover; client_no_context_takeover',
    '; server_max_window_bits=9',
  ];
  for (const size of sizes) {
    test(`RFC 7692 §7.2 echoes messages of ${size} bytes, whole and in fragments`, async () => {
      const count = size > 20_000 ? 4 : 12;
      const messages = Array.from({ length: count }, (_, i) =>
        i % 4 === 3
          ? Buffer.from(
              random
                .bytes(size)
                .toString('latin1')
                .replace(/[^ -~]/g, '~'),
            )
          : Buffer.from(random.prose(size)),
      );
      for (const offer of offers) {
        const offered = `${extensions}; client_max_window_bits${offer}`;
        await server.withWebSocket((client) => echoes(client, messages), offered);
        await server.withWebSocket((client) => echoes(client, messages, 64 + (size >> 5)), offered);
      }
    });
  }

  test('RFC 7692 §7.2 inflates 16 MiB', async () => {
    const large = Buffer.alloc(16 * 1_048_576, random.prose(5000));
    await server.withWebSocket((client) => echoes(client, [Buffer.from('first'), large]), extensions);
  });
});
