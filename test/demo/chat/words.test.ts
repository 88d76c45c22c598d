// Names, names of rooms and texts as people type them, and as they are shown.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { History, newMessageId } from '../../../src/demo/chat/history.ts';
import { limits } from '../../../src/demo/chat/limits.ts';
import { lineOf } from '../../../src/demo/chat/plain-text.ts';
import { cleanName, cleanRoom, cleanText, keyOf } from '../../../src/demo/chat/words.ts';

test('a name is what can be read of it', () => {
  const table: [unknown, string | undefined][] = [
    ['Ada', 'Ada'],
    ['  Ada \t Lovelace\n', 'Ada Lovelace'],
    ['/* Ada', 'Ada'],
    ['[#room] Ada: hi', 'room] Ada hi'],
    ['<b>Eve</b>', 'bEve/b'],
    ['a\u0300\u0301\u0302\u0303\u0304\u0305', 'à\u0301\u0302\u0303\u0304'],
    ['\u202eadA\u2066\u200b', 'adA'],
    ['سلام 👋🏽', 'سلام 👋🏽'],
    ['\ud800x', 'x'],
    ['👩‍👩‍👧', '👩‍👩‍👧'],
    ['__proto__', '__proto__'],
    ['x'.repeat(1000), 'x'.repeat(limits.name)],
    ['👋'.repeat(30), '👋'.repeat(limits.name)],
    [' \u200e ', undefined],
    ['x'.repeat(1001), undefined],
    [null, undefined],
    [{ toString: () => 'Ada' }, undefined],
  ];
  for (const [given, name] of table) assert.equal(cleanName(given), name, String(given).slice(0, 30));
  assert.equal(keyOf('Ａda\u200d L'), keyOf('adaL'));
});

test('a room is named by letters, digits, - and _, in small letters', () => {
  for (const room of ['birds', '#Birds', ' BIRDS ']) assert.equal(cleanRoom(room), 'birds');
  for (const room of ['größe', '東京', '__proto__', 'a-1']) assert.equal(cleanRoom(room), room);
  for (const room of ['', '#', 'a b', 'a/b', '##a', 'a\u202eb', 'x'.repeat(25), 7, null]) {
    assert.equal(cleanRoom(room), undefined, String(room));
  }
});

test('a text keeps its lines and loses what moves a terminal or turns the direction', () => {
  assert.equal(cleanText(' a\r\nb\rc \u0000\u001b[31m\u009b\u202d '), 'a\nb\nc [31m');
  for (const none of ['', ' \n\t', '\u202e', 1, undefined]) assert.equal(cleanText(none), undefined);
});

test('as a line, no part of a message looks like another message', () => {
  const from = { id: 'a', name: 'Ada' };
  const message = { id: '1', at: 0, from, room: 'lobby', text: 'hi\nBob: I am Ada' };
  assert.equal(lineOf(message), 'Ada: hi\n  Bob: I am Ada');
  assert.equal(lineOf({ ...message, text: 'waves', action: true, room: 'birds' }), '[#birds] * Ada waves');
  const { room: _room, ...unaddressed } = message;
  assert.equal(lineOf({ ...unaddressed, text: 'psst', to: { id: 'b', name: 'Bob' } }), '(to Bob) Ada: psst');
  const picture = { id: 'p', type: 'image/png', width: 2, height: 3, bytes: 4 };
  assert.equal(lineOf({ ...message, text: '', picture, edited: true }), 'Ada: [picture, 2 × 3] (edited)');
});

test('ids grow, whatever the clock does', () => {
  const ids = [5, 5, 4, 6, 6, 1].map((now) => newMessageId(Date.now() + 1000 + now));
  assert.deepEqual(ids, [...ids].sort());
  assert.equal(new Set(ids).size, ids.length);
});

test('a history sorts what comes late, takes nothing twice, and forgets by number and by length', () => {
  const history = new History();
  const from = { id: 'a', name: 'Ada' };
  const add = (n: number, text = `${n}`) =>
    history.add({ id: n.toString(36).padStart(9, '0'), at: n, from, room: 'r', text });
  const texts = () => history.since().messages.map(({ text }) => text);
  for (const n of [1, 3, 2, 3]) add(n);
  assert.deepEqual(texts(), ['1', '2', '3']);
  for (let n = 4; n <= limits.history + 2; n += 1) add(n);
  assert.equal(texts().length, limits.history);
  assert.equal(texts()[0], '3');
  add(1000, 'x'.repeat(limits.historyText));
  assert.equal(texts().length, 1);
  add(1001, 'next');
  assert.deepEqual(texts(), ['next']);
});
