// What a visitor of the gallery may not do, tried without a page: it is told so, and nobody else is disturbed.
import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { connect, type Socket } from 'socket.io-client';
import { Events, event } from '../../hub/stage.ts';
import { type TestDemo, testDemo } from '../../support/demo.ts';

let demo: TestDemo;

before(async () => {
  demo = await testDemo();
});
after(() => demo.close(0));

async function visit(t: TestContext, name: string, auth = {}): Promise<{ socket: Socket; events: Events }> {
  const socket = connect(`http://127.0.0.1:${demo.port}/gallery/${name}`, {
    forceNew: true,
    transports: ['websocket'],
    auth,
  });
  t.after(() => socket.close());
  const events = new Events(socket);
  await event(socket, 'connect');
  return { socket, events };
}

/** The next event of that name, whatever comes before. */
async function next(events: Events, name: string): Promise<unknown[]> {
  for (;;) {
    const one = await events.next();
    if (one[0] === name) return one;
  }
}

test('who sends too much is told, once, and stays', async (t) => {
  const { socket, events } = await visit(t, 'text');
  for (let i = 0; i < 400; i++) socket.emit('update', Buffer.from([0, 0]));
  assert.match(String((await next(events, 'notice'))[1]), /more than 30 messages a second/);
  assert.equal(socket.connected, true);
});

test('drawing: what is no line is no line', async (t) => {
  const [one, two] = [await visit(t, 'together'), await visit(t, 'together')];
  await next(two.events, 'you');
  for (const line of [
    [],
    [1, 2, 3],
    [0, 0, 'x', 0],
    [0, 0, 1001, 0],
    [0.5, 0, 0, 0],
    [-1, 0, 0, 0],
    [null],
  ]) {
    one.socket.emit('line', ...line);
  }
  one.socket.emit('move', {}, []);
  one.socket.emit('line', 1, 2, 1000, 600);
  const [, line] = (await next(two.events, 'line')) as [string, number[]];
  assert.deepEqual(line.slice(1), [1, 2, 1000, 600]);
});

test('the text takes bytes only, and not too many; bytes that are no change of a text break no page', async (t) => {
  const [one, two] = [await visit(t, 'text'), await visit(t, 'text')];
  for (const wrong of ['text', { a: 1 }, null, Buffer.alloc(64 * 1024 + 1)]) {
    assert.equal(await one.socket.emitWithAck('update', wrong), 'This change is too large');
  }
  one.socket.emit('update', Buffer.from('no change'));
  assert.deepEqual((await next(two.events, 'update'))[1], Buffer.from('no change'));
});

test('sensors send whole readings, up to a hundred', async (t) => {
  const [one, two] = [await visit(t, 'sensors'), await visit(t, 'sensors')];
  const [, me] = await next(one.events, 'you');
  for (const wrong of ['text', [1, 2], Buffer.alloc(0), Buffer.alloc(3), Buffer.alloc(202)]) {
    one.socket.emit('readings', wrong);
    assert.match(String((await next(one.events, 'notice'))[1]), /readings of 2 bytes/);
  }
  // Volatile: it may be lost.
  const timer = setInterval(() => one.socket.emit('readings', Buffer.from([1, 2])), 100);
  t.after(() => clearInterval(timer));
  for (;;) {
    const [, name, bytes] = await next(two.events, 'readings');
    if (name !== me) continue;
    assert.deepEqual(bytes, Buffer.from([1, 2]));
    break;
  }
});

test('notes: nobody is somebody else than the five, and long notes are cut', async (t) => {
  const stranger = connect(`http://127.0.0.1:${demo.port}/gallery/notes`, {
    forceNew: true,
    auth: { person: '__proto__' },
  });
  t.after(() => stranger.close());
  const [error] = (await event(stranger, 'connect_error')) as [Error];
  assert.equal(error.message, 'Say who you are');
  const ada = await visit(t, 'notes', { person: 'Ada' });
  for (const [to, text] of [
    ['Nobody', 'x'],
    ['Ada', ''],
    ['Ada', 1],
    [{}, {}],
    ['__proto__', 'x'],
  ]) {
    ada.socket.emit('send', to, text);
  }
  ada.socket.emit('read', 'x');
  ada.socket.emit('send', 'Ada', 'x'.repeat(1000));
  const [, note] = (await next(ada.events, 'note')) as [string, { text: string }];
  assert.equal(note.text, 'x'.repeat(200));
});
