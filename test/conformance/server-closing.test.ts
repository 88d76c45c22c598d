// RFC 6455 §7.1 where the running server begins the closing handshake: one close frame, nothing after it but pongs, and an end for those who never answer.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { echoServer } from './echo-server.ts';
import * as frame from './frames.ts';
import * as reply from './replies.ts';

const server = echoServer();
const impatient = echoServer({ closeTimeout: 50 });

describe('a closing handshake that the server begins', () => {
  const answers: [what: string, bytes: Buffer[], pongs?: string[]][] = [
    ['its own close frame', [frame.close(1000)]],
    ['an empty close frame', [frame.close()]],
    ['a close frame of another code', [frame.close(4999, 'other')]],
    ['a close frame of an invalid code', [frame.close(1005)]],
    ['a message before its close frame', [frame.text('more'), frame.close(1000)]],
    // §5.5.2: a pong is owed until a close frame is received.
    [
      'pings, of which one comes too late',
      [frame.ping('x'), frame.close(1000), frame.ping('y')],
      [reply.pong('x')],
    ],
    ['a message after its close frame', [frame.close(1000), frame.text('more')]],
    ['a fragmented message it never ends', [frame.text('more', { fin: false }), frame.close(1000)]],
    ['a bad frame', [frame.frame(3)]],
    ['an unmasked frame', [frame.text('x', { maskingKey: null })]],
    ['text that is not UTF-8', [frame.text(Buffer.from([0xff]))]],
  ];
  for (const [what, bytes, pongs = []] of answers) {
    for (const delivery of ['whole', 'byte by byte'] as const) {
      test(`§5.5.1 is one close frame and the end when the client answers with ${what}, ${delivery}`, () =>
        server.withWebSocket(async (client) => {
          server.newest.close(1001, 'going away');
          assert.deepEqual(await client.next(), { kind: 'close', code: 1001 });
          await client.deliver(Buffer.concat(bytes), delivery);
          assert.deepEqual(await client.untilEnd(), [reply.close(1001), ...pongs, reply.fin]);
        }));
    }
  }

  test('§7.1.1 ends when the client half-closes instead of answering', () =>
    server.withWebSocket(async (client) => {
      server.newest.close(1000);
      assert.deepEqual(await client.next(), { kind: 'close', code: 1000 });
      client.socket.end();
      assert.deepEqual(await client.untilEnd(), [reply.close(1000), reply.fin]);
    }));

  test('§7.1.1 ends after closeTimeout when the client never answers', () =>
    impatient.withWebSocket(async (client) => {
      impatient.newest.close(1000);
      const said = await client.untilEnd();
      assert.equal(said[0], reply.close(1000));
      assert.equal(said.length, 2);
    }));

  test('§7.1.1 ends after closeTimeout when the client keeps talking without an answer', () =>
    impatient.withWebSocket(async (client) => {
      impatient.newest.close(1000);
      assert.deepEqual(await client.next(), { kind: 'close', code: 1000 });
      // As long as the server listens at all, and no longer.
      await client.deliver(Buffer.alloc(2_000_000, frame.ping('still here')), 11);
      const [first, ...rest] = await client.untilEnd();
      assert.equal(first, reply.close(1000));
      assert.deepEqual(new Set(rest.slice(0, -1)), new Set([reply.pong('still here')]));
    }));

  test('§5.5.1 sends what the application sent before, and the close frame last', () =>
    server.withWebSocket(async (client) => {
      const large = Buffer.alloc(300_000, 'compress me ');
      server.newest.send(large);
      server.newest.send('small');
      server.newest.ping();
      server.newest.close(3000);
      server.newest.close(3001);
      server.newest.send('never', () => {});
      for (let i = 0; i < 4; i++) await client.next();
      client.socket.write(frame.close(3000));
      const ping = 'ping of 0 ""';
      const all = [reply.binary(large), reply.text('small'), ping, reply.close(3000), reply.fin];
      assert.deepEqual(await client.untilEnd(), all);
    }, 'permessage-deflate'));
});
