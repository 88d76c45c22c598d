// The tables about rooms and namespaces, tried with sockets.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import vm from 'node:vm';
import { until } from '../engine/stage.ts';
import { Events, stage } from '../hub/stage.ts';
import { rowsOf } from './page.ts';
import { theOne } from './pages.ts';

const rooms = { A: ['x'], B: ['x', 'y'], C: ['y'], D: [] };

test('each selection reaches whom its row says', async (t) => {
  for (const [program, ...ticks] of rowsOf(theOne('selections').lines)) {
    await t.test(program, async (t) => {
      const made = await stage(t);
      const pairs = await made.pairs(4);
      Object.values(rooms).forEach((names, at) => void pairs[at]!.socket.join(names));
      const seen = pairs.map(({ client }) => new Events(client));
      for (const statement of program!.replaceAll('emit(…)', "emit('news')").split(', then ')) {
        vm.runInNewContext(statement, { io: made.io, socket: pairs[0]!.socket });
      }
      // Seen by all, so that what was not meant for somebody is known not to have come.
      made.io.emit('end');
      const got = await Promise.all(seen.map(async (events) => (await events.until('end')).length));
      assert.deepEqual(
        got,
        ticks.map((tick) => (tick === '✓' ? 1 : 0)),
      );
    });
  }
});

/** What the client of each row sends, one after the other; what it gets, or that it is cut off. */
const sent: Record<string, readonly string[]> = {
  '40': ['40'],
  '40/nowhere,': ['40/nowhere,'],
  '42["a"] before 40': ['42["a"]'],
  '40, and 40 again': ['40', '40'],
  '41, and later 42["a"]': ['40', '41', '42["a"]'],
  'nothing, for as long as connectTimeout': [],
};

describe('the rules of connecting', () => {
  for (const [deed, outcome] of rowsOf(theOne('connect rules').lines)) {
    test(`${deed}: ${outcome}`, (t) => follow(t, sent[deed!]!, outcome!));
  }
});

async function follow(t: TestContext, messages: readonly string[], outcome: string): Promise<void> {
  const made = await stage(t, messages.length === 0 ? { connectTimeout: 20 } : {});
  const { webSocket, inbox } = await made.raw();
  for (const [at, message] of messages.entries()) {
    webSocket.send(message);
    const answered = message === '40' && at === 0 && messages.length > 1;
    // An event before the answer is against the rules, too.
    if (answered) await inbox.text();
    if (message === '41') await until(() => made.io.sockets.sockets.size === 0, 'end of the socket');
  }
  if (outcome === 'the connection is closed') assert.equal((await inbox.end()).code, 1005);
  else assert.equal((await inbox.text()).replace(/"sid":"[\w-]{20}"/, '"sid":"…"'), outcome);
}
