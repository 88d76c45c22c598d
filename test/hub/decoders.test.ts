// Decoders that are lent: one connection at a time, whatever connection it is.
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import type { Session } from '../../src/hub/session.ts';
import { Server } from '../../src/server.ts';

/** A connection within this process: what it is sent is answered before `write` returns. */
class Loop extends EventEmitter implements Session {
  readonly id = '';
  readonly remoteAddress = undefined;
  readonly protocol = 4;
  readyState = 'open';
  readonly transport = { name: 'loop', writable: true };
  readonly sent: unknown[] = [];
  answer: string | undefined;

  write(data: unknown): void {
    this.sent.push(data);
    const { answer } = this;
    this.answer = undefined;
    if (answer !== undefined) this.emit('data', answer);
  }

  close(): void {
    this.readyState = 'closed';
    this.emit('close', 'forced close');
  }
}

test('a connection that answers at once, while its packet is read, shares its decoder with nobody', (t) => {
  const io = new Server();
  const loops = [new Loop(), new Loop(), new Loop()] as const;
  for (const loop of loops) {
    io.onconnection(loop);
    t.after(() => loop.close());
  }
  const [first, second, third] = loops;
  first.answer = '0/neither,';
  first.emit('data', '0/none,');
  const refusal = '{"message":"Invalid namespace"}';
  assert.deepEqual(first.sent, [`4/none,${refusal}`, `4/neither,${refusal}`]);
  // Each waits for bytes.
  for (const loop of [second, third]) loop.emit('data', '51-["event",{"_placeholder":true,"num":0}]');
  assert.deepEqual([second.readyState, third.readyState], ['open', 'open']);
});
