// An emitter without listeners takes no memory for them, and is an EventEmitter in all else.
import assert from 'node:assert/strict';
import { EventEmitter, getEventListeners, once } from 'node:events';
import { test } from 'node:test';
import { QuietEmitter } from '../src/quiet-emitter.ts';

class Quiet extends QuietEmitter {
  readonly name = 'quiet';
}

test('makes nothing for listeners before the first, and answers all questions about them', () => {
  const emitter = new Quiet();
  assert.deepEqual(Reflect.ownKeys(emitter), ['name']);
  assert.ok(emitter instanceof EventEmitter);
  assert.equal(emitter.emit('event'), false);
  assert.equal(emitter.listenerCount('event'), 0);
  assert.deepEqual(emitter.eventNames(), []);
  assert.deepEqual(emitter.listeners('event'), []);
  assert.deepEqual(emitter.rawListeners('event'), []);
  assert.deepEqual(getEventListeners(emitter, 'event'), []);
  assert.equal(emitter.getMaxListeners(), EventEmitter.defaultMaxListeners);
  assert.equal(
    emitter.off('event', () => {}),
    emitter,
  );
  assert.equal(emitter.removeAllListeners(), emitter);
  assert.throws(() => emitter.emit('error', new Error('nobody listens')), /nobody listens/);
});

test('does with listeners what an EventEmitter does, and shares none of them', async () => {
  const emitter = new Quiet();
  const other = new Quiet();
  const calls: unknown[] = [];
  emitter.on('event', (value) => calls.push(value));
  emitter.on('newListener', (name) => calls.push(name));
  emitter.prependOnceListener('event', (value) => calls.push(-value));
  assert.equal(emitter.emit('event', 1), true);
  assert.equal(emitter.emit('event', 2), true);
  assert.deepEqual(calls, ['event', -1, 1, 2]);
  const awaited = once(emitter, 'event');
  emitter.emit('event', 3);
  assert.deepEqual(await awaited, [3]);
  assert.deepEqual(emitter.eventNames(), ['event', 'newListener']);
  assert.deepEqual(other.eventNames(), []);
  assert.equal(other.emit('event', 3), false);
  emitter.removeAllListeners('event');
  assert.equal(emitter.listenerCount('event'), 0);
  emitter.setMaxListeners(3);
  assert.equal(emitter.getMaxListeners(), 3);
});

test('has the static side of EventEmitter', () => {
  assert.equal(Object.getPrototypeOf(Object.getPrototypeOf(Quiet)), EventEmitter);
  assert.equal(Quiet.once, EventEmitter.once);
});
