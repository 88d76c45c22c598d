// Who is in which room: the same answers and events whether or not somebody has looked at the maps.
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { Memberships } from '../../src/hub/memberships.ts';
import { Random } from '../conformance/random.ts';

const kinds = ['create-room', 'join-room', 'leave-room', 'delete-room'];

function stage() {
  const events = new EventEmitter();
  const raised: unknown[][] = [];
  for (const kind of kinds) events.on(kind, (...args) => raised.push([kind, ...args]));
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

test('says and raises what the plain contract would, over 400 times 60 random changes', () => {
  const ids = ['a', 'b', 'c', 'd'];
  const rooms = [...ids, 'x', 'y'];
  for (let seed = 1; seed <= 400; seed++) {
    const random = new Random(seed);
    const pick = (from: readonly string[]) => from[random.below(from.length)]!;
    const { memberships, raised } = stage();
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
      assert.deepEqual(sorted(memberships.keys()), sorted(model.sids.keys()));
      for (const room of rooms) {
        assert.deepEqual(sorted(memberships.membersOf(room)), sorted(model.rooms.get(room)));
      }
    }
    assert.deepEqual(raised, model.raised, `seed ${seed}`);
    assert.deepEqual(entries(memberships.roomsBySocket), entries(model.sids));
    assert.deepEqual(entries(memberships.membersByRoom), entries(model.rooms));
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
