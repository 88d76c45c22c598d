// RFC 6455 §5.4 against the running server: messages in fragments, with control frames between them, and sequences that are none.
import { describe } from 'node:test';
import { echoServer } from './echo-server.ts';
import { runExchanges } from './exchange.ts';
import * as frame from './frames.ts';
import { Random } from './random.ts';
import * as reply from './replies.ts';

const server = echoServer();
const open = { fin: false };
const random = new Random(2);

describe('fragmented messages', () => {
  runExchanges(server, [
    {
      title: '§5.4 joins two fragments',
      send: [frame.text('frag', open), frame.continuation('ment')],
      replies: [reply.text('fragment')],
    },
    {
      title: '§5.4 keeps the type of the first fragment',
      send: [
        frame.binary('b', open),
        frame.continuation('c'),
        frame.text('t', open),
        frame.continuation('u'),
      ],
      replies: [reply.binary('bc'), reply.text('tu')],
    },
    {
      title: '§5.4 joins fragments that are all empty',
      send: [frame.text('', open), frame.continuation('', open), frame.continuation('')],
      replies: [reply.text('')],
    },
    {
      title: '§5.4 joins a fragment between empty ones',
      send: [frame.text('', open), frame.continuation('middle', open), frame.continuation('')],
      replies: [reply.text('middle')],
    },
    {
      title: '§5.4 answers a ping between two fragments before the message',
      send: [frame.text('frag', open), frame.ping('now'), frame.continuation('ment')],
      replies: [reply.pong('now'), reply.text('fragment')],
    },
    {
      title: '§5.4 takes pings and pongs between five fragments',
      send: [
        frame.text('1', open),
        frame.continuation('2', open),
        frame.ping('first'),
        frame.pong('unsolicited'),
        frame.continuation('3', open),
        frame.continuation('4', open),
        frame.ping('second'),
        frame.continuation('5'),
        frame.ping('third'),
      ],
      replies: [reply.pong('first'), reply.pong('second'), reply.text('12345'), reply.pong('third')],
    },
    {
      title: '§5.4 takes a whole message after a fragmented one',
      send: [frame.text('frag', open), frame.continuation('ment'), frame.text('whole')],
      replies: [reply.text('fragment'), reply.text('whole')],
    },
  ]);
  const prose = Buffer.from(random.prose(2000));
  runExchanges(
    server,
    [1, 2, 3, 7, 64, 125, 126, 1300, 2100].map((size) => ({
      title: `§5.4 joins text in fragments of ${size} bytes, characters cut anywhere`,
      send: frame.fragments(frame.TEXT, prose, size),
      replies: [reply.text(prose)],
      deliveries: ['whole', 5, 'cut at random'] as const,
    })),
  );
  const bytes = random.bytes(50);
  runExchanges(server, [
    {
      title: '§5.4 answers a ping after each of fifty fragments',
      send: frame.fragments(frame.BINARY, bytes, 1).flatMap((one, i) => [one, frame.ping(`${i}`)]),
      replies: [
        ...Array.from({ length: 49 }, (_, i) => reply.pong(`${i}`)),
        reply.binary(bytes),
        reply.pong('49'),
      ],
    },
  ]);
});

describe('continuation frames that continue nothing', () => {
  const starts: [what: string, start: Buffer[], replies: string[]][] = [
    ['at the start', [], []],
    ['after a whole message', [frame.text('whole')], [reply.text('whole')]],
    ['after a ping', [frame.ping('1')], [reply.pong('1')]],
    [
      'after a fragmented message',
      [frame.text('frag', open), frame.continuation('ment')],
      [reply.text('fragment')],
    ],
    [
      'after a fragmented message and a ping',
      [frame.binary('a', open), frame.continuation('b'), frame.ping('2')],
      [reply.binary('ab'), reply.pong('2')],
    ],
  ];
  runExchanges(
    server,
    starts.flatMap(([what, start, replies]) =>
      [true, false].flatMap((fin) =>
        ['', 'stray'].map((payload) => ({
          title: `§5.4 refuses a continuation ${what}, of ${payload.length} bytes and ${fin ? 'with' : 'without'} FIN`,
          send: [...start, frame.continuation(payload, { fin }), frame.text('after')],
          replies,
          closes: 1002,
        })),
      ),
    ),
  );
});

describe('messages begun inside a message', () => {
  runExchanges(
    server,
    [frame.TEXT, frame.BINARY].flatMap((first) =>
      [frame.TEXT, frame.BINARY].flatMap((second) =>
        [true, false].flatMap((fin) => [
          {
            title: `§5.4 refuses opcode ${second} ${fin ? 'with' : 'without'} FIN after an unfinished opcode ${first}`,
            send: [frame.frame(first, 'a', open), frame.frame(second, 'b', { fin }), frame.continuation('c')],
            closes: 1002,
          },
          {
            title: `§5.4 refuses opcode ${second} ${fin ? 'with' : 'without'} FIN after opcode ${first}, a continuation and a ping`,
            send: [
              frame.frame(first, 'a', open),
              frame.continuation('b', open),
              frame.ping('between'),
              frame.frame(second, '', { fin }),
            ],
            replies: [reply.pong('between')],
            closes: 1002,
          },
        ]),
      ),
    ),
  );
});

describe('unfinished messages', () => {
  runExchanges(server, [
    {
      title: '§5.5.1 closes in the middle of a fragmented message and drops it',
      send: [frame.text('unfinished', open), frame.close(1001)],
      closes: 1001,
    },
  ]);
});
