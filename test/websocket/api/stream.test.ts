// createWebSocketStream: messages as chunks of a Duplex, the ends of both sides, errors, and back-pressure.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { test } from 'node:test';
import * as frame from '../../conformance/frames.ts';
import { closing, event, within } from '../inbox.ts';
import { createWebSocketStream, stage } from '../stage.ts';

test('ws §8 reads each message as a chunk, text as bytes too', async (t) => {
  const { client, peer } = await (await stage(t)).pair();
  const stream = createWebSocketStream(peer);
  client.send('grüße');
  client.send(Buffer.from([0, 255]));
  client.close();
  const chunks: unknown[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  assert.deepEqual(Buffer.concat(chunks as Buffer[]), Buffer.from([...Buffer.from('grüße'), 0, 255]));
});

test('ws §8 reads text as strings in readableObjectMode', async (t) => {
  const { client, peer } = await (await stage(t)).pair();
  const stream = createWebSocketStream(peer, { readableObjectMode: true });
  client.send('text');
  client.send(Buffer.from('bytes'));
  client.close();
  assert.deepEqual(await stream.toArray(), ['text', Buffer.from('bytes')]);
});

test('ws §8 writes each chunk as a message, strings as text with decodeStrings: false', async (t) => {
  const { peer, inbox } = await (await stage(t)).pair();
  const stream = createWebSocketStream(peer, { decodeStrings: false });
  stream.write('text');
  stream.write(Buffer.from('bytes'));
  assert.deepEqual(
    (await inbox.take(2)).map(({ data, isBinary }) => [data.toString(), isBinary]),
    [
      ['text', false],
      ['bytes', true],
    ],
  );
});

test('ws §8 keeps objectMode, writableObjectMode, autoDestroy and emitClose to itself', async (t) => {
  const { peer } = await (await stage(t)).pair();
  const stream = createWebSocketStream(peer, {
    objectMode: true,
    writableObjectMode: true,
    autoDestroy: true,
    emitClose: false,
    highWaterMark: 99,
  });
  const { readableObjectMode, writableObjectMode, readableHighWaterMark } = stream;
  assert.deepEqual([readableObjectMode, writableObjectMode, readableHighWaterMark], [false, false, 99]);
});

test('ws §8 end() closes the connection once all is written, then the stream closes', async (t) => {
  const { peer, inbox } = await (await stage(t)).pair();
  const stream = createWebSocketStream(peer);
  const closed = event(stream, 'close');
  stream.resume();
  stream.write('one');
  stream.end('two');
  assert.deepEqual(await inbox.texts(2), ['one', 'two']);
  assert.deepEqual(await inbox.end(), { code: 1005, reason: '' });
  await closed;
  assert.equal(peer.readyState, peer.CLOSED);
  assert.equal(stream.destroyed, true);
});

test('ws §8 ends when the peer closes', async (t) => {
  const { client, peer } = await (await stage(t)).pair();
  const stream = createWebSocketStream(peer);
  const ended = event(stream, 'end');
  stream.resume();
  client.close(1000);
  await ended;
});

test('ws §8 destroy() terminates the connection', async (t) => {
  const { peer, inbox } = await (await stage(t)).pair();
  const stream = createWebSocketStream(peer);
  const closed = event(stream, 'close');
  stream.destroy();
  assert.equal((await inbox.end()).code, 1006);
  await closed;
  assert.equal(peer.readyState, peer.CLOSED);
});

test('ws §8 destroy() with an error emits that before `close`', async (t) => {
  const { peer } = await (await stage(t)).pair();
  const stream = createWebSocketStream(peer);
  const order: unknown[] = [];
  stream.on('error', (error) => order.push(error.message));
  const closed = event(stream, 'close');
  stream.destroy(new Error('why not'));
  await closed;
  assert.deepEqual(order, ['why not']);
});

test('ws §8 is destroyed with the error of the connection, whose peer still gets the code', async (t) => {
  const { raw, peer } = await (await stage(t)).raw();
  const stream = createWebSocketStream(peer);
  const failed = event(stream, 'error');
  const closed = event(stream, 'close');
  raw.socket.write(frame.text('x', { maskingKey: null }));
  assert.equal(((await failed)[0] as { code?: string }).code, 'WS_ERR_EXPECTED_MASK');
  assert.deepEqual(await raw.untilEnd(), ['close 1002', 'fin']);
  await closed;
});

test('ws §8 reads from the peer no faster than the stream is read', async (t) => {
  const { client, peer } = await (await stage(t)).pair();
  const stream = createWebSocketStream(peer, { highWaterMark: 1 });
  for (let i = 0; i < 20; i++) client.send(`${i}`);
  await once(stream, 'readable');
  assert.equal(peer.isPaused, true);
  const chunks: string[] = [];
  client.close();
  for await (const chunk of stream) chunks.push(String(chunk));
  assert.equal(chunks.join(''), Array.from({ length: 20 }, (_, i) => i).join(''));
});

test('ws §8 pipes 8 MiB through a connection and back, byte for byte', async (t) => {
  const on = await stage(t);
  const far = await on.pair();
  const stream = createWebSocketStream(far.peer);
  stream.pipe(stream);
  const data = randomBytes(8 << 20);
  const chunks = Array.from({ length: 128 }, (_, i) => data.subarray(i * 65_536, (i + 1) * 65_536));
  const hash = createHash('sha1');
  let received = 0;
  far.client.on('message', (chunk: Buffer) => {
    hash.update(chunk);
    received += chunk.length;
    if (received === data.length) far.client.close();
  });
  const sink = new Writable({
    write: (chunk, _encoding, callback) => void far.client.send(chunk, callback),
  });
  await within(pipeline(Readable.from(chunks), sink), 'writing');
  await far.inbox.end();
  assert.equal(hash.digest('hex'), createHash('sha1').update(data).digest('hex'));
});

test('ws §8 fails a write that comes after the close', async (t) => {
  const { client, peer } = await (await stage(t)).pair();
  const stream = createWebSocketStream(peer);
  const failed = event(stream, 'error');
  const closed = closing(peer);
  client.close();
  await closed;
  stream.write('late');
  assert.match(((await failed)[0] as Error).message, /WebSocket is not open: readyState 3|write after end/);
});
