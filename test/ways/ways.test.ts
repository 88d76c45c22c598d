// Each way into the chat that chapter 1 compares brings everything to everybody.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chat } from './chat.ts';
import { ways } from './clients.ts';

describe('ways', { concurrency: true }, () => {
  for (const [name, join] of Object.entries(ways)) {
    // The same code as each second.
    if (name === 'polling, every 5 s') continue;
    test(`${name}: everybody hears everything, and it is counted`, async () => {
      const { requests, bytes, cpu, delays } = await chat(join, { people: 3, messages: 4, pause: 1 });
      assert.equal(delays.length, 12);
      assert.ok(bytes > 12 * 40 && cpu > 0, `${bytes} bytes, ${cpu} µs`);
      assert.equal(requests > 0, name !== 'WebSocket', `${requests} requests`);
    });
  }
});
