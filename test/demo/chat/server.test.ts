// What the chat's server does for clients that speak its events: rooms, names, private messages, histories, limits.
import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import type { Message, Person } from '../../../src/demo/chat/events.ts';
import { limits } from '../../../src/demo/chat/limits.ts';
import { type TestDemo, testDemo } from '../../support/demo.ts';
import { Member } from './member.ts';

let demo: TestDemo;
before(async () => {
  demo = await testDemo();
});
after(() => demo.close(0));

let rooms = 0;
/** People in a room that no other test knows. */
async function people(t: TestContext, ...names: string[]) {
  rooms += 1;
  const room = `room-${rooms}`;
  const members: Member[] = [];
  for (const name of names) {
    const member = await Member.connect(demo.port, `${name} ${rooms}`);
    await member.ask('join', room);
    members.push(member);
  }
  t.after(() => {
    for (const { socket } of members) socket.disconnect();
  });
  return { room, to: `#${room}`, members };
}

test('a message reaches all of its room, its sender too, and nobody else', async (t) => {
  const { to, members } = await people(t, 'Ada', 'Bob');
  const [ada, bob] = members as [Member, Member];
  const { members: elsewhere } = await people(t, 'Eve');
  const { message } = await ada.ask('say', to, 'hello', 'n1');
  assert.equal(message?.text, 'hello');
  for (const member of [ada, bob]) assert.deepEqual(await member.hearText('hello'), message);
  assert.deepEqual(message?.from, ada.me);
  assert.deepEqual(await elsewhere[0]!.heard('said'), []);
});

test('who joins is told who is there and what was said, and the others are told of who joins and leaves', async (t) => {
  const { room, to, members } = await people(t, 'Ada');
  const ada = members[0]!;
  await ada.ask('say', to, 'before');
  const bob = await Member.connect(demo.port, 'Bob the second');
  const { room: state } = await bob.ask('join', `#${room.toUpperCase()}`);
  assert.equal(state?.room, room);
  assert.deepEqual(state?.people.map(({ name }) => name).sort(), [ada.me.name, 'Bob the second']);
  assert.deepEqual(
    state?.messages.map(({ text }) => text),
    ['before'],
  );
  const joined = await ada.hear('joined', (_room, { id }: Person) => id === bob.me.id);
  assert.deepEqual(joined.slice(0, 2), [room, bob.me]);
  assert.equal((await bob.ask('leave', room)).left, room);
  assert.deepEqual((await ada.hear('left')).slice(0, 2), [room, bob.me]);
  assert.match((await bob.ask('say', to, 'still?')).error ?? '', /not in that room/);
  bob.socket.disconnect();
});

test('a page that is closed leaves after a moment; one that is reloaded has never been away', async (t) => {
  const { room, members } = await people(t, 'Ada');
  const key = 'a secret of this page';
  const bob = await Member.connect(demo.port, 'Bob reloads', { key });
  await bob.ask('join', room);
  bob.socket.io.engine.close();
  const again = await Member.connect(demo.port, 'Bob reloads', { key });
  assert.deepEqual(again.me, bob.me);
  await again.ask('join', room);
  const eve = await Member.connect(demo.port, 'Eve closes');
  await eve.ask('join', room);
  eve.socket.io.engine.close();
  const [, left] = await members[0]!.hear('left');
  assert.deepEqual(left, eve.me);
  again.socket.disconnect();
});

test('names are cleaned, are had once, and a change is told', async (t) => {
  const { to, members } = await people(t, 'Ada', 'Bob');
  const [ada, bob] = members as [Member, Member];
  assert.match((await bob.ask('say', to, `/nick ${ada.me.name.toUpperCase()}`)).error ?? '', /already/);
  assert.match((await bob.ask('say', to, '/nick \u202e\u200b')).error ?? '', /\/nick Ada/);
  await bob.ask('say', to, '/nick  Grace:\u202eHopper ');
  const [person, before] = await ada.hear('renamed');
  assert.deepEqual(person, { ...bob.me, name: 'GraceHopper' });
  assert.equal(before, bob.me.name);
  const twin = await Member.connect(demo.port, 'gracehopper');
  assert.equal(twin.me.name, 'gracehopper 2');
  twin.socket.disconnect();
});

