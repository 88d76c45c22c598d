// RFC 7692 §6 and §7.2 against the running server: misplaced RSV1, data that does not inflate, text that is none, and bombs.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { constants, deflateRawSync } from 'node:zlib';
import { echoServer } from './echo-server.ts';
import { type Exchange, runExchanges } from './exchange.ts';
import * as frame from './frames.ts';
import * as reply from './replies.ts';

const server = echoServer();
const maxPayload = 65_536;
const limited = echoServer({ maxPayload });
const without = echoServer({ perMessageDeflate: false });
const extensions = 'permessage-deflate';
const rsv1 = { rsv: frame.RSV1 };
const firstOfMany = { rsv: frame.RSV1, fin: false };
const open = { fin: false };
const hex = (bytes: string) => Buffer.from(bytes.replaceAll(' ', ''), 'hex');
const hello = hex('f248cdc9c90700');
const deflated = (data: Buffer | string, options = {}) =>
  deflateRawSync(data, { finishFlush: constants.Z_SYNC_FLUSH, ...options }).subarray(0, -4);

describe('RSV1', () => {
  const refuse = (what: string, send: Buffer[], replies: string[] = []): Exchange => ({
    title: `RFC 7692 §6 refuses RSV1 ${what}`,
    send,
    replies,
    closes: 1002,
    extensions,
  });
  runExchanges(server, [
    refuse('on a ping', [frame.ping('x', rsv1)]),
    refuse('on a pong', [frame.pong('x', rsv1)]),
    refuse('on a close frame', [frame.close(1000, '', rsv1)]),
    refuse('on a continuation of a compressed message', [
      frame.text(hello.subarray(0, 3), firstOfMany),
      frame.continuation(hello.subarray(3), rsv1),
    ]),
    refuse('on a continuation of a plain message', [
      frame.text('Hel', open),
      frame.continuation(hello, rsv1),
    ]),
    refuse('on a continuation that continues nothing', [frame.continuation(hello, rsv1)]),
    refuse('on a reserved opcode', [frame.frame(3, hello, rsv1)]),
    refuse(
      'on a ping between the fragments of a compressed message',
      [frame.text(hello.subarray(0, 3), firstOfMany), frame.ping('1'), frame.ping('2', rsv1)],
      [reply.pong('1')],
    ),
    refuse('together with RSV2', [frame.text(hello, { rsv: frame.RSV1 | frame.RSV2 })]),
    refuse('on an unmasked frame', [frame.text(hello, { ...rsv1, maskingKey: null })]),
    refuse('on a frame with a longer length than needed', [frame.text(hello, { ...rsv1, lengthBits: 16 })]),
    {
      ...refuse('on a connection that did not offer permessage-deflate', [frame.text(hello, rsv1)]),
      extensions: 'x-other',
    },
  ]);
  runExchanges(without, [refuse('where the server has no permessage-deflate', [frame.text(hello, rsv1)])]);
});

describe('data that does not inflate', () => {
  const random = hex('ff'.repeat(40));
  const broken: [what: string, payload: Buffer][] = [
    ['a reserved block type', hex('07')],
    ['bytes of ones', random],
    ['a stored block whose lengths disagree', hex('00 05 00 00 00 48 65 6c 6c 6f 00')],
    ['a stored block cut short', hex('00 20 00 df ff 48 65 6c 6c 6f')],
    ['a distance before the start of the window', hex('f200110000')],
    ['Huffman code lengths that are oversubscribed', hex('fcffffffffff')],
    [
      'a dynamic block cut short',
      deflated(Buffer.from('abcdefgh'.repeat(9) + hello.toString('hex'))).subarray(0, 9),
    ],
    ['text sent with RSV1 by mistake', Buffer.from('Hello, world, this is not compressed')],
    ['zlib instead of raw deflate data', hex('789cf348cdc9c9070005 8c01f5')],
  ];
  runExchanges(
    server,
    broken.flatMap(([what, payload]): Exchange[] => [
      {
        title: `RFC 7692 §7.2.2 refuses ${what} with 1007`,
        send: [frame.text('before'), frame.binary(payload, rsv1)],
        replies: [reply.text('before')],
        closes: 1007,
        extensions,
      },
      {
        title: `RFC 7692 §7.2.2 refuses ${what} in fragments with 1007`,
        send: frame.fragments(frame.BINARY, payload, 2, frame.RSV1),
        closes: 1007,
        extensions,
      },
    ]),
  );
});

