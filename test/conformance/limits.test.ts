// RFC 6455 §10.4 against the running server: large messages in any chopping pass, and what is over the limit ends with 1009 before it costs memory.
import { describe } from 'node:test';
import { echoServer } from './echo-server.ts';
import { type Exchange, runExchanges } from './exchange.ts';
import * as frame from './frames.ts';
import { Random } from './random.ts';
import * as reply from './replies.ts';

const server = echoServer();
const maxPayload = 65_536;
const limited = echoServer({ maxPayload });
const open = { fin: false };
const KiB = 1024;
const MiB = 1_048_576;

describe('large messages', () => {
  const ascii = Buffer.alloc(16 * MiB, 'BAsd7&jh23');
  const words = Buffer.from('ὕβρις ☃ 😀 Wirehub ');
  const mixed = Buffer.alloc(Math.floor((4 * MiB) / words.length) * words.length, words);
  const bytes = new Random(5).bytes(MiB);

  const whole = [64 * KiB, 256 * KiB, MiB, 4 * MiB, 16 * MiB].flatMap((size): Exchange[] => [
    {
      title: `§5.6 echoes ${size} bytes of text in one frame`,
      send: [frame.text(ascii.subarray(0, size))],
      replies: [reply.text(ascii.subarray(0, size))],
      deliveries: ['whole'],
    },
    {
      title: `§5.6 echoes ${size} bytes of binary data in one frame`,
      send: [frame.binary(ascii.subarray(0, size))],
      replies: [reply.binary(ascii.subarray(0, size))],
      deliveries: ['whole'],
    },
  ]);
  const fragmented = [64, 256, KiB, 4 * KiB, 16 * KiB, 64 * KiB, 256 * KiB, MiB, 4 * MiB].flatMap((size) =>
    [frame.TEXT, frame.BINARY].map((opcode): Exchange => {
      const payload = opcode === frame.TEXT ? mixed : ascii.subarray(0, 4 * MiB);
      return {
        title: `§5.4 joins 4 MiB of opcode ${opcode} in fragments of ${size} bytes`,
        send: frame.fragments(opcode, payload, size),
        replies: [opcode === frame.TEXT ? reply.text(payload) : reply.binary(payload)],
        deliveries: ['whole'],
      };
    }),
  );
  const text = mixed.subarray(0, 36_000 * words.length);
  const chopped = [64, 128, 256, 512, KiB, 2 * KiB].flatMap((size): Exchange[] => [
    {
      title: `§5.2 takes a megabyte of text in writes of ${size} bytes`,
      send: [frame.text(text)],
      replies: [reply.text(text)],
      deliveries: [size],
    },
    {
      title: `§5.2 takes a megabyte of binary data in writes of ${size} bytes`,
      send: [frame.binary(bytes)],
      replies: [reply.binary(bytes)],
      deliveries: [size],
    },
  ]);
  runExchanges(server, [...whole, ...fragmented, ...chopped]);
  runExchanges(server, [
    {
      title: '§5.4 echoes 64 KiB of text sent in fragments of 1300 bytes',
      send: frame.fragments(frame.TEXT, ascii.subarray(0, 65_536), 1300),
      replies: [reply.text(ascii.subarray(0, 65_536))],
      deliveries: ['whole', 997, 'cut at random'],
    },
    {
      title: '§5.5 answers pings between the fragments of a large message',
      send: frame.fragments(frame.BINARY, bytes, 256 * KiB).flatMap((one, i) => [frame.ping(`${i}`), one]),
      replies: [...[0, 1, 2, 3].map((i) => reply.pong(`${i}`)), reply.binary(bytes)],
      deliveries: ['whole', 4096],
    },
  ]);
});

describe('messages at the limit', () => {
  const full = Buffer.alloc(maxPayload, 'f');
  runExchanges(limited, [
    {
      title: '§10.4 takes a frame of just maxPayload',
      send: [frame.text(full), frame.binary(full)],
      replies: [reply.text(full), reply.binary(full)],
      deliveries: ['whole', 997],
    },
    {
      title: '§10.4 takes fragments of just maxPayload together, and empty ones after them',
      send: [
        ...frame.fragments(frame.BINARY, full, 40_000).slice(0, -1),
        frame.continuation(full.subarray(40_000), open),
        frame.continuation('', open),
        frame.continuation(''),
      ],
      replies: [reply.binary(full)],
      deliveries: ['whole', 997],
    },
    {
      title: '§10.4 counts each message anew',
      send: [...frame.fragments(frame.TEXT, full, 30_000), ...frame.fragments(frame.TEXT, full, 30_000)],
      replies: [reply.text(full), reply.text(full)],
      deliveries: ['whole', 997],
    },
  ]);
});

describe('messages over the limit', () => {
  const over = (what: string, send: Buffer[], replies: string[] = []): Exchange[] => [
    { title: `§10.4 refuses ${what} with 1009`, send, replies, closes: 1009 },
    {
      title: `§10.4 refuses ${what} with 1009, after a message`,
      send: [frame.text('before'), ...send],
      replies: [reply.text('before'), ...replies],
      closes: 1009,
    },
  ];
  const announced = (size: number | bigint, opcode = frame.BINARY) =>
    frame.frame(opcode, '', { announce: size });
  runExchanges(limited, [
    ...over('the mere announcement of one byte too many', [announced(maxPayload + 1)]),
    ...over('the mere announcement of text of one byte too many', [announced(maxPayload + 1, frame.TEXT)]),
    ...over('the mere announcement of 100 MiB', [announced(100 * MiB)]),
    ...over('the mere announcement of 2 GiB', [announced(2 ** 31)]),
    ...over('the mere announcement of 4 GiB', [announced(2 ** 32)]),
    ...over('the mere announcement of 2^53 bytes', [announced(2n ** 53n)]),
    ...over('the mere announcement of 2^63 - 1 bytes', [announced(2n ** 63n - 1n)]),
    ...over(
      'the announcement of a second fragment that would exceed the limit',
      [
        frame.text('abc', open),
        frame.ping('1'),
        frame.continuation('', { announce: maxPayload - 2, fin: false }),
      ],
      [reply.pong('1')],
    ),
    ...over('the announcement of a last fragment that would exceed the limit', [
      frame.text('abc', open),
      frame.continuation('', open),
      frame.continuation('', { announce: maxPayload }),
    ]),
  ]);
  const overBy = Buffer.alloc(maxPayload + 1, 'o');
  runExchanges(limited, [
    {
      title: '§10.4 refuses a whole frame over the limit with 1009',
      send: [frame.text(overBy)],
      closes: 1009,
      deliveries: ['whole', 997],
    },
    {
      title: '§10.4 refuses 64-byte fragments over the limit with 1009',
      send: frame.fragments(frame.BINARY, overBy, 64),
      closes: 1009,
      deliveries: ['whole', 997],
    },
    {
      title: '§10.4 sends its close frame while 16 MiB are still coming in',
      send: [frame.binary(Buffer.alloc(16 * MiB))],
      closes: 1009,
      deliveries: ['whole', 65_536],
    },
  ]);
});