test('a private message reaches the tabs of two people and nobody else, and is kept by nobody', async (t) => {
  const { room, to, members } = await people(t, 'Ada', 'Bob', 'Eve');
  const [ada, bob, eve] = members as [Member, Member, Member];
  const { message } = await ada.ask('say', `@${bob.me.id}`, 'psst');
  assert.deepEqual(message?.to, bob.me);
  assert.deepEqual(await bob.hearText('psst'), message);
  assert.deepEqual(await ada.hearText('psst'), message);
  await bob.ask('say', to, `/msg ${ada.me.name} psst yourself`);
  assert.equal((await ada.hearText('psst yourself')).from.id, bob.me.id);
  assert.deepEqual(await eve.heard('said'), []);
  assert.deepEqual((await eve.ask('join', room)).room?.messages, []);
  assert.match((await ada.ask('say', '@nobody-at-all', 'x')).error ?? '', /Nobody/);
});

test('only the author edits a message, and who comes later reads what it says now', async (t) => {
  const { room, to, members } = await people(t, 'Ada', 'Bob');
  const [ada, bob] = members as [Member, Member];
  const { message } = await ada.ask('say', to, 'helo');
  assert.match((await bob.ask('edit', message!.id, 'mine now')).error ?? '', /not your/);
  await ada.ask('edit', message!.id, 'hello');
  const [edited] = (await bob.hear('edited')) as [Message];
  assert.deepEqual(edited, { ...message, text: 'hello', edited: true });
  assert.deepEqual((await bob.ask('join', room)).room?.messages, [edited]);
});

test('the last hundred messages are kept, and only those after the last that one knows are asked for', async (t) => {
  const { room, to, members } = await people(t, 'Ada');
  const ada = members[0]!;
  const ids: string[] = [];
  // Several people, for one alone may not say so much.
  for (let i = 0; i < 4; i += 1) {
    const other = await Member.connect(demo.port, `Talker ${i}`);
    await other.ask('join', room);
    for (let n = 0; n < 30; n += 1) ids.push((await other.ask('say', to, `${i} ${n}`)).message!.id);
    other.socket.disconnect();
  }
  const { room: all } = await ada.ask('join', room);
  assert.deepEqual(
    all?.messages.map(({ id }) => id),
    ids.slice(-limits.history),
  );
  const { room: rest } = await ada.ask('join', room, ids.at(-3));
  assert.equal(rest?.complete, true);
  assert.ok(ids.slice(-2).every((id) => rest?.messages.some((message) => message.id === id)));
  const { room: gap } = await ada.ask('join', room, ids[0]);
  assert.equal(gap?.complete, false);
});

test('a message that is sent again, because the answer was lost, is said once', async (t) => {
  const { room, to, members } = await people(t, 'Ada');
  const ada = members[0]!;
  const [first, second] = [await ada.ask('say', to, 'once', 'n'), await ada.ask('say', to, 'once', 'n')];
  assert.deepEqual(first, second);
  assert.equal((await ada.ask('join', room)).room?.messages.length, 1);
});

test('typing and receipts reach whom they concern', async (t) => {
  const { to, members } = await people(t, 'Ada', 'Bob');
  const [ada, bob] = members as [Member, Member];
  ada.socket.emit('typing', to);
  assert.deepEqual(await bob.hear('typing'), [to, ada.me]);
  ada.socket.emit('typing', `@${bob.me.id}`);
  assert.deepEqual(await bob.hear('typing'), [`@${ada.me.id}`, ada.me]);
  const { message } = await ada.ask('say', to, 'did you get that?');
  bob.socket.emit('got', ada.me.id, message!.id);
  assert.deepEqual(await ada.hear('got'), [message!.id, bob.me.id]);
  assert.deepEqual(await ada.heard('typing'), []);
});

