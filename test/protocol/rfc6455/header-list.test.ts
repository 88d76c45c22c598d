// RFC 6455 §9.1: lists of tokens and of extensions; whatever comes, in linear time.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  type Extension,
  formatExtensions,
  HeaderSyntaxError,
  parseExtensions,
  parseTokens,
} from '../../../src/protocol/rfc6455/header-list.ts';
import { vectors } from '../../vectors/vectors.ts';
import { runs } from '../chunking.ts';

function plain(extensions: readonly Extension[]): unknown[] {
  return extensions.map(({ name, parameters }) => [name, [...parameters]]);
}

describe('extensions', () => {
  for (const [name, { meaning, value, extensions, position }] of vectors('header-lists')) {
    if (extensions !== undefined) {
      test(`§9.1 reads ${meaning} (${name})`, () => {
        const expected = extensions.map(([one, parameters]) => [one, Object.entries(parameters)]);
        assert.deepEqual(plain(parseExtensions(value)), expected);
      });
    } else {
      test(`§9.1 refuses ${meaning} at position ${position} (${name})`, () => {
        assert.throws(
          () => parseExtensions(value),
          (error) => error instanceof HeaderSyntaxError && error.position === position,
        );
      });
    }
  }

  const tokens = fc.string({
    unit: fc.constantFrom(..."!#$%&'*+-.^_`|~0129ABZabz".split('')),
    minLength: 1,
    maxLength: 12,
  });
  const lists = fc.array(
    fc.record({
      name: tokens,
      parameters: fc
        .uniqueArray(
          fc.tuple(
            tokens,
            fc.array(fc.oneof(tokens, fc.constant(true as const)), { minLength: 1, maxLength: 3 }),
          ),
          { selector: ([name]) => name, maxLength: 4 },
        )
        .map((entries) => new Map(entries)),
    }),
    { minLength: 1, maxLength: 4 },
  );

  test('§9.1 what was written is what is read', () => {
    fc.assert(
      fc.property(lists, (extensions) => {
        assert.deepEqual(plain(parseExtensions(formatExtensions(extensions))), plain(extensions));
      }),
      runs(500),
    );
  });

  test('§9.1 any text whatever is read or refused at a position inside of it', () => {
    const texts = fc.string({
      unit: fc.oneof(fc.constantFrom(...'a=;,"\\ \t'.split('')), fc.string({ maxLength: 1 })),
    });
    fc.assert(
      fc.property(texts, (text) => {
        try {
          assert.ok(parseExtensions(text).length > 0);
        } catch (error) {
          assert.ok(error instanceof HeaderSyntaxError);
          assert.ok(error.position >= 0 && error.position <= text.length);
        }
      }),
      runs(2000),
    );
  });
});

describe('tokens', () => {
  test('§4.3 a list of tokens, with empty elements between commas', () => {
    assert.deepEqual(parseTokens('chat'), ['chat']);
    assert.deepEqual(parseTokens(' chat ,,superchat\t,'), ['chat', 'superchat']);
  });

  test('§4.3 refuses what is no token', () => {
    for (const value of ['', ',', 'a b', 'a;b', 'a=b', '"a"', 'a/b', 'é', 'a\u0000']) {
      assert.throws(() => parseTokens(value), HeaderSyntaxError, JSON.stringify(value));
    }
  });
});

describe('time', () => {
  const megabyte = 1024 * 1024;
  const repeat = (text: string) => text.repeat(Math.ceil(megabyte / text.length));
  const hostile: Record<string, string> = {
    quotes: `a;b=${repeat('"')}`,
    commas: repeat(','),
    semicolons: repeat(';'),
    'backslashes in quotes': `a;b="${repeat('\\')}`,
    'escaped letters': `a;b="${repeat('\\a')}`,
    'a quote that does not end': `a;b="${repeat('x')}`,
    spaces: `a${repeat(' ')}b`,
    tabs: repeat('\t'),
    'equals signs': `a;${repeat('=')}`,
    'one parameter again and again': `a${repeat(';b')}`,
    'one parameter with values': `a${repeat(';b="c"')}`,
    'many extensions': repeat('a;b=c,'),
    'many parameters': `a${Array.from({ length: megabyte / 8 }, (_, index) => `;p${index}`).join('')}`,
    'one long token': repeat('a'),
    'commas and spaces': repeat(' ,\t'),
  };
  for (const [name, value] of Object.entries(hostile)) {
    test(`§9.1 a megabyte of ${name} takes less than a second`, () => {
      for (const parse of [parseExtensions, parseTokens]) {
        const start = performance.now();
        try {
          parse(value);
        } catch (error) {
          assert.ok(error instanceof HeaderSyntaxError);
        }
        const milliseconds = performance.now() - start;
        assert.ok(milliseconds < 1000, `${parse.name} took ${milliseconds} ms`);
      }
    });
  }
});
