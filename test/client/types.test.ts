// The types of events: the same generics as the official client's, checked by the compiler, which this file passes or not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { io, Manager, type Socket } from '../../src/client/index.ts';

interface FromServer {
  news: (text: string, number: number) => void;
  asked: (question: string, answer: (text: string) => void) => void;
}
interface ToServer {
  say: (text: string) => void;
  add: (a: number, b: number, done: (sum: number) => void) => void;
}

/** Never called. */
export async function wellTyped(): Promise<void> {
  const socket: Socket<FromServer, ToServer> = io('http://localhost', {
    auth: { token: 'x' },
    retries: 1,
    ackTimeout: 1,
  });
  socket.on('news', (text, number) => text.repeat(number));
  socket.on('asked', (question, answer) => answer(question));
  socket.on('connect_error', (error) => error.message);
  socket.on('disconnect', (reason) => reason.length);
  socket.emit('say', 'x').volatile.emit('say', 'x');
  socket.emit('add', 1, 2, (sum) => sum.toFixed());
  socket.timeout(5).emit('add', 1, 2, (error, sum) => error ?? sum.toFixed());
  const sum: number = await socket.emitWithAck('add', 1, 2);
  // @ts-expect-error: no such event
  socket.emit('shout', sum);
  // @ts-expect-error: not a number
  socket.emit('say', sum);
  // @ts-expect-error: without timeout there is no error
  socket.emit('add', 1, 2, (error, sum) => error ?? sum);
  const manager: Manager = io().io;
  manager
    .on('reconnect', (attempt) => attempt.toFixed())
    .reconnectionDelay(5)
    .timeout(false);
  const delay: number = manager.reconnectionDelay();
  new Manager('http://localhost', { autoConnect: false }).socket('/admin').send(delay);
}

test('the types hold', () => {
  assert.equal(typeof wellTyped, 'function');
});
