// TCP keeps no borders (RFC 6455 §5.2): one long conversation with the running server, cut at every single place and at many together.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { echoServer } from './echo-server.ts';
import * as frame from './frames.ts';
import { openingRequest } from './opening-request.ts';
import { Random } from './random.ts';
import type { RawClient } from './raw-client.ts';
import * as reply from './replies.ts';

const server = echoServer();
const extensions = 'permessage-deflate';
const hello = Buffer.from('f248cdc9c90700', 'hex');
const long = new Random(20).bytes(130);
const open = { fin: false };

/** Every kind of frame next to every other, with payloads shorter and longer than a header. */
const conversation = Buffer.concat([
  frame.text('☃ Hello'),
  frame.ping('p'),
  frame.binary(long),
  frame.ping(''),
  frame.pong('unasked'),
  frame.text('', open),
  frame.ping('a longer payload than any header'),
  frame.continuation(Buffer.from('e298', 'hex'), open),
  frame.ping('pi'),
  frame.continuation(Buffer.from('83', 'hex')),
  frame.binary(''),
  frame.text(hello.subarray(0, 3), { fin: false, rsv: frame.RSV1 }),
  frame.ping('png'),
  frame.continuation(hello.subarray(3)),
  frame.text('last'),
  frame.close(4000, 'done ☃'),
]);
const answers = [
  reply.text('☃ Hello'),
  reply.pong('p'),
  reply.binary(long),
  reply.pong(''),
  reply.pong('a longer payload than any header'),
  reply.pong('pi'),
  reply.text('☃'),
  reply.binary(''),
  reply.pong('png'),
  reply.text('Hello'),
  reply.text('last'),
  reply.close(4000),
  reply.fin,
];

async function inPieces(client: RawClient, bytes: Buffer, cuts: readonly number[]): Promise<void> {
  const borders = [0, ...cuts, bytes.length];
  for (let i = 1; i < borders.length; i++) {
    client.socket.write(bytes.subarray(borders[i - 1], borders[i]));
    await turn();
  }
  assert.deepEqual(await client.untilEnd(), answers, `cut at ${cuts}`);
}

describe('a conversation cut into pieces', () => {
  test('§5.2 is the same when cut in two anywhere', async () => {
    for (let at = 1; at < conversation.length; at++) {
      await server.withWebSocket((client) => inPieces(client, conversation, [at]), extensions);
    }
  });

  test('§5.2 is the same when any one byte comes alone', async () => {
    for (let at = 1; at < conversation.length - 1; at++) {
      await server.withWebSocket((client) => inPieces(client, conversation, [at, at + 1]), extensions);
    }
  });

  test('§5.2 is the same in 300 random cuts', async () => {
    const random = new Random(21);
    for (let i = 0; i < 300; i++) {
      const cuts = Array.from({ length: 1 + random.below(30) }, () => random.below(conversation.length));
      const sorted = [...new Set(cuts)].sort((a, b) => a - b);
      await server.withWebSocket((client) => inPieces(client, conversation, sorted), extensions);
    }
  });

  test('§5.2 is the same in pieces of every size', async () => {
    for (let size = 1; size <= 64; size++) {
      await server.withWebSocket(async (client) => {
        await client.deliver(conversation, size);
        assert.deepEqual(await client.untilEnd(), answers, `in pieces of ${size}`);
      }, extensions);
    }
  });

  test('§4.1 is the same when handshake and frames come together and are cut anywhere', async () => {
    const headers = { 'Sec-WebSocket-Extensions': extensions };
    const request = openingRequest({ headers });
    const bytes = Buffer.concat([request, conversation]);
    for (let at = 1; at < request.length + 60; at++) {
      await server.withConnection((client) => inPieces(client, bytes, [at]));
    }
  });
});
