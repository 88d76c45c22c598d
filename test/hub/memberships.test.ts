// Who is in which room: the same answers and events whether or not somebody has looked at the maps.
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { Adapter } from '../../src/hub/adapter.ts';
import type { AdapterNamespace } from '../../src/hub/adapter-contract.ts';
import { Memberships } from '../../src/hub/memberships.ts';
import { Random } from '../conformance/random.ts';

const kinds = ['create-room', 'join-room', 'leave-room', 'delete-room'];

function stage({ isHeard = true } = {}) {
  const events = new EventEmitter();
  const raised: unknown[][] = [];
  if (isHeard) for (const kind of kinds) events.on(kind, (...args) => raised.push([kind, ...args]));
  return { events, raised, memberships: new Memberships(events) };
}

/** What the contract of adapters says, in the plainest way. */
class Model {
  readonly rooms = new Map<string, Set<string>>();
  readonly sids = new Map<string, Set<string>>();
  readonly raised: unknown[][] = [];

  join(id: string, rooms: Iterable<string>): void {
    const joined = this.sids.get(id) ?? new Set();
    this.sids.set(id, joined);
    for (const room of rooms) {
      joined.add(room);
      if (!this.rooms.has(room)) this.raised.push(['create-room', room]);
      const members = this.rooms.get(room) ?? new Set();
      this.rooms.set(room, members);
      if (!members.has(id)) this.raised.push(['join-room', room, id]);
      members.add(id);
    }
  }

  leave(id: string, room: string): void {
    this.sids.get(id)?.delete(room);
    const members = this.rooms.get(room);
    if (members?.delete(id)) this.raised.push(['leave-room', room, id]);
    if (members?.size === 0 && this.rooms.delete(room)) this.raised.push(['delete-room', room]);
  }

  leaveAll(id: string): void {
    for (const room of [...(this.sids.get(id) ?? [])]) this.leave(id, room);
    this.sids.delete(id);
  }
}

const sorted = (ids: Iterable<string> | undefined) => ids && [...ids].sort();
const entries = (map: Map<string, Set<string>>) => [...map].map(([key, set]) => [key, sorted(set)]).sort();

for (const isHeard of [true, false]) {
  test(`${isHeard ? 'says and raises' : 'says, if nobody listens,'} what the plain contract would, over 400 times 60 random changes`, () => {
    for (let seed = 1; seed <= 400; seed++) compare(seed, isHeard);
  });
}

const ids = ['a', 'b', 'c', 'd'];
const rooms = [...ids, 'x', 'y'];

function compare(seed: number, isHeard: boolean): void {
  const random = new Random(seed);
  const pick = (from: readonly string[]) => from[random.below(from.length)]!;
  const { memberships, raised } = stage({ isHeard });
  const model = new Model();
  const showsAt = random.below(90);
  for (let step = 0; step < 60; step++) {
    const id = pick(ids);
    const what = random.below(8);
    if (what < 3) {
      memberships.join(id, new Set([id]));
      model.join(id, [id]);
    } else if (what < 5) {
      const several = new Set([pick(rooms), pick(rooms)]);
      memberships.join(id, several);
      model.join(id, several);
    } else if (what < 6) {
      const room = pick(rooms);
      memberships.leave(id, room);
      model.leave(id, room);
    } else if (what < 7) {
      memberships.leaveAll(id);
      model.leaveAll(id);
    } else {
      assert.deepEqual(sorted(memberships.roomsOf(id)), sorted(model.sids.get(id)));
    }
    if (step === showsAt) assert.deepEqual(entries(memberships.membersByRoom), entries(model.rooms));
    assert.equal(memberships.size, model.sids.size, `seed ${seed}, step ${step}`);
    // In the order in which they came.
    assert.deepEqual([...memberships.keys()], [...model.sids.keys()]);
    for (const room of rooms) {
      assert.deepEqual(sorted(memberships.membersOf(room)), sorted(model.rooms.get(room)));
    }
  }
  if (isHeard) assert.deepEqual(raised, model.raised, `seed ${seed}`);
  assert.deepEqual(entries(memberships.roomsBySocket), entries(model.sids));
  assert.deepEqual(entries(memberships.membersByRoom), entries(model.rooms));
}

test('whoever is told finds the rooms as the contract has them, and may change them', () => {
  const { events, memberships } = stage({ isHeard: false });
  memberships.join('a', new Set(['a']));
  const sizes: unknown[] = [];
  const look = (kind: string) => (room: string) =>
    sizes.push([kind, room, memberships.membersByRoom.get(room)?.size, memberships.has('a')]);
  for (const kind of kinds) events.on(kind, look(kind));
  events.on('leave-room', (room, id) => {
    if (room === 'a') memberships.join(id, new Set(['lobby']));
  });
  memberships.join('b', new Set(['b']));
  memberships.leaveAll('a');
  assert.deepEqual(sizes, [
    ['create-room', 'b', 0, true],
    ['join-room', 'b', 1, true],
    ['leave-room', 'a', 0, true],
    ['create-room', 'lobby', 0, true],
    ['join-room', 'lobby', 1, true],
    ['delete-room', 'a', undefined, true],
    ['leave-room', 'lobby', 0, true],
    ['delete-room', 'lobby', undefined, true],
  ]);
  memberships.leaveAll('b');
  assert.equal(memberships.membersByRoom.size + memberships.size, 0);
});

test('a subclass of the adapter may have maps of its own', () => {
  const nsp = { sockets: new Map() } as unknown as AdapterNamespace;
  class WithFields extends Adapter {
    // @ts-expect-error: TypeScript knows that these are accessors; JavaScript does not mind.
    override rooms = new Map<string, Set<string>>();
    // @ts-expect-error: as above.
    override sids = new Map<string, Set<string>>();
  }
  class Setting extends Adapter {
    constructor() {
      super(nsp);
      this.addAll('a', new Set(['a']));
      this.rooms = new Map();
      this.sids = new Map();
    }
  }
  for (const adapter of [new WithFields(nsp), new Setting()]) {
    adapter.addAll('b', new Set(['b']));
    assert.deepEqual(entries(adapter.rooms), [['b', ['b']]]);
    assert.deepEqual(entries(adapter.sids), [['b', ['b']]]);
    assert.deepEqual(adapter.socketRooms('b'), new Set(['b']));
  }
});

test('serves each once, whoever looks or joins meanwhile, but not who has left', () => {
  const { memberships } = stage();
  for (const id of ['a', 'b', 'c', 'd', 'e']) memberships.join(id, new Set([id]));
  const served: string[] = [];
  for (const id of memberships.keys()) {
    served.push(id);
    if (id === 'a') memberships.join('b', new Set(['room']));
    if (id === 'b') memberships.leaveAll('d');
    if (id === 'c') assert.equal(memberships.roomsBySocket.size, 4);
  }
  assert.deepEqual(served, ['a', 'b', 'c', 'e']);
});

test('the maps that were given out stay true', () => {
  const { memberships } = stage();
  memberships.join('a', new Set(['a']));
  const { membersByRoom, roomsBySocket } = memberships;
  memberships.join('b', new Set(['b']));
  memberships.join('b', new Set(['a']));
  assert.deepEqual(entries(membersByRoom), [
    ['a', ['a', 'b']],
    ['b', ['b']],
  ]);
  memberships.leaveAll('a');
  assert.deepEqual(entries(roomsBySocket), [['b', ['a', 'b']]]);
});
