// RFC 6455 §5.2 against the running server: bits and opcodes that are reserved fail the connection, wherever they turn up.
import { describe } from 'node:test';
import { echoServer } from './echo-server.ts';
import { runExchanges } from './exchange.ts';
import * as frame from './frames.ts';
import * as reply from './replies.ts';

const server = echoServer();
const opcodes = [frame.TEXT, frame.BINARY, frame.PING, frame.PONG, frame.CLOSE];
const payload = frame.closePayload(1000, 'Hello');

describe('reserved bits', () => {
  runExchanges(
    server,
    [1, 2, 3, 4, 5, 6, 7].flatMap((rsv) => [
      ...opcodes.map((opcode) => ({
        title: `§5.2 fails the connection on RSV ${rsv} in opcode ${opcode}`,
        send: [frame.frame(opcode, payload, { rsv })],
        closes: 1002,
      })),
      {
        title: `§5.2 answers what came before a frame with RSV ${rsv}`,
        send: [frame.text('Hello'), frame.ping('1'), frame.text('Hello', { rsv }), frame.ping('2')],
        replies: [reply.text('Hello'), reply.pong('1')],
        closes: 1002,
      },
      {
        title: `§5.2 fails the connection on RSV ${rsv} in a continuation frame`,
        send: [frame.text('Hel', { fin: false }), frame.continuation('lo', { rsv })],
        closes: 1002,
      },
    ]),
  );
  runExchanges(
    server,
    [1, 2, 3, 5, 6, 7].map((rsv) => ({
      title: `RFC 7692 §6 gives a meaning to RSV1 only: RSV ${rsv} fails a connection with permessage-deflate`,
      send: [frame.text('Hello', { rsv })],
      closes: 1002,
      extensions: 'permessage-deflate',
    })),
  );
});

describe('reserved opcodes', () => {
  runExchanges(
    server,
    [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].flatMap((opcode) => [
      {
        title: `§5.2 fails the connection on opcode ${opcode}`,
        send: [frame.frame(opcode)],
        closes: 1002,
      },
      {
        title: `§5.2 fails the connection on opcode ${opcode} with a payload`,
        send: [frame.frame(opcode, 'Hello'), frame.ping('2')],
        closes: 1002,
      },
      {
        title: `§5.2 fails the connection on the first byte of opcode ${opcode}, or the second`,
        send: [frame.frame(opcode, 'Hello').subarray(0, 2)],
        closes: 1002,
        deliveries: ['byte by byte'] as const,
      },
      {
        title: `§5.2 answers what came before opcode ${opcode}, and nothing after`,
        send: [frame.text('Hello'), frame.ping('1'), frame.frame(opcode, 'Hello'), frame.ping('2')],
        replies: [reply.text('Hello'), reply.pong('1')],
        closes: 1002,
      },
      {
        title: `§5.2 fails the connection on opcode ${opcode} inside a fragmented message`,
        send: [frame.text('Hel', { fin: false }), frame.frame(opcode), frame.continuation('lo')],
        closes: 1002,
      },
      {
        title: `§5.2 fails the connection on opcode ${opcode} without FIN`,
        send: [frame.frame(opcode, 'Hello', { fin: false })],
        closes: 1002,
      },
    ]),
  );
});
