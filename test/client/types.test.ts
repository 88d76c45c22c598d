// The types of events: the same generics as the official client's, checked by the compiler, which this file passes or not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  Manager as OfficialManager,
  ManagerOptions as OfficialManagerOptions,
  Socket as OfficialSocket,
  SocketOptions as OfficialSocketOptions,
  io as officialIo,
} from 'socket.io-client';
import { io, Manager, type ManagerOptions, type Socket, type SocketOptions } from '../../src/client/index.ts';

interface FromServer {
  news: (text: string, number: number) => void;
  asked: (question: string, answer: (text: string) => void) => void;
}
interface ToServer {
  say: (text: string) => void;
  add: (a: number, b: number, done: (sum: number) => void) => void;
}

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_proof: Same<A, B>): void {}

/** Never called: for each event both clients take, and give, the same. */
export function asTheOfficialClient(
  ours: Socket<FromServer, ToServer>,
  theirs: OfficialSocket<FromServer, ToServer>,
): void {
  same<Parameters<typeof ours.emit<'say'>>, Parameters<typeof theirs.emit<'say'>>>(true);
  same<Parameters<typeof ours.emit<'add'>>, Parameters<typeof theirs.emit<'add'>>>(true);
  same<Parameters<typeof ours.emitWithAck<'add'>>, Parameters<typeof theirs.emitWithAck<'add'>>>(true);
  same<ReturnType<typeof ours.emitWithAck<'add'>>, ReturnType<typeof theirs.emitWithAck<'add'>>>(true);
  same<Parameters<typeof ours.on<'news'>>, Parameters<typeof theirs.on<'news'>>>(true);
  same<Parameters<typeof ours.on<'asked'>>, Parameters<typeof theirs.on<'asked'>>>(true);
  const [late, lateToo] = [ours.timeout(1), theirs.timeout(1)];
  same<Parameters<typeof late.emit<'add'>>, Parameters<typeof lateToo.emit<'add'>>>(true);
  same<typeof ours.io, Manager<FromServer, ToServer>>(true);
  same<typeof theirs.io, OfficialManager<FromServer, ToServer>>(true);
  const [manager, managerToo] = [ours.io, theirs.io];
  same<Parameters<typeof manager.on<'reconnect'>>, Parameters<typeof managerToo.on<'reconnect'>>>(true);
  same<ReturnType<typeof io>, Socket>(true);
  same<ReturnType<typeof officialIo>, OfficialSocket>(true);
  // Only a transport is made in another way, and what theirs says of its options is `Object`.
  const options: ManagerOptions & SocketOptions = {} as Omit<
    Partial<OfficialManagerOptions & OfficialSocketOptions>,
    'transports' | 'transportOptions'
  >;
  same<typeof options, ManagerOptions & SocketOptions>(true);
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
