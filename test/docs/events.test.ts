// The tables about packets of the hub: kinds, pieces, what JSON makes of values, what is refused.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import vm from 'node:vm';
import { Encoder } from '../../src/protocol/socketio/encoder.ts';
import { isReservedEvent, PacketType } from '../../src/protocol/socketio/packet.ts';
import { decode } from '../protocol/socketio/wire.ts';
import { vectors } from '../vectors/vectors.ts';
import { placeOf, rowsOf } from './page.ts';
import { marked, theOne } from './pages.ts';

test('the kinds of packets are those of the code', () => {
  const rows = rowsOf(theOne('socket packets').lines).map(([digit, name]) => [name, Number(digit)]);
  assert.deepEqual(Object.fromEntries(rows), { ...PacketType });
});

for (const { mark, ...block } of marked('pieces')) {
  test(`${placeOf(block)}: the pieces of ${mark.of} make it up`, () => {
    const vector = vectors('socketio').get(mark.of.replace('socketio/', ''));
    const pieces = rowsOf(block.lines).map(([piece]) => piece);
    assert.equal(pieces.join(''), `4${String(vector?.messages[0])}`);
  });
}

describe('what arrives of what was sent', () => {
  for (const [sent, arrives] of rowsOf(theOne('json facts').lines)) {
    test(`${sent} arrives as ${arrives}`, () => {
      const value: unknown = vm.runInThisContext(`(${sent})`);
      const encode = () => new Encoder().encode({ type: PacketType.EVENT, nsp: '/', data: ['a', value] });
      if (arrives === 'nothing: emit throws') return assert.throws(encode);
      const [packet] = decode(encode());
      const [, received] = packet!.data as unknown[];
      if (arrives === 'the same bytes')
        assert.ok(Buffer.from(value as Uint8Array).equals(received as Buffer));
      else assert.equal(JSON.stringify(received), arrives);
    });
  }
});

test('the errors are those that bad packets end in', () => {
  const rows = rowsOf(theOne('packet errors').lines).map(([error]) => error!);
  const errors = [...vectors('broken-socketio').values()].map(({ error }) => error);
  assert.deepEqual(new Set(rows), new Set([...errors, 'payload nested deeper than 256 levels']));
});

test('the reserved names are reserved', () => {
  for (const [name] of rowsOf(theOne('reserved events').lines)) assert.ok(isReservedEvent(name), name);
});
