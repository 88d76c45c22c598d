// Rooms that are broadcast to again and again: whatever way a packet takes, the same clients get the same in the same order.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Socket } from '../../src/hub/socket.ts';
import { Random } from '../conformance/random.ts';
import { Events, event, type Pair, type Stage, stage } from './stage.ts';

const rooms = ['one', 'two'];

const manners = [
  { transports: ['websocket'] },
  { transports: ['polling'] },
  { transports: ['polling', 'websocket'] },
];

/** A client, and what it has to have received: model and reality. */
interface Member extends Pair {
  readonly events: Events;
  readonly expected: unknown[][];
}

async function member(made: Stage, index: number): Promise<Member> {
  const pair = await made.pair('/', manners[index % manners.length]);
  return { ...pair, events: new Events(pair.client), expected: [] };
}

/** Broadcasts in all forms, to members that come and go: `sent` is what the next packet says. */
class Model {
  readonly made: Stage;
  readonly random: Random;
  members: Member[];
  #sent = 0;

  constructor(made: Stage, random: Random, members: Member[]) {
    this.made = made;
    this.random = random;
    this.members = members;
  }

  #any(): Member {
    return this.members[this.random.below(this.members.length)]!;
  }

  #send(
    to: { emit(event: string, ...args: unknown[]): unknown },
    isMeant: (socket: Socket) => boolean,
  ): void {
    const args = ['news', ++this.#sent, ...(this.random.below(8) === 0 ? [Buffer.from([this.#sent])] : [])];
    to.emit('news', ...args.slice(1));
    for (const { socket, expected } of this.members) if (isMeant(socket)) expected.push(args);
  }

  broadcast(): void {
    const { io } = this.made;
    const room = rooms[this.random.below(2)]!;
    const { socket } = this.#any();
    switch (this.random.below(6)) {
      case 0:
        return this.#send(io, () => true);
      case 1:
        return this.#send(io.to(room), ({ rooms }) => rooms.has(room));
      case 2:
        return this.#send(socket.to(room), (one) => one !== socket && one.rooms.has(room));
      case 3:
        return this.#send(socket.broadcast, (one) => one !== socket);
      case 4:
        return this.#send(io.except('two'), ({ rooms }) => !rooms.has('two'));
      default:
        return this.#send(socket, (one) => one === socket);
    }
  }

  move(): void {
    const { socket } = this.#any();
    const room = rooms[this.random.below(2)]!;
    if (socket.rooms.has(room)) socket.leave(room);
    else socket.join(room);
  }

  async replace(): Promise<void> {
    const gone = this.#any();
    gone.socket.disconnect();
    this.members = this.members.filter((one) => one !== gone);
    for (let n = 0; n < 5; n++) this.broadcast();
    const fresh = await member(this.made, this.random.below(manners.length));
    fresh.socket.join('one');
    this.members.push(fresh);
  }
}

test('everybody gets what is meant for them, in order, while members come, move and go', async (t) => {
  for (const seed of [1, 2, 3]) {
    const made = await stage(t);
    const members = await Promise.all(Array.from({ length: 20 }, (_, index) => member(made, index)));
    const model = new Model(made, new Random(seed), members);
    for (const { socket } of members) socket.join(['one', 'two']);
    for (let step = 0; step < 300; step++) {
      if (step % 60 === 59) await model.replace();
      else if (model.random.below(4) === 0) model.move();
      else model.broadcast();
      // What is sent within a tick leaves together: some of it does, and some does not.
      if (model.random.below(10) === 0) await new Promise(setImmediate);
    }
    made.io.emit('end');
    for (const { events, expected } of model.members) assert.deepEqual(await events.until('end'), expected);
  }
});

describe('who wants to know what is sent is told of every broadcast', () => {
  async function crowd(made: Stage): Promise<Pair[]> {
    const pairs = await made.pairs(10);
    for (let n = 0; n < 3; n++) made.io.emit('before');
    return pairs;
  }

  test('a catch-all listener of one socket', async (t) => {
    const made = await stage(t);
    const [{ socket }] = (await crowd(made)) as [Pair];
    const heard: unknown[][] = [];
    socket.onAnyOutgoing((...args) => heard.push(args));
    for (const text of ['a', 'b', 'c']) made.io.emit('news', text);
    assert.deepEqual(heard, [
      ['news', 'a'],
      ['news', 'b'],
      ['news', 'c'],
    ]);
  });

  test('a listener of one session', async (t) => {
    const made = await stage(t);
    const [{ socket }] = (await crowd(made)) as [Pair];
    const heard: unknown[] = [];
    (socket.conn as unknown as Heard).on('packetCreate', ({ data }) => heard.push(data));
    for (const text of ['a', 'b']) made.io.emit('news', text);
    assert.deepEqual(heard, ['2["news","a"]', '2["news","b"]']);
  });

  test('a listener of the engine', async (t) => {
    const made = await stage(t);
    await crowd(made);
    let flushed = 0;
    made.io.engine.on('flush', () => flushed++);
    for (const text of ['a', 'b']) made.io.emit('news', text);
    assert.equal(flushed, 20);
  });
});

