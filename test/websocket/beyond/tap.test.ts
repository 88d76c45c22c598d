// The event `tap`: what is on the wire of one connection, byte for byte, for those who want to look at it.
import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { describe, test } from 'node:test';
import type { Tap, TappedChunk, TappedFrame, WebSocketServer } from '../../../src/websocket/index.ts';
import { openingRequest } from '../../conformance/opening-request.ts';
import { RawClient } from '../../conformance/raw-client.ts';
import { bytes, vectors } from '../../vectors/vectors.ts';
import { event } from '../inbox.ts';
import { echo, stage } from '../stage.ts';

interface Seen {
  readonly tap: Tap;
  readonly request: IncomingMessage;
  readonly chunks: TappedChunk[];
  readonly frames: TappedFrame[];
  readonly closed: Promise<unknown>;
}

/** Taps all connections of a server from now on. */
function watch(server: WebSocketServer, setUp = (_tap: Tap) => {}): Seen[] {
  const seen: Seen[] = [];
  server.on('tap', (tap, request) => {
    const one: Seen = { tap, request, chunks: [], frames: [], closed: event(tap, 'close') };
    setUp(tap);
    tap.on('chunk', (chunk) => one.chunks.push(chunk));
    tap.on('frame', (frame) => one.frames.push(frame));
    seen.push(one);
  });
  return seen;
}

const hex = (data: Uint8Array) => Buffer.from(data).toString('hex');
const bytesFrom = (from: string, { chunks }: Seen) =>
  hex(Buffer.concat(chunks.filter((chunk) => chunk.from === from).map((chunk) => chunk.bytes)));
const framesFrom = (from: string, { frames }: Seen) => frames.filter((frame) => frame.from === from);

const hello = bytes(vectors('frames').get('rfc-5.7-masked-hello')!.hex);

