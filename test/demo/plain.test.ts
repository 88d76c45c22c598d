// Joins the chat with plain `ws` clients, as any program or terminal would, and reads what they read.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import WebSocket from 'ws';
import { limits } from '../../src/demo/chat/limits.ts';
import { type TestDemo, testDemo } from '../support/demo.ts';
import { Member } from './chat/member.ts';
import { PlainClient } from './plain-client.ts';

let demo: TestDemo;
before(async () => {
  demo = await testDemo();
});
after(() => demo.close(0));

test('what is typed is said in the lobby, and what is said there is read as a line', async () => {
  const ada = await PlainClient.join(demo.port);
  const bob = await Member.inLobby(demo.port, 'Bob');
  await ada.hear('* Bob joined');
  ada.say('hello');
  const message = await bob.hearText('hello');
  assert.match(message.from.name, /^Guest \d+$/);
  assert.equal(message.from.plain, true);
  await ada.hear(`${message.from.name}: hello`);
  await bob.ask('say', '#lobby', 'two\nlines');
  await ada.hear('Bob: two\n  lines');
  bob.socket.disconnect();
  await ada.hear('* Bob left');
  ada.socket.close();
});

test('the first to put a name in front is called so; /nick and the address do it too', async () => {
  const bob = await Member.inLobby(demo.port, 'Robert');
  const ada = await PlainClient.join(demo.port);
  ada.say('Ada: hello');
  assert.equal((await bob.hearText('hello')).from.name, 'Ada');
  ada.say('Ada: again');
  assert.equal((await bob.hearText('again')).from.name, 'Ada');
  ada.say('note: this is a note');
  assert.equal((await bob.hearText('note: this is a note')).from.name, 'Ada');
  ada.say('/nick Lovelace');
  await ada.hear('* Ada is Lovelace now');
  const imposter = await PlainClient.join(demo.port);
  imposter.say('Robert: it is me');
  assert.match((await bob.hearText('Robert: it is me')).from.name, /^Guest/);
  const named = new WebSocket(`ws://127.0.0.1:${demo.port}/ws?name=Grace`);
  await bob.hear('joined', (_room, { name }) => name === 'Grace');
  for (const socket of [ada.socket, imposter.socket, named]) socket.close();
  bob.socket.disconnect();
});

test('commands are answered in lines that begin with a star, as no name does', async () => {
  const ada = await PlainClient.join(demo.port);
  const bob = await PlainClient.join(demo.port);
  ada.say('/nick * Ada');
  await ada.hear('* You are Ada now.');
  bob.say('/nick Bob');
  await ada.hear(/is Bob now$/);
  ada.say('/join birds');
  await ada.hear('* You are in #birds with nobody else yet.');
  ada.say('chirp');
  await ada.hear('[#birds] Ada: chirp');
  ada.say('/me flies');
  await ada.hear('[#birds] * Ada flies');
  bob.say('/join birds');
  await bob.hear('[#birds] Ada: chirp');
  await bob.hear('* You are in #birds with Ada.');
  await ada.hear('* Bob joined #birds');
  bob.say('/msg Ada psst');
  await ada.hear('(to Ada) Bob: psst');
  ada.say('/who');
  await ada.hear('* In #birds: Ada, Bob');
  ada.say('/help');
  await ada.hear(/^\* \/nick NAME: .*\n {2}\/join ROOM/);
  ada.say('/leave');
  await ada.hear('* You have left #birds.');
  await bob.hear('* Ada left #birds');
  for (const { socket } of [ada, bob]) socket.close();
});

test('a JSON array is an event, as clients of Socket.IO emit them; bytes are a picture', async () => {
  const ada = await PlainClient.join(demo.port, {});
  const bob = await Member.inLobby(demo.port, 'Bobby');
  ada.say('["say","#lobby","as an event"]');
  await bob.hearText('as an event');
  ada.say('["join","a b"]');
  await ada.hear(/^\* The name of a room is/);
  ada.socket.send(Buffer.from('no picture'));
  await ada.hear(/^\* That is no picture of a kind/);
  const png = '89504e470d0a1a0a0000000d4948445200000002000000030806000000000000';
  ada.socket.send(Buffer.from(png, 'hex'));
  assert.equal((await bob.hear('said', ({ picture }) => picture))[0].picture.height, 3);
  ada.socket.close();
  bob.socket.disconnect();
});

