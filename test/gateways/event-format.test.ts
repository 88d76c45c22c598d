// The lines of an event stream, and what a client makes of them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Backlog } from '../../src/gateways/backlog.ts';
import { dataLines, formatMessage, formatNotice } from '../../src/gateways/event-format.ts';

describe('an event', () => {
  for (const [event, lines] of [
    [['message', 'hello'], 'data: hello\n'],
    [['message', ''], 'data: \n'],
    [['message', ' indented'], 'data:  indented\n'],
    [['message', 'two\nlines\n'], 'data: two\ndata: lines\ndata: \n'],
    [['message', 'id: 1\n\nevent: forged'], 'data: id: 1\ndata: \ndata: event: forged\n'],
    [['message', 'old\r\nlines\r'], 'data: ["message","old\\r\\nlines\\r"]\n'],
    [['news', 'two\nlines'], 'data: ["news","two\\nlines"]\n'],
    [['message', Buffer.from([1])], 'data: ["message",{"base64":"AQ=="}]\n'],
    [['a\r\nevent: forged'], 'data: ["a\\r\\nevent: forged"]\n'],
  ] as const) {
    test(JSON.stringify(event), () => assert.equal(dataLines(event), lines));
  }
});

test('a message has an id, or leaves the last one as it is; a notice has a name', () => {
  assert.equal(formatMessage('data: a\n', 'abc.1'), 'id: abc.1\ndata: a\n\n');
  assert.equal(formatMessage('data: a\n', undefined), 'data: a\n\n');
  assert.equal(formatNotice('connect', { sid: 'a' }), 'event: connect\ndata: {"sid":"a"}\n\n');
  assert.equal(formatNotice('bye', {}, 'end'), 'event: bye\nid: end\ndata: {}\n\n');
});

describe('a backlog', () => {
  const numbers = (backlog: Backlog, after: number) => backlog.after(after)?.map(({ number }) => number);

  test('tells what came after a message', () => {
    const backlog = new Backlog(1000);
    for (const lines of ['a', 'b', 'c']) backlog.add(lines);
    assert.deepEqual(backlog.after(1), [
      { number: 2, lines: 'b' },
      { number: 3, lines: 'c' },
    ]);
    assert.deepEqual(numbers(backlog, 3), []);
    assert.deepEqual(numbers(backlog, 0), [1, 2, 3]);
  });

  test('says so when it does not know', () => {
    const backlog = new Backlog(1000);
    backlog.add('a');
    for (const unknown of [2, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.equal(backlog.after(unknown), undefined);
    }
  });

  test('forgets the oldest above its limit, and what is larger than all of it', () => {
    const backlog = new Backlog(3 * 150);
    for (let i = 0; i < 5; i++) backlog.add('x'.repeat(50));
    assert.deepEqual(numbers(backlog, 2), [3, 4, 5]);
    assert.equal(backlog.after(1), undefined);
    backlog.add('x'.repeat(500));
    assert.equal(backlog.after(5), undefined);
    assert.deepEqual(numbers(backlog, 6), []);
    backlog.add('y');
    assert.deepEqual(numbers(backlog, 6), [7]);
  });
});