describe('a compressed message whose payload is empty', () => {
  // RFC 7692 §7.2.3.6 makes an empty message of one byte. Without it the data ends within a block: it is either nothing or wrong.
  test('RFC 7692 §7.2.2 takes it for empty or fails the connection, and never spoils the next message', async () => {
    const send = Buffer.concat([frame.text('', rsv1), frame.text(hello, rsv1), frame.close(1000)]);
    await server.withWebSocket(async (client) => {
      await client.deliver(send);
      const said = await client.untilEnd();
      const taken = [reply.text(''), reply.text('Hello'), reply.close(1000), reply.fin];
      assert.deepEqual(said, said.length > 2 ? taken : [reply.close(1007), reply.fin]);
    }, extensions);
  });
});

describe('compressed text that is not UTF-8', () => {
  const invalid = ['80', 'c0af', 'eda080', 'f4908080', '61626380', `${'61'.repeat(500)}ff`, 'e298'].map(hex);
  runExchanges(
    server,
    invalid.flatMap((bytes): Exchange[] => [
      {
        title: `§8.1 refuses compressed text of ${bytes.length} bytes that ends in ${bytes.toString('hex').slice(-8)}`,
        send: [frame.text(deflated(bytes), rsv1)],
        closes: 1007,
        extensions,
      },
      {
        title: `§8.1 refuses the same ${bytes.length} bytes ending in ${bytes.toString('hex').slice(-8)} in fragments`,
        send: [frame.text(hello, rsv1), ...frame.fragments(frame.TEXT, deflated(bytes), 3, frame.RSV1)],
        replies: [reply.text('Hello')],
        closes: 1007,
        extensions,
      },
      {
        title: `§5.6 echoes ${bytes.length} bytes ending in ${bytes.toString('hex').slice(-8)} as compressed binary data`,
        send: [frame.binary(deflated(bytes), rsv1)],
        replies: [reply.binary(bytes)],
        extensions,
      },
    ]),
  );
});

describe('what is too large once inflated', () => {
  const full = Buffer.alloc(maxPayload, 'f');
  const bombs: [what: string, send: Buffer[]][] = [
    ['one byte over the limit', [frame.text(deflated(Buffer.alloc(maxPayload + 1)), rsv1)]],
    ['10 MiB in 10 KB', [frame.binary(deflated(Buffer.alloc(10_485_760)), rsv1)]],
    [
      '10 MiB in fragments',
      frame.fragments(frame.BINARY, deflated(Buffer.alloc(10_485_760)), 100, frame.RSV1),
    ],
    [
      '60 MiB in the last fragment',
      [frame.binary('', firstOfMany), frame.continuation(deflated(Buffer.alloc(60_000_000)))],
    ],
  ];
  runExchanges(limited, [
    {
      title: '§10.4 inflates a message to just maxPayload, again and again',
      send: Array(5).fill(frame.text(deflated(full), rsv1)),
      replies: Array(5).fill(reply.text(full)),
      extensions,
      deliveries: ['whole', 'cut at random'],
    },
    ...bombs.flatMap(([what, send]): Exchange[] => [
      {
        title: `§10.4 refuses ${what} with 1009`,
        send,
        closes: 1009,
        extensions,
        deliveries: ['whole', 100],
      },
      {
        title: `§10.4 refuses ${what} with 1009, after a message`,
        send: [frame.text(hello, rsv1), ...send],
        replies: [reply.text('Hello')],
        closes: 1009,
        extensions,
        deliveries: ['whole', 100],
      },
    ]),
    {
      title: '§10.4 refuses compressed data that announces more than the limit with 1009',
      send: [frame.binary(hello, { ...rsv1, announce: maxPayload + 1 })],
      closes: 1009,
      extensions,
    },
  ]);
});