test('commands do what they say, and what is no command is told so', async (t) => {
  const { room, to, members } = await people(t, 'Ada');
  const ada = members[0]!;
  const type = (line: string) => ada.ask('say', to, line);
  assert.match((await type('/help')).notice ?? '', /\/nick NAME.*\/join ROOM.*\/msg/s);
  assert.equal((await type('/me waves')).message?.action, true);
  assert.equal((await type('//me')).message?.text, '/me');
  assert.equal((await type('/who')).notice, `In #${room}: ${ada.me.name}`);
  assert.match((await type('/rooms')).notice ?? '', new RegExp(`#${room}: 1, and you`));
  assert.deepEqual(
    (await ada.ask('rooms')).rooms?.find((one) => one.room === room),
    { room, count: 1 },
  );
  assert.match((await type('/dance')).error ?? '', /no command \/dance.*\/help/);
  assert.equal((await type('/join other')).room?.room, 'other');
  assert.equal((await type('/leave other')).left, 'other');
  assert.equal((await type('/leave')).left, room);
});

test('whatever comes as an argument is refused in words, and harms nobody', async (t) => {
  const { to, members } = await people(t, 'Ada', 'Bob');
  const [ada, bob] = members as [Member, Member];
  const odd: unknown[] = [
    null,
    42,
    {},
    [],
    '',
    ' ',
    true,
    { toString: 'no function' },
    '__proto__\u0000',
    'x'.repeat(9999),
  ];
  for (const one of odd) {
    const shown = JSON.stringify(one).slice(0, 40);
    const fresh = await Member.connect(demo.port, 'Odd');
    for (const event of ['join', 'leave', 'edit', 'look']) {
      assert.ok((await fresh.ask(event, one, one)).error, `${event} ${shown}`);
    }
    assert.ok((await fresh.ask('say', one, 'x')).error, shown);
    assert.ok((await fresh.ask('say', to, one)).error, shown);
    assert.ok((await fresh.ask('show', to, one)).error, shown);
    for (const event of ['typing', 'got', 'message', 'echo']) fresh.socket.emit(event, one, one, one);
    await fresh.ask('echo');
    fresh.socket.disconnect();
  }
  await ada.ask('say', to, 'all well');
  await bob.hearText('all well');
});

test('rooms named like what objects have are rooms like any other', async (t) => {
  const { members } = await people(t, 'Ada', 'Bob');
  const [ada, bob] = members as [Member, Member];
  for (const room of ['__proto__', 'constructor', 'größe', '東京']) {
    await bob.ask('join', room);
    assert.equal((await ada.ask('join', room)).room?.room, room);
    await ada.ask('say', `#${room}`, `in ${room}`);
    await bob.hearText(`in ${room}`);
    for (const member of [ada, bob]) await member.ask('leave', room);
  }
  assert.equal(({} as Record<string, unknown>).people, undefined);
});

test('controls, marks that turn the text, and piles of accents are taken out of a message', async (t) => {
  const { to, members } = await people(t, 'Ada');
  const said = async (text: string) => (await members[0]!.ask('say', to, text)).message?.text;
  assert.equal(await said('\u001b[2Jred\u0007\u202eab\u2066'), '[2Jredab');
  assert.equal(await said(`z${'\u0301'.repeat(500)}`), `z${'\u0301'.repeat(4)}`);
  assert.equal(await said('two\r\nlines\tand a 👩‍👩‍👧'), 'two\nlines\tand a 👩‍👩‍👧');
  assert.equal(await said('<script>alert(1)</script>'), '<script>alert(1)</script>');
});

test('who asks too much is told so, and the rest is dropped', async (t) => {
  const { to, members } = await people(t, 'Ada', 'Bob');
  const [ada, bob] = members as [Member, Member];
  const answers = await Promise.all(
    Array.from({ length: limits.burst * 2 }, (_, i) => ada.ask('say', to, `${i}`)),
  );
  const refused = answers.filter(({ error }) => error?.includes('more than this chat passes on'));
  assert.ok(refused.length >= limits.burst / 2, `${refused.length} refused`);
  await bob.ask('say', to, 'my turn');
  await ada.hearText('my turn');
  assert.match((await bob.ask('say', to, 'x'.repeat(limits.text + 1))).error ?? '', /4001 characters.*4000/);
});

test('one client is in a number of rooms, and not in more', async (t) => {
  const { members } = await people(t, 'Ada');
  const ada = members[0]!;
  for (let i = 1; i < limits.roomsPerClient; i += 1) {
    assert.equal((await ada.ask('join', `many-${i}`)).error, undefined);
  }
  assert.match((await ada.ask('join', 'one-more')).error ?? '', /10 rooms/);
});