describe('a tap', () => {
  test('tells the opening handshake, byte for byte', async (t) => {
    const on = await stage(t);
    const seen = watch(on.server);
    on.server.on('headers', (lines) => lines.push('X-Also: this'));
    const { raw } = await on.raw();
    const { tap, request } = seen[0]!;
    assert.match(tap.request.toString(), /^GET \/\S* HTTP\/1\.1\r\n(.+\r\n)+\r\n$/);
    assert.match(
      tap.request.toString(),
      new RegExp(`Sec-WebSocket-Key: ${request.headers['sec-websocket-key']}`),
    );
    const head = tap.response.toString('latin1');
    assert.equal(
      head.slice(0, -4),
      [raw.response!.statusLine, ...head.split('\r\n').slice(1, -2)].join('\r\n'),
    );
    assert.match(head, /\r\nX-Also: this\r\n\r\n$/);
  });

  test('§5.3 shows frames as they came, masked, though the connection unmasks them in place', async (t) => {
    const on = await stage(t);
    echo(on.server);
    const seen = watch(on.server);
    const { raw } = await on.raw();
    raw.socket.write(hello);
    await raw.next();
    const [client] = framesFrom('client', seen[0]!);
    const [server] = framesFrom('server', seen[0]!);
    assert.equal(hex(client!.bytes), hex(hello));
    assert.equal(hex(server!.bytes), '810548656c6c6f');
    assert.ok(server!.at >= client!.at && Math.abs(client!.at - Date.now()) < 60_000);
  });

  test('tells chunks apart from frames: a frame in many chunks, many frames in one', async (t) => {
    const on = await stage(t);
    echo(on.server);
    const seen = watch(on.server);
    const { raw } = await on.raw();
    await raw.deliver(hello, 'byte by byte');
    await raw.next();
    const { chunks } = seen[0]!;
    const cut = chunks.filter(({ from }) => from === 'client');
    assert.ok(cut.length > 2, `${cut.length} chunks`);
    let expected = 0;
    for (const { offset, bytes } of cut) {
      assert.equal(offset, expected);
      expected += bytes.length;
    }
    assert.equal(bytesFrom('client', seen[0]!), hex(hello));
    await raw.deliver(Buffer.concat([hello, hello, hello]));
    for (let i = 0; i < 3; i++) await raw.next();
    assert.deepEqual(
      framesFrom('client', seen[0]!).map(({ offset, length }) => [offset, length]),
      [0, 11, 22, 33].map((offset) => [offset, 11]),
    );
    // The answers to one chunk leave in one write.
    const answers = chunks.filter(({ from }) => from === 'server');
    assert.deepEqual(
      answers.map(({ offset, bytes }) => [offset, bytes.length]),
      [
        [0, 7],
        [7, 21],
      ],
    );
  });

  test('sees what came in one packet with the handshake', async (t) => {
    const on = await stage(t);
    echo(on.server);
    const seen = watch(on.server);
    on.server.once('tap', (_tap, _request, peer) => assert.equal(peer.readyState, peer.OPEN));
    const raw = await RawClient.connect(on.port);
    raw.socket.write(Buffer.concat([openingRequest(), hello]));
    await raw.next();
    raw.destroy();
    await seen[0]!.closed;
    assert.deepEqual(
      seen[0]!.frames.map(({ bytes }) => hex(bytes)),
      [hex(hello), '810548656c6c6f'],
    );
  });

  test('sees all that leaves in one system call together, large payloads and broadcasts too', async (t) => {
    const on = await stage(t);
    const seen = watch(on.server);
    const { peer, inbox } = await on.pair();
    const large = Buffer.alloc(40_000, 7);
    peer.send(large);
    peer.send('small');
    on.server.broadcast('to all');
    await inbox.take(3);
    const { chunks } = seen[0]!;
    assert.deepEqual(
      chunks.map(({ bytes }) => bytes.length),
      [4 + 40_000 + 2 + 5 + 2 + 6],
    );
    assert.equal(hex(framesFrom('server', seen[0]!)[0]!.bytes), `827e9c40${hex(large)}`);
  });

  test('§7.1.7 shows the frame that broke a rule, its payload though it never came, and the close frame', async (t) => {
    const on = await stage(t);
    echo(on.server);
    const seen = watch(on.server);
    const { raw } = await on.raw();
    const refused = bytes('c1 ff 00 00 00 00 00 01 00 00 37 fa 21 3d 7f');
    raw.socket.write(refused);
    await raw.untilEnd();
    await seen[0]!.closed;
    assert.deepEqual(
      seen[0]!.frames.map(({ from, complete, bytes }) => [from, complete, hex(bytes)]),
      [
        ['server', true, '880203ea'],
        ['client', false, hex(refused)],
      ],
    );
  });

  test('keeps of each frame no more than it is told', async (t) => {
    const on = await stage(t);
    const seen = watch(on.server, (tap) => {
      tap.keep = 100;
    });
    const { peer, inbox } = await on.pair();
    peer.send(Buffer.alloc(70_000));
    await inbox.take(1);
    const [frame] = framesFrom('server', seen[0]!);
    assert.deepEqual([frame!.bytes.length, frame!.length], [100, 70_010]);
  });

  test('is made for connections that begin while somebody listens, and changes nothing on the wire', async (t) => {
    const on = await stage(t, { perMessageDeflate: { threshold: 0 } });
    echo(on.server);
    const before = await on.raw('permessage-deflate');
    const seen = watch(on.server);
    const during = await on.raw('permessage-deflate');
    on.server.removeAllListeners('tap');
    const behind = await on.raw('permessage-deflate');
    for (const { raw } of [before, during, behind]) {
      await raw.deliver(bytes('c1 87 37 fa 21 3d c5 b2 ec f4 fe fd 21 81 85 37 fa 21 3d 7f 9f 4d 51 58'), 3);
      assert.deepEqual(
        [await raw.next(), await raw.next()].map((item) => 'payload' in item && String(item.payload)),
        ['Hello', 'Hello'],
      );
    }
    assert.equal(seen.length, 1);
    assert.equal(bytesFrom('client', seen[0]!), 'c18737fa213dc5b2ecf4fefd21818537fa213d7f9f4d5158');
  });
});
