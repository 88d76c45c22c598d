// A parser of somebody else, on both sides.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import parser from 'socket.io-msgpack-parser';
import { event, stage, within } from './stage.ts';

test('socket.io-msgpack-parser: events, binaries, acknowledgements, refusals', async (t) => {
  const made = await stage(t, { parser });
  const { client, socket } = await made.pair('/', { parser });
  const value = { bytes: Buffer.from([1, 2]), list: [1, null, 'ä'] };
  const heard = event(client, 'hello');
  made.io.emit('hello', value);
  assert.deepEqual(await heard, [value]);
  socket.on('echo', (given, reply) => reply(given));
  assert.deepEqual(await within(client.emitWithAck('echo', value), 'reply'), value);
  const [error] = (await event(made.client('/none', { parser }), 'connect_error')) as [Error];
  assert.equal(error.message, 'Invalid namespace');
  const gone = event(socket, 'disconnect');
  client.disconnect();
  assert.equal((await gone)[0], 'client namespace disconnect');
});

test('what it lets pass is checked nevertheless', async (t) => {
  const made = await stage(t, { parser });
  const { client, socket } = await made.pair('/', { parser });
  const failed = event(socket, 'error');
  const gone = event(socket, 'disconnect');
  // Its types say otherwise, but it returns a list, as parsers do.
  const encoded: unknown = new parser.Encoder().encode({
    type: 2,
    nsp: '/',
    data: ['disconnect', 'forged'],
  } as never);
  const [message] = encoded as [Buffer];
  client.io.engine.send(message);
  assert.equal(((await failed)[0] as Error).message, 'invalid payload');
  assert.equal((await gone)[0], 'forced close');
});

test('a parser may keep its packets, and give the same again', async (t) => {
  const kept: unknown[] = [];
  class KeepingDecoder extends parser.Decoder {
    override emit(event: string, packet: { type: number; data?: unknown }): this {
      if (packet.type === 2) {
        kept.push(Object.freeze(packet.data));
        super.emit(event, packet);
      }
      return super.emit(event, packet);
    }
  }
  const keeping = { Encoder: parser.Encoder, Decoder: KeepingDecoder };
  const made = await stage(t, { parser: keeping as never });
  const { client, socket } = await made.pair('/', { parser });
  const heard: unknown[][] = [];
  const twice = new Promise<void>((resolve) => {
    socket.on('move', (...args) => {
      heard.push(args.slice(0, 2));
      if (heard.length === 2) resolve();
    });
  });
  client.emit('move', 1, 2);
  await within(twice, 'both');
  assert.deepEqual(heard, [
    [1, 2],
    [1, 2],
  ]);
  assert.deepEqual(kept.at(-1), ['move', 1, 2]);
});

test('bytes that are no packet close the connection', async (t) => {
  const made = await stage(t, { parser });
  const { client, socket } = await made.pair('/', { parser });
  const gone = event(socket, 'disconnect');
  client.io.engine.send(Buffer.from([0xc1]));
  assert.equal((await gone)[0], 'forced close');
});