test('curl listens to /events and talks by POST, and is not announced for that', async () => {
  const ada = await PlainClient.join(demo.port);
  const events = `http://127.0.0.1:${demo.port}/events`;
  const stream = await fetch(`${events}?name=Curl`);
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
  let read = '';
  const until = async (wanted: RegExp) => {
    while (!wanted.test(read)) read += (await reader.read()).value;
  };
  await until(/data: \* Welcome\. You are Curl;/);
  await ada.hear('* Curl joined');
  for (const name of ['Curl', 'Wget']) {
    const body = `${name}: hello by POST`;
    assert.equal((await fetch(events, { method: 'POST', body })).status, 204);
    await until(new RegExp(`data: ${body}\\n`));
    assert.equal(await ada.hear(/POST|joined|left/), body);
  }
  const answer = await fetch(`${events}?ack`, { method: 'POST', body: '["join","other"]' });
  assert.match((await answer.text()) ?? '', /POST cannot stay/);
  ada.say('/who');
  assert.doesNotMatch(await ada.hear(/^\* In #lobby/), /Wget/);
  await reader.cancel();
  ada.socket.close();
});

test('who sends too much gets one notice, the rest is dropped, and others may still talk', async () => {
  const ada = await PlainClient.join(demo.port);
  const bob = await PlainClient.join(demo.port);
  for (let i = 0; i < limits.burst * 3; i += 1) bob.say(`flood ${i}`);
  await bob.hear(/^\* You ask for more than this chat passes on/);
  ada.say('enough');
  const line = await bob.hear(/: enough$|^\* You ask for more/);
  assert.match(line, /enough/);
  ada.say('x'.repeat(limits.text + 1));
  await ada.hear(/^\* That is 4001 characters long/);
  for (const { socket } of [ada, bob]) socket.close();
});

test('a message above the limit closes its sender with 1009, and nobody else notices', async () => {
  const ada = await PlainClient.join(demo.port);
  const bob = await PlainClient.join(demo.port);
  bob.say('x'.repeat(300_001));
  assert.equal((await bob.closed).code, 1009);
  ada.say('still here');
  await ada.hear(/: still here$/);
  ada.socket.close();
});

test('a page of another site is refused with 403; a page of this one and a program are not', async () => {
  const answer = (origin: string) =>
    new Promise<number | undefined>((resolve) => {
      const client = new WebSocket(`ws://127.0.0.1:${demo.port}/ws`, { origin });
      client.on('upgrade', (response) => resolve(response.statusCode));
      client.on('open', () => client.close());
      client.on('unexpected-response', (request, response) => {
        request.destroy();
        resolve(response.statusCode);
      });
      client.on('error', () => {});
    });
  assert.equal(await answer('https://example.com'), 403);
  assert.equal(await answer('null'), 403);
  assert.equal(await answer(`http://127.0.0.1:${demo.port}`), 101);
});

test('a browser that opens /ws as a page learns what it is for', async () => {
  const response = await fetch(`http://127.0.0.1:${demo.port}/ws?x=1`);
  assert.equal(response.status, 426);
  assert.equal(response.headers.get('upgrade'), 'websocket');
  assert.match(await response.text(), /WebSocket clients/);
});

test('closing says goodbye with 1001 and gives the port back', async () => {
  const ending = await testDemo();
  const clients = await Promise.all([1, 2, 3].map(() => PlainClient.join(ending.port)));
  await ending.close(20);
  for (const client of clients) assert.equal((await client.closed).code, 1001);
  const again = await testDemo(ending.port);
  await again.close(0);
});
