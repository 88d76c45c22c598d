// Memory for frames: used again when nobody holds on to it, and never before.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Slab } from '../../../src/websocket/slab.ts';

const half = 16 * 1024;

/** A region of half a slab. */
function begin() {
  const slab = Slab.withRoom(half);
  const start = slab.begin();
  slab.extend(half);
  return { slab, start, end: (reusable = true) => slab.end(start, start + half, reusable) };
}

test('what many connections write in one turn lies in slabs that serve the next turn again', () => {
  const turn = () => {
    const regions = Array.from({ length: 8 }, begin);
    const slabs = new Set(regions.map(({ slab }) => slab));
    assert.equal(slabs.size, 4);
    for (const { end } of regions) end();
    return slabs;
  };
  const first = turn();
  for (let i = 0; i < 3; i++) {
    for (const slab of turn()) assert.ok(first.has(slab), 'a slab was made though one was free');
  }
});

test('a slab of which a socket still holds bytes is never used again', () => {
  const regions = Array.from({ length: 4 }, begin);
  const kept = regions[0]!.slab;
  regions[0]!.end(false);
  for (const { end } of regions.slice(1)) end();
  for (let i = 0; i < 3; i++) {
    const later = Array.from({ length: 8 }, begin);
    for (const { slab } of later) assert.notEqual(slab, kept);
    for (const { end } of later) end();
  }
});

test('the bytes of a region are nobody else’s while it is open', () => {
  const open = begin();
  const others = Array.from({ length: 7 }, begin);
  for (const { end } of others) end();
  for (let i = 0; i < 3; i++) {
    const later = Array.from({ length: 8 }, begin);
    for (const { slab, start } of later) assert.ok(slab !== open.slab || start !== open.start);
    for (const { end } of later) end();
  }
  open.end();
});
