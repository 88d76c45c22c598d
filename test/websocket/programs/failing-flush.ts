// Lets a flush fail before the chunk of another connection, and tells whether that was handled and who heard of it.
import { performance } from 'node:perf_hooks';
import { beginChunk, flushLater } from '../../../src/websocket/turn.ts';

let failures = 0;
process.on('uncaughtException', () => void failures++);

const clock = { now: 1000 };
performance.now = () => clock.now;
let flushed = 0;
beginChunk();
beginChunk();
flushLater({
  flushIfDue() {
    throw new Error('the stream threw');
  },
});
flushLater({ flushIfDue: () => void flushed++ });
clock.now += 0.3;
beginChunk();
const handled = true;
setImmediate(() => {
  process.send!({ handled, failures, flushed });
  process.disconnect();
});