interface Heard {
  on(event: 'packetCreate', listener: (packet: { data?: unknown }) => void): unknown;
}

test('a socket that has left the namespace gets nothing more, though its connection stays open', async (t) => {
  const made = await stage(t);
  await made.pairs(10);
  const admin = made.io.of('/admin');
  const { webSocket, inbox } = await made.raw();
  const connected = event(made.io, 'connection') as Promise<[Socket]>;
  for (const packet of ['40', '40/admin,']) webSocket.send(packet);
  const [socket] = await connected;
  assert.match(await inbox.text(), /^40\{/);
  assert.match(await inbox.text(), /^40\/admin,/);
  for (let n = 0; n < 3; n++) made.io.emit('before');
  socket.disconnect();
  made.io.emit('after');
  admin.emit('end');
  const before = '42["before"]';
  assert.deepEqual(await inbox.texts(5), [before, before, before, '41', '42/admin,["end"]']);
});

test('who joins the namespace late is not forgotten by a room that it joined in a middleware', async (t) => {
  const made = await stage(t);
  const pairs = await made.pairs(10);
  for (const { socket } of pairs) socket.join('room');
  let letIn = () => {};
  const waiting = new Promise<void>((arrived) => {
    made.io.use((socket, next) => {
      socket.join('room');
      letIn = next;
      arrived();
    });
  });
  const late = made.client();
  await waiting;
  for (let n = 0; n < 3; n++) made.io.to('room').emit('before');
  const events = new Events(late);
  late.once('connect', () => {
    made.io.to('room').emit('news');
    made.io.emit('end');
  });
  letIn();
  assert.deepEqual(await events.until('end'), [['news']]);
});

test('what waits for the end of an upgrade is not overtaken by what a listener for it broadcasts', async (t) => {
  const made = await stage(t);
  await made.pairs(9);
  const endpoint = `${made.url}${made.io.path()}/?EIO=4&transport=polling`;
  const body = async (response: Promise<Response>) => (await response).text();
  const { sid } = JSON.parse((await body(fetch(endpoint))).slice(1)) as { sid: string };
  await body(fetch(`${endpoint}&sid=${sid}`, { method: 'POST', body: '40' }));
  assert.match(await body(fetch(`${endpoint}&sid=${sid}`)), /^40\{/);
  made.io.emit('first');
  (made.io.engine.clients[sid] as unknown as Upgraded).on('upgrade', () => made.io.emit('second'));
  const { webSocket, inbox } = await made.upgrade(sid);
  webSocket.send('2probe');
  assert.equal(await inbox.text(), '3probe');
  webSocket.send('5');
  assert.deepEqual(await inbox.texts(2), ['42["first"]', '42["second"]']);
});

interface Upgraded {
  on(event: 'upgrade', listener: () => void): unknown;
}

test('who leaves a room in the middle of a broadcast, before its turn, goes without', async (t) => {
  const made = await stage(t);
  const pairs = await made.pairs(10);
  for (const { socket } of pairs) socket.join('room');
  for (let n = 0; n < 3; n++) made.io.to('room').emit('before');
  const [first] = pairs as [Pair];
  const { client, socket } = pairs[5]!;
  const events = new Events(client);
  (first.socket.conn as unknown as Heard).on('packetCreate', () => void socket.leave('room'));
  made.io.to('room').emit('after');
  made.io.emit('end');
  assert.deepEqual(await events.until('end'), [['before'], ['before'], ['before']]);
});

test('programs and adapters may change the sets of the adapter themselves', async (t) => {
  const made = await stage(t);
  const pairs = await made.pairs(10);
  for (const { socket } of pairs) socket.join('room');
  for (let n = 0; n < 3; n++) made.io.to('room').emit('before');
  const [{ client, socket }] = pairs as [Pair];
  const events = new Events(client);
  const members = socket.adapter.rooms.get('room')!;
  members.delete(socket.id);
  for (let n = 0; n < 3; n++) made.io.to('room').emit('without');
  members.add(socket.id);
  made.io.to('room').emit('after');
  made.io.emit('end');
  assert.deepEqual(await events.until('end'), [['before'], ['before'], ['before'], ['after']]);
});
