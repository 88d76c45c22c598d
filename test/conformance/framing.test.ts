// RFC 6455 §5.1, §5.2 and §5.6 against the running server: lengths, masks and data frames of every size.
import { describe } from 'node:test';
import { echoServer } from './echo-server.ts';
import { type Exchange, runExchanges } from './exchange.ts';
import * as frame from './frames.ts';
import { Random } from './random.ts';
import * as reply from './replies.ts';

const server = echoServer();
const random = new Random(1);
const sizes = [0, 1, 2, 3, 4, 5, 7, 8, 9, 63, 124, 125, 126, 127, 128, 255, 256, 1000];
const largeSizes = [65534, 65535, 65536, 65537, 100_000];

describe('data frames', () => {
  const text = (size: number) => Buffer.from('*'.repeat(size));
  const echo = (size: number): Exchange[] => {
    const bytes = random.bytes(size);
    const large = size > 1000 ? { deliveries: ['whole', 997, 'cut at random'] as const } : {};
    return [
      {
        title: `§5.6 echoes text of ${size} bytes`,
        send: [frame.text(text(size))],
        replies: [reply.text(text(size))],
        ...large,
      },
      {
        title: `§5.6 echoes binary data of ${size} bytes`,
        send: [frame.binary(bytes)],
        replies: [reply.binary(bytes)],
        ...large,
      },
    ];
  };
  runExchanges(server, [...sizes, ...largeSizes].flatMap(echo));

  const texts = Array.from({ length: 50 }, (_, index) => `message ${index}`);
  runExchanges(server, [
    {
      title: '§5.6 answers fifty messages of one write in their order',
      send: texts.map((one) => frame.text(one)),
      replies: texts.map((one) => reply.text(one)),
    },
    {
      title: '§5.6 keeps text text and binary data binary',
      send: [frame.text('Hello'), frame.binary('Hello'), frame.text(''), frame.binary('')],
      replies: [reply.text('Hello'), reply.binary('Hello'), reply.text(''), reply.binary('')],
    },
  ]);
});

describe('masks', () => {
  const keys = ['00000000', 'ffffffff', '000000ff', 'ff000000', '37fa213d', '80c0e0f0'];
  runExchanges(
    server,
    keys.map((key) => {
      const maskingKey = Buffer.from(key, 'hex');
      const payloads = [0, 1, 2, 3, 4, 5, 6, 7, 8, 31, 32, 33].map((size) => random.bytes(size));
      return {
        title: `§5.3 unmasks with the key ${key}`,
        send: payloads.flatMap((payload) => [
          frame.binary(payload, { maskingKey }),
          frame.ping(payload, { maskingKey }),
        ]),
        replies: payloads.flatMap((payload) => [reply.binary(payload), reply.pong(payload)]),
      };
    }),
  );

  const unmasked = { maskingKey: null };
  const frames: [what: string, bytes: Buffer][] = [
    ['text', frame.text('Hello', unmasked)],
    ['empty text', frame.text('', unmasked)],
    ['binary', frame.binary('Hello', unmasked)],
    ['ping', frame.ping('', unmasked)],
    ['pong', frame.pong('', unmasked)],
    ['close', frame.close(1000, '', unmasked)],
    ['126-byte binary', frame.binary(Buffer.alloc(126), unmasked)],
    ['64 KiB binary', frame.binary(Buffer.alloc(65536), unmasked).subarray(0, 2000)],
  ];
  runExchanges(
    server,
    frames.flatMap(([what, bytes]) => [
      {
        title: `§5.1 fails the connection on an unmasked ${what} frame`,
        send: [bytes],
        closes: 1002,
      },
      {
        title: `§5.1 fails the connection on an unmasked ${what} frame after a masked one`,
        send: [frame.text('Hello'), bytes],
        replies: [reply.text('Hello')],
        closes: 1002,
      },
    ]),
  );
  runExchanges(server, [
    {
      title: '§5.1 fails the connection on an unmasked continuation frame',
      send: [frame.text('Hel', { fin: false }), frame.continuation('lo', unmasked)],
      closes: 1002,
    },
  ]);
});

describe('length forms', () => {
  const long = (size: number, lengthBits: 16 | 64, opcode = frame.BINARY): Exchange => ({
    title: `§5.2 refuses ${size} bytes of opcode ${opcode} announced in ${lengthBits} bits`,
    send: [frame.frame(opcode, Buffer.alloc(size, 'a'), { lengthBits })],
    closes: 1002,
    deliveries: size > 1000 ? ['whole', 997, 'cut at random'] : ['whole', 'byte by byte', 'cut at random'],
  });
  runExchanges(server, [
    ...[0, 1, 2, 5, 124, 125].map((size) => long(size, 16)),
    ...[0, 1, 5, 125, 126, 127, 1000, 65535].map((size) => long(size, 64)),
    long(5, 16, frame.TEXT),
    long(5, 64, frame.TEXT),
    long(5, 16, frame.PING),
    long(5, 64, frame.PING),
    long(2, 16, frame.PONG),
    long(2, 64, frame.CLOSE),
  ]);

  const announced: [bigint, number[]][] = [
    [1n << 63n, [1002]],
    [(1n << 63n) + 5n, [1002]],
    [(1n << 64n) - 1n, [1002]],
    // Legal lengths, but of more than any message may have.
    [(1n << 63n) - 1n, [1009]],
    [1n << 53n, [1009]],
    [1n << 32n, [1009]],
    [(1n << 32n) + 5n, [1009]],
  ];
  runExchanges(
    server,
    announced.flatMap(([length, closes]) =>
      [frame.TEXT, frame.BINARY].map((opcode) => ({
        title: `§5.2 refuses a frame of opcode ${opcode} that announces ${length} bytes with ${closes}`,
        send: [frame.frame(opcode, 'Hello', { announce: length, lengthBits: 64 })],
        closes,
      })),
    ),
  );
});
