// RFC 6455 §5.5.2 and §5.5.3 against the running server: pings are answered, pongs are not, and neither grows over 125 bytes.
import { describe } from 'node:test';
import { echoServer } from './echo-server.ts';
import { runExchanges } from './exchange.ts';
import * as frame from './frames.ts';
import * as reply from './replies.ts';

const server = echoServer();
const payloads: [what: string, payload: Buffer][] = [
  ['no payload', Buffer.alloc(0)],
  ['a text', Buffer.from('Hello, server')],
  ['bytes that are not UTF-8', Buffer.from('00fffefdfcfb00ff', 'hex')],
  ['124 bytes', Buffer.alloc(124, 0xfe)],
  ['125 bytes', Buffer.alloc(125, 0xfe)],
];
const ten = Array.from({ length: 10 }, (_, index) => `ping ${index}`);

describe('pings', () => {
  runExchanges(server, [
    ...payloads.map(([what, payload]) => ({
      title: `§5.5.2 answers a ping with ${what}`,
      send: [frame.ping(payload)],
      replies: [reply.pong(payload)],
    })),
    {
      title: '§5.5.2 answers ten pings of one write in their order',
      send: ten.map((one) => frame.ping(one)),
      replies: ten.map((one) => reply.pong(one)),
    },
    {
      title: '§5.5.2 answers pings between messages in their places',
      send: [frame.ping('1'), frame.text('a'), frame.ping('2'), frame.binary('b'), frame.ping('3')],
      replies: [reply.pong('1'), reply.text('a'), reply.pong('2'), reply.binary('b'), reply.pong('3')],
    },
  ]);
});

describe('pongs', () => {
  runExchanges(server, [
    ...payloads.map(([what, payload]) => ({
      title: `§5.5.3 takes an unsolicited pong with ${what} in silence`,
      send: [frame.pong(payload)],
    })),
    {
      title: '§5.5.3 answers the ping after an unsolicited pong',
      send: [frame.pong('mine'), frame.ping('yours')],
      replies: [reply.pong('yours')],
    },
    {
      title: '§5.5.3 takes ten pongs of one write in silence, and the message after them',
      send: [...ten.map((one) => frame.pong(one)), frame.text('still here')],
      replies: [reply.text('still here')],
    },
  ]);
});

describe('what no control frame may be', () => {
  const kinds: [what: string, opcode: number][] = [
    ['ping', frame.PING],
    ['pong', frame.PONG],
    ['close', frame.CLOSE],
  ];
  runExchanges(
    server,
    kinds.flatMap(([what, opcode]) => [
      ...[126, 127, 1000].map((size) => ({
        title: `§5.5 fails the connection on a ${what} of ${size} bytes`,
        send: [frame.frame(opcode, frame.closePayload(1000, 'a'.repeat(size - 2)))],
        closes: 1002,
      })),
      {
        title: `§5.5 fails the connection on a ${what} that only announces 65536 bytes`,
        send: [frame.frame(opcode, '', { announce: 65536 })],
        closes: 1002,
      },
      {
        title: `§5.5 fails the connection on the first two bytes of a ${what} that is too long`,
        send: [frame.frame(opcode, '', { announce: 126 }).subarray(0, 2)],
        closes: 1002,
        deliveries: ['byte by byte'] as const,
      },
      ...['', 'Hello'].map((payload) => ({
        title: `§5.5 fails the connection on a fragmented ${what} of ${payload.length} bytes`,
        send: [frame.frame(opcode, payload, { fin: false })],
        closes: 1002,
      })),
      {
        title: `§5.5 fails the connection on a fragmented ${what} inside a fragmented message`,
        send: [
          frame.text('Hel', { fin: false }),
          frame.ping('fine'),
          frame.frame(opcode, 'x', { fin: false }),
          frame.continuation('lo'),
        ],
        replies: [reply.pong('fine')],
        closes: 1002,
      },
    ]),
  );
});
