// RFC 6455 §10 against the running server: floods, silence, nonsense and crowds cost it bounded memory and nobody else's connection.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { deflateRawSync } from 'node:zlib';
import { echoServer } from './echo-server.ts';
import * as frame from './frames.ts';
import { openingRequest } from './opening-request.ts';
import { Random } from './random.ts';
import { RawClient } from './raw-client.ts';
import * as reply from './replies.ts';

const server = echoServer();
const limited = echoServer({ maxPayload: 65_536 });
const MiB = 1_048_576;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes this process holds, in the JavaScript heap and outside of it. */
function held(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Writes `piece` again and again until the server takes no more for many turns of the event loop; returns the bytes it took. */
async function writeUntilStalled(client: RawClient, piece: Buffer, most: number): Promise<number> {
  let written = 0;
  while (written < most && !client.ended) {
    written += piece.length;
    if (client.socket.write(piece)) continue;
    for (let turns = 0; client.socket.writableNeedDrain && !client.ended; turns++) {
      if (turns === 3000) return written;
      await turn();
    }
  }
  return written;
}

describe('a client that does not read', () => {
  const floods: [what: string, piece: Buffer, extensions?: string][] = [
    ['messages', frame.binary(Buffer.alloc(65_536))],
    ['large messages', frame.binary(Buffer.alloc(MiB))],
    ['pings', Buffer.concat(Array(500).fill(frame.ping(Buffer.alloc(125))))],
    ['small messages', Buffer.concat(Array(5000).fill(frame.text('Hello')))],
    [
      'compressed messages',
      frame.binary(deflateRawSync(new Random(11).bytes(65_536)), { rsv: frame.RSV1 }),
      'permessage-deflate; server_no_context_takeover; client_no_context_takeover',
    ],
  ];
  for (const [what, piece, extensions] of floods) {
    test(`§10.4 cannot make the server hold its answers to a flood of ${what}`, async () => {
      await server.withWebSocket(async (client) => {
        client.socket.pause();
        const most = 96 * MiB;
        const before = held();
        const taken = await writeUntilStalled(client, piece, most);
        const kept = held() - before;
        assert.ok(kept < 32 * MiB, `of ${taken / MiB} MiB that went in, ${kept / MiB} are held`);
      }, extensions);
    });
  }

  test('§10.4 gets every answer once it reads again', async () => {
    await server.withWebSocket(async (client) => {
      const message = Buffer.alloc(65_536, 'w');
      const piece = frame.binary(message);
      client.socket.pause();
      const taken = await writeUntilStalled(client, piece, 32 * MiB);
      client.socket.write(frame.close(1000));
      client.socket.resume();
      const said = await client.untilEnd();
      const answers = Array(taken / piece.length).fill(reply.binary(message));
      assert.deepEqual(said, [...answers, reply.close(1000), reply.fin]);
    });
  });
});

describe('floods of small things', () => {
  const flood = (title: string, start: Buffer, piece: Buffer, times: number) =>
    test(title, () =>
      limited.withWebSocket(async (client) => {
        client.socket.write(start);
        const block = Buffer.concat(Array(1000).fill(piece));
        const before = held();
        for (let i = 0; i < times && !client.ended; i++) {
          if (!client.socket.write(block)) await turn();
        }
        client.socket.write(Buffer.concat([frame.continuation('end'), frame.close(1000)]));
        const said = await client.untilEnd();
        assert.ok(held() - before < 48 * MiB, 'memory grows with the number of frames');
        const finished = [reply.text('startend'), reply.close(1000), reply.fin];
        const refused = said.length === 2 && ['close 1008', 'close 1009'].includes(said[0]!);
        assert.deepEqual(said, refused ? [said[0], reply.fin] : finished);
      }),
    );
  const start = frame.text('start', { fin: false });
  flood(
    '§10.4 bounds a message of 300,000 empty fragments',
    start,
    frame.continuation('', { fin: false }),
    300,
  );
  flood('§10.4 bounds 300,000 unsolicited pongs within a message', start, frame.pong(), 300);
  flood('§10.4 bounds fragments of one byte', start, frame.continuation('x', { fin: false }), 100);
});

describe('nonsense', () => {
  test('§5.2 ends 200 connections of random bytes with a close frame or in patience, and goes on', async () => {
    const random = new Random(12);
    const codes = new Set<string>();
    for (let i = 0; i < 200; i++) {
      await limited.withWebSocket(
        async (client) => {
          client.socket.end(random.bytes(1 + random.below(400)));
          for (const one of await client.untilEnd()) codes.add(one);
        },
        i % 2 ? 'permessage-deflate' : undefined,
      );
    }
    const allowed = ['close 1002', 'close 1006', 'close 1007', 'close 1009', 'fin'];
    const others = [...codes].filter((one) => !allowed.includes(one) && !/^(pong|text|binary) /.test(one));
    assert.deepEqual(others, []);
    assert.ok(codes.has('close 1002'));
  });

  test('§5.2 ends 300 conversations with one flipped bit in a message, a failure or patience', async () => {
    const random = new Random(13);
    const conversation = Buffer.concat([
      frame.text('Hel', { fin: false }),
      frame.ping('p'),
      frame.continuation('lo ☃'),
      frame.binary(random.bytes(200)),
      frame.text(Buffer.from('f248cdc9c90700', 'hex'), { rsv: frame.RSV1 }),
    ]);
    for (let i = 0; i < 300; i++) {
      const bytes = Buffer.from(conversation);
      const bit = random.below(bytes.length * 8);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      await limited.withWebSocket(async (client) => {
        client.socket.end(bytes);
        const said = await client.untilEnd();
        assert.equal(said.at(-1), reply.fin, `bit ${bit}`);
      }, 'permessage-deflate');
    }
  });
});

describe('crowds', () => {
  test('§10.4 keeps 200 conversations apart that are cut into each other', async () => {
    const clients = await Promise.all(
      Array.from({ length: 200 }, () => RawClient.open(server.port, 'permessage-deflate')),
    );
    try {
      const said = await Promise.all(
        clients.map(async (client, i) => {
          const compressed = client.deflate!.compress(Buffer.from(`client ${i} `.repeat(50)));
          const frames = [
            frame.text(`client `, { fin: false }),
            frame.ping(`${i}`),
            frame.continuation(`${i}`),
            frame.text(compressed, { rsv: frame.RSV1 }),
            frame.close(3000 + i),
          ];
          await client.deliver(Buffer.concat(frames), 'cut at random');
          return client.untilEnd();
        }),
      );
      for (const [i, one] of said.entries()) {
        const texts = [`client ${i}`, `client ${i} `.repeat(50)].map((text) => reply.text(text));
        assert.deepEqual(one, [reply.pong(`${i}`), ...texts, reply.close(3000 + i), reply.fin]);
      }
    } finally {
      for (const client of clients) client.destroy();
    }
    await server.undisturbed();
  });

  test('§4.2 survives 200 handshakes given up at every point', async () => {
    const request = openingRequest();
    for (let i = 0; i < 200; i++) {
      await server.withConnection(async (client) => {
        await client.deliver(request.subarray(0, 1 + ((i * 7) % request.length)));
        client.socket.resetAndDestroy();
      });
    }
  });

  test('§7.1.1 keeps nothing of 400 connections that came and went', async () => {
    const visit = () =>
      server.withWebSocket(async (client) => {
        client.socket.write(Buffer.concat([frame.binary(Buffer.alloc(10_000)), frame.close(1000)]));
        await client.untilEnd();
      }, 'permessage-deflate');
    for (let i = 0; i < 100; i++) await visit();
    const before = held();
    for (let i = 0; i < 400; i++) await visit();
    assert.ok(held() - before < 48 * MiB, 'closed connections are not freed');
  });
});
