// Listening in the browser's way: onmessage and its like, addEventListener, and the event objects they get.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CloseEvent, ErrorEvent, MessageEvent } from '../../../src/websocket/index.ts';
import * as frame from '../../conformance/frames.ts';
import { event, within } from '../inbox.ts';
import { stage } from '../stage.ts';

test('ws §5 gives onmessage an event with text as string, and binary data by binaryType', async (t) => {
  const { client, peer } = await (await stage(t)).pair();
  const next = () =>
    within(
      new Promise<MessageEvent>((resolve) => {
        peer.onmessage = resolve;
      }),
      'message',
    );
  let message = next();
  client.send('grüße');
  const { data, type, target } = await message;
  assert.deepEqual([data, type], ['grüße', 'message']);
  assert.equal(target, peer);
  message = next();
  client.send(Buffer.from([1, 2]));
  assert.deepEqual((await message).data, Buffer.from([1, 2]));
  peer.binaryType = 'arraybuffer';
  message = next();
  client.send(Buffer.from([3]));
  assert.deepEqual((await message).data, new Uint8Array([3]).buffer);
});

test('ws §5 gives onclose the code, the reason as string, and whether it was clean', async (t) => {
  const on = await stage(t);
  const next = async (end: (pair: Awaited<ReturnType<typeof on.pair>>) => void) => {
    const pair = await on.pair();
    const closed = new Promise<CloseEvent>((resolve) => {
      pair.peer.onclose = resolve;
    });
    end(pair);
    const { type, code, reason, wasClean, target } = await within(closed, 'close');
    assert.equal(target, pair.peer);
    return [type, code, reason, wasClean];
  };
  assert.deepEqual(await next(({ client }) => client.close(4000, 'bye')), ['close', 4000, 'bye', true]);
  assert.deepEqual(await next(({ peer }) => peer.close(4001, 'done')), ['close', 4001, 'done', true]);
  assert.deepEqual(await next(({ client }) => client.terminate()), ['close', 1006, '', false]);
  assert.deepEqual(await next(({ peer }) => peer.terminate()), ['close', 1006, '', false]);
});

test('ws §5 gives onerror the error and its words', async (t) => {
  const { raw, peer } = await (await stage(t)).raw();
  const failed = new Promise<ErrorEvent>((resolve) => {
    peer.onerror = resolve;
  });
  raw.socket.write(frame.text('x', { maskingKey: null }));
  const { type, error, message, target } = await within(failed, 'error');
  assert.deepEqual([type, message], ['error', 'Invalid WebSocket frame: MASK must be set']);
  assert.equal((error as Error & { code: string }).code, 'WS_ERR_EXPECTED_MASK');
  assert.equal(target, peer);
});

test('ws §3 keeps one handler for each attribute, null for none', async (t) => {
  const { client, peer } = await (await stage(t)).pair();
  const heard: string[] = [];
  const first = () => heard.push('first');
  const second = () => heard.push('second');
  for (const name of ['onopen', 'onmessage', 'onclose', 'onerror'] as const) {
    assert.equal(peer[name], null);
    peer[name] = first;
    assert.equal(peer[name], first);
    peer[name] = second;
    assert.equal(peer[name], second);
  }
  assert.equal(peer.listenerCount('message'), 1);
  const message = event(peer, 'message');
  client.send('x');
  await message;
  peer.onmessage = null;
  assert.equal(peer.onmessage, null);
  peer.onerror = 'no function' as never;
  assert.equal(peer.onerror, null);
  const again = event(peer, 'message');
  client.send('y');
  await again;
  assert.deepEqual(heard, ['second']);
});

test('ws §4 adds a function or an object once, and removes it', async (t) => {
  const { client, peer } = await (await stage(t)).pair();
  const heard: unknown[] = [];
  const listener = function (this: unknown, { data }: MessageEvent) {
    heard.push(data, this === peer);
  };
  const object = {
    handleEvent({ data }: MessageEvent) {
      heard.push(data, this === object);
    },
  };
  peer.addEventListener('message', listener);
  peer.addEventListener('message', listener);
  peer.addEventListener('message', object);
  peer.addEventListener('message', object);
  let message = event(peer, 'message');
  client.send('1');
  await message;
  assert.deepEqual(heard.splice(0), ['1', true, '1', true]);
  peer.removeEventListener('message', listener);
  peer.removeEventListener('message', () => {});
  message = event(peer, 'message');
  client.send('2');
  await message;
  assert.deepEqual(heard, ['2', true]);
  peer.removeEventListener('message', object);
  assert.equal(peer.listenerCount('message'), 0);
});

test('ws §4 removes a handler with `once` when it was called', async (t) => {
  const { client, peer, inbox } = await (await stage(t)).pair();
  const heard: unknown[] = [];
  const once = ({ data }: MessageEvent) => void heard.push(data);
  peer.addEventListener('message', once, { once: true });
  peer.addEventListener('message', ({ data }) => peer.send(data as string));
  client.send('1');
  client.send('2');
  await inbox.take(2);
  assert.deepEqual(heard, ['1']);
  const listeners = peer.listenerCount('close');
  const never = () => assert.fail();
  peer.addEventListener('close', never, { once: true });
  peer.removeEventListener('close', () => {});
  assert.equal(peer.listenerCount('close'), listeners + 1);
  peer.removeEventListener('close', never);
  assert.equal(peer.listenerCount('close'), listeners);
});

test('ws §4 ignores handlers for types it does not know', async (t) => {
  const { peer } = await (await stage(t)).pair();
  for (const type of ['ping', 'constructor', '__proto__', 'drain']) {
    const before = peer.listenerCount(type as 'ping');
    peer.addEventListener(type as 'open', () => assert.fail());
    peer.removeEventListener(type as 'open', () => {});
    assert.equal(peer.listenerCount(type as 'ping'), before);
  }
});

test('ws §4 leaves a listener added with on() alone', async (t) => {
  const { client, peer, inbox } = await (await stage(t)).pair();
  const listener = () => peer.send('heard');
  peer.on('message', listener);
  peer.onmessage = null;
  peer.removeEventListener('message', listener);
  client.send('x');
  assert.equal(await inbox.text(), 'heard');
});
