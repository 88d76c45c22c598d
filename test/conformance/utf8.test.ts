// RFC 6455 §5.6 and §8.1 against the running server: text is UTF-8, and the first byte that is not fails the connection with 1007.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { echoServer } from './echo-server.ts';
import { type Exchange, runExchange, runExchanges } from './exchange.ts';
import * as frame from './frames.ts';
import * as reply from './replies.ts';
import { bytesOf, invalid, mayFollow, truncated, valid } from './utf8-sequences.ts';

const server = echoServer();
const open = { fin: false };
/** Put before a sequence to bring it to every place relative to machine words and fast paths for ASCII. */
const lead = [0, 1, 2, 3, 4, 5, 6, 7, 8, 13, 31, 100];

describe('valid text', () => {
  runExchanges(
    server,
    valid.map(([what, hex]) => {
      const texts = lead.map((size) =>
        Buffer.concat([Buffer.alloc(size, 'x'), bytesOf(hex), Buffer.from('!')]),
      );
      const inBytes = frame.fragments(frame.TEXT, bytesOf(hex), 1);
      return {
        title: `§8.1 echoes ${what}`,
        send: [...texts.map((one) => frame.text(one)), ...inBytes],
        replies: [...texts, bytesOf(hex)].map((one) => reply.text(one)),
        deliveries: ['whole', 'byte by byte', 'cut at random'] as const,
      };
    }),
  );

  const everything: number[] = [];
  for (let point = 0; point <= 0x10ffff; point++)
    if (point < 0xd800 || point > 0xdfff) everything.push(point);
  const all = Buffer.from(everything.map((point) => String.fromCodePoint(point)).join(''));
  runExchanges(server, [
    {
      title: '§8.1 echoes every code point there is',
      send: [frame.text(all), ...frame.fragments(frame.TEXT, all, 9973)],
      replies: [reply.text(all), reply.text(all)],
      deliveries: ['whole', 65521],
    },
    {
      title: '§5.6 takes binary data for bytes, whatever they are',
      send: invalid.map(([, hex]) => frame.binary(bytesOf(hex))),
      replies: invalid.map(([, hex]) => reply.binary(bytesOf(hex))),
      deliveries: ['whole', 'cut at random'],
    },
  ]);
});

describe('invalid text', () => {
  for (const [what, hex] of invalid) {
    const [before, after] = hex.split('!').map(bytesOf) as [Buffer, Buffer];
    const bad = after.subarray(0, 1);
    const cases: Exchange[] = lead.slice(0, 9).map((size) => ({
      title: `§8.1 refuses ${what} behind ${size} bytes of ASCII`,
      send: [frame.text(Buffer.concat([Buffer.alloc(size, 'x'), before, after, Buffer.from('more')]))],
      closes: 1007,
      deliveries: size === 0 ? (['whole', 'byte by byte', 'cut at random'] as const) : (['whole'] as const),
    }));
    cases.push(
      {
        title: `§8.1 refuses ${what} as soon as the bad byte is there, in an unfinished frame`,
        send: [frame.text(Buffer.concat([before, bad]), { announce: 1000 })],
        closes: 1007,
        deliveries: ['byte by byte', 'cut at random'],
      },
      {
        title: `§8.1 refuses ${what} in the fragment with the bad byte, and not before`,
        send: [
          frame.text(before, open),
          frame.ping('good so far'),
          frame.continuation(bad, { fin: false, announce: 1000 }),
        ],
        replies: [reply.pong('good so far')],
        closes: 1007,
      },
    );
    test(`§8.1 refuses ${what}`, async () => {
      for (const one of cases) {
        for (const delivery of one.deliveries ?? (['whole', 'byte by byte'] as const)) {
          await runExchange(server, one, delivery).catch((error: Error) => {
            throw new Error(`${one.title}, delivered ${delivery}: ${error.message}`, { cause: error });
          });
        }
      }
      await server.undisturbed();
    });
  }

  test('§8.1 judges every lead byte with each border of the second', async () => {
    const seconds = [0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff];
    for (let first = 0x80; first <= 0xff; first++) {
      for (const second of seconds) {
        const fine = mayFollow(first, second);
        const send = [frame.text(Buffer.from([0x61, first, second]), open), frame.ping(), frame.close(3000)];
        const said = fine ? { replies: [reply.pong()], closes: 3000 } : { closes: 1007 };
        const title = `${first.toString(16)} ${second.toString(16)}`;
        await runExchange(server, { title, send, ...said }, 'whole').catch((error: Error) => {
          assert.fail(`${title}: ${error.message}`);
        });
      }
    }
    await server.undisturbed();
  });
});

describe('text that ends within a character', () => {
  runExchanges(
    server,
    truncated.flatMap(([what, hex]) => [
      {
        title: `§8.1 refuses a message that ends after ${what}`,
        send: [frame.text(bytesOf(hex))],
        closes: 1007,
      },
      {
        title: `§8.1 refuses a message that ends after ${what}, in an empty last fragment`,
        send: [frame.text(bytesOf(hex), open), frame.ping('1'), frame.continuation('')],
        replies: [reply.pong('1')],
        closes: 1007,
      },
      {
        title: `§8.1 does not carry ${what} over into the next message`,
        send: [frame.text('fine'), frame.text(bytesOf(hex)), frame.text(Buffer.from('bfbf', 'hex'))],
        replies: [reply.text('fine')],
        closes: 1007,
      },
    ]),
  );
});

describe('large invalid text', () => {
  const large = (at: number) => {
    const bytes = Buffer.alloc(70_000, 'x');
    bytes[at] = 0xff;
    return bytes;
  };
  runExchanges(
    server,
    [0, 1, 4095, 4096, 65535, 65536, 69_999].flatMap((at) => [
      {
        title: `§8.1 refuses 70,000 bytes of which the one at ${at} is wrong`,
        send: [frame.text(large(at))],
        closes: 1007,
        deliveries: ['whole', 1000] as const,
      },
      {
        title: `§8.1 refuses the wrong byte at ${at} of a megabyte that is still on its way`,
        send: [frame.text(large(at).subarray(0, at + 1), { announce: 1_048_576 })],
        closes: 1007,
        deliveries: [1000] as const,
      },
    ]),
  );
});
