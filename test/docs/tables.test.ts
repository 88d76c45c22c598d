// The tables of the documentation that list what is in the code: refusals, opcodes, errors, close codes, defaults.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CloseCode, isSendableCloseCode } from '../../src/protocol/rfc6455/close-codes.ts';
import { Opcode } from '../../src/protocol/rfc6455/opcode.ts';
import { refusalOf, refusedRequest } from '../protocol/rfc6455/refused-request.ts';
import { vectors } from '../vectors/vectors.ts';
import { defaults, valueIn } from './defaults.ts';
import { placeOf, rowsOf } from './page.ts';
import { marked, theOne } from './pages.ts';

describe('the table of refusals', () => {
  const rows = rowsOf(theOne('refusals').lines).map(([, status, reason]) => `${status} ${reason}`);
  const refused = [...vectors('refused-handshakes').values()];
  const given = (lines: readonly string[]) => {
    const refusal = refusalOf(lines);
    return refusal && `${refusal.status} ${refusal.message}`;
  };

  test('has each refusal that there is, and none besides', () => {
    const answers = refused.map((vector) => given(refusedRequest(vector)));
    assert.deepEqual(new Set(rows), new Set(answers));
    assert.equal(new Set(rows).size, rows.length);
  });

  test('is in the order of the checks', () => {
    for (const one of refused) {
      for (const other of refused) {
        const headers = { ...one.headers, ...other.headers };
        const changed = Object.keys(one.headers ?? {}).length + Object.keys(other.headers ?? {}).length;
        const requestLine = one.requestLine ?? other.requestLine;
        // Two changes of the same line can't both be made.
        if (Object.keys(headers).length !== changed || (one.requestLine && other.requestLine)) continue;
        const both = { ...one, headers, ...(requestLine !== undefined && { requestLine }) };
        const [first] = [one, other]
          .map(({ status, reason }) => rows.indexOf(`${status} ${reason}`))
          .sort((a, b) => a - b);
        assert.equal(given(refusedRequest(both)), rows[first!], `${one.meaning}; ${other.meaning}`);
      }
    }
  });
});

describe('tables of frames', () => {
  test('the opcodes are those of the code', () => {
    const rows = rowsOf(theOne('opcodes').lines).map(([opcode, name]) => [name, Number(opcode)]);
    assert.deepEqual(Object.fromEntries(rows), { ...Opcode });
  });

  test('the errors are those that the vectors end in, with their close codes', () => {
    const rows = rowsOf(theOne('errors').lines).map(([, closeCode, name]) => `${closeCode} ${name}`);
    const outcomes = [...vectors('broken-frames').values()].flatMap(({ yields }) => yields);
    const errors = outcomes.flatMap((one) => ('error' in one ? [`${one.closeCode} ${one.error}`] : []));
    assert.deepEqual([...rows].sort(), [...new Set(errors)].sort());
  });
});

describe('tables of close codes', () => {
  for (const { mark, lines, ...block } of marked('close codes')) {
    test(`${placeOf({ ...block, lines })}: the codes, names and whether they may be sent are those of the code`, () => {
      const names = new Map(Object.entries(CloseCode).map(([name, code]) => [code as number, name]));
      const rows = rowsOf(lines);
      for (const [code, , name, sent] of rows) {
        const [first, last = first] = code!.split('–').map(Number);
        assert.equal(name || undefined, names.get(first!), code);
        assert.equal(sent === 'yes', isSendableCloseCode(first!) && isSendableCloseCode(last!), code);
      }
      const listed = rows.map(([code]) => Number(code));
      if (mark.of === 'all')
        assert.deepEqual(
          [...names.keys()].filter((code) => !listed.includes(code)),
          [],
        );
    });
  }
});

describe('tables of defaults', () => {
  for (const { mark, lines, ...block } of marked('defaults')) {
    test(`${placeOf({ ...block, lines })}: the defaults are those of the code`, () => {
      const known = defaults[mark.of];
      assert.ok(known, `there are no defaults of ${mark.of}`);
      for (const [option, value] of rowsOf(lines)) {
        // A limit that no option sets.
        if (option === 'none') continue;
        assert.deepEqual([option, valueIn(value!)], [option, known[option!]]);
      }
    });
  }
});
