// RFC 6455 §5.5.1 and §7 against the running server: the closing handshake, its codes and reasons, and connections that just end.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { echoServer } from './echo-server.ts';
import { runExchanges } from './exchange.ts';
import * as frame from './frames.ts';
import * as reply from './replies.ts';

const server = echoServer();

describe('close codes', () => {
  const valid = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014];
  const application = [3000, 3001, 3999, 4000, 4001, 4999];
  const reserved = [1004, 1005, 1006, 1015];
  const outside = [0, 1, 255, 256, 999, 1016, 1100, 1999, 2000, 2999, 5000, 5001, 9999, 32768, 65535];
  runExchanges(server, [
    ...[...valid, ...application].map((code) => ({
      title: `§7.4 answers close code ${code} with the same`,
      send: [frame.close(code)],
      closes: code,
    })),
    ...[...valid, ...application].map((code) => ({
      title: `§7.4 answers close code ${code} and a reason with the same code`,
      send: [frame.close(code, 'going ☃')],
      closes: code,
    })),
    ...[...reserved, ...outside].flatMap((code) => [
      {
        title: `§7.4 refuses close code ${code}`,
        send: [frame.close(code)],
        closes: 1002,
      },
      {
        title: `§7.4 refuses close code ${code} with a reason`,
        send: [frame.close(code, 'reason')],
        closes: 1002,
      },
    ]),
  ]);
});

describe('close payloads', () => {
  const closing = (title: string, payload: Buffer, closes: number | number[]) => ({
    title,
    send: [frame.frame(frame.CLOSE, payload)],
    closes,
  });
  const reason = (hex: string) => Buffer.from(`03e8${hex}`, 'hex');
  runExchanges(server, [
    // §5.5.1: the answer "typically" repeats the code, and there is none to repeat.
    closing('§5.5.1 answers an empty close frame', Buffer.alloc(0), [1005, 1000]),
    closing('§5.5.1 refuses a close payload of one byte', Buffer.from([3]), 1002),
    closing('§5.5.1 answers a reason of 122 bytes', frame.closePayload(1000, 'r'.repeat(122)), 1000),
    closing('§5.5.1 answers a reason of 123 bytes', frame.closePayload(1000, 'r'.repeat(123)), 1000),
    closing('§5.5 refuses a reason of 124 bytes', frame.closePayload(1000, 'r'.repeat(124)), 1002),
    closing(
      '§5.5.1 answers a reason of 41 characters of 3 bytes',
      frame.closePayload(1000, '☃'.repeat(41)),
      1000,
    ),
    closing('§5.5.1 answers a reason with a character beyond 16 bits', frame.closePayload(1000, '😀'), 1000),
    closing(
      '§8.1 refuses a reason with a stray continuation byte',
      reason('61 80 62'.replaceAll(' ', '')),
      1007,
    ),
    closing('§8.1 refuses a reason with a surrogate', reason('ceba eda080 6564'.replaceAll(' ', '')), 1007),
    closing('§8.1 refuses a reason with an overlong form', reason('c080'), 1007),
    closing('§8.1 refuses a reason above U+10FFFF', reason('f4908080'), 1007),
    closing('§8.1 refuses a reason that ends within a character', reason('61e298'), 1007),
    closing(
      '§8.1 refuses a reason of 123 bytes of which the last is wrong',
      reason(`${'61'.repeat(122)}ff`),
      1007,
    ),
  ]);
});

describe('what comes around a close frame', () => {
  runExchanges(server, [
    {
      title: '§5.5.1 ignores a message, a ping and a second close after the close frame',
      send: [frame.close(1000), frame.text('late'), frame.ping('late'), frame.close(3000)],
      closes: 1000,
    },
    {
      title: '§5.5.1 ignores 256 KiB after the close frame',
      send: [frame.close(1000), frame.binary(Buffer.alloc(262144))],
      closes: 1000,
      deliveries: ['whole', 16384],
    },
    {
      title: '§5.5.1 ignores bytes that are no frames after the close frame',
      send: [frame.close(1000), Buffer.alloc(500, 0xff)],
      closes: 1000,
    },
    {
      title: '§7.1.2 answers every message before it closes',
      send: [...Array(20).keys()].map((i) => frame.text(`${i}`)),
      replies: [...Array(20).keys()].map((i) => reply.text(`${i}`)),
    },
    {
      title: '§7.1.2 sends a large answer whole before it closes',
      send: [frame.binary(Buffer.alloc(4_194_304, 7))],
      replies: [reply.binary(Buffer.alloc(4_194_304, 7))],
      deliveries: ['whole', 65536],
    },
    {
      title: '§5.5.1 drops an unfinished message when the close frame comes',
      send: [frame.text('never', { fin: false }), frame.ping('1'), frame.close(1001)],
      replies: [reply.pong('1')],
      closes: 1001,
    },
  ]);
});

describe('connections that end without a closing handshake', () => {
  const states: [when: string, bytes: Buffer[]][] = [
    ['at once', []],
    ['after one byte of a header', [Buffer.from([0x81])]],
    ['within a masking key', [frame.text('Hello').subarray(0, 4)]],
    ['within a payload', [frame.text('Hello').subarray(0, 8)]],
    ['within a large payload', [frame.binary(Buffer.alloc(1000), { announce: 1_000_000 })]],
    ['within a fragmented message', [frame.text('Hel', { fin: false })]],
    ['within a close frame', [frame.close(1000).subarray(0, 3)]],
  ];
  for (const [when, bytes] of states) {
    test(`§7.1.1 ends a connection whose client half-closes ${when}`, () =>
      server.withWebSocket(async (client) => {
        client.socket.end(Buffer.concat(bytes));
        const said = (await client.untilEnd()).filter((one) => !one.startsWith('close'));
        assert.equal(said.length, 1, 'nothing but a close frame may be said to a client that has ended');
      }));

    test(`§7.1.1 forgets a connection that is reset ${when}`, () =>
      server.withWebSocket(async (client) => {
        await client.deliver(Buffer.concat(bytes));
        client.socket.resetAndDestroy();
      }));
  }

  test('§7.1.1 answers a message of a client that half-closes right after it', () =>
    server.withWebSocket(async (client) => {
      client.socket.end(Buffer.concat([frame.text('parting words'), frame.close(1000)]));
      assert.deepEqual(await client.untilEnd(), [reply.text('parting words'), reply.close(1000), reply.fin]);
    }));

  test('§7.1.1 survives a client that is reset while its answer is being sent', () =>
    server.withWebSocket(async (client) => {
      client.socket.pause();
      await client.deliver(frame.binary(Buffer.alloc(8_388_608)), 1_048_576);
      client.socket.resetAndDestroy();
    }));
});
