// RFC 6455 §9.1 against the running server: extension headers that break the grammar are refused, and huge ones cost little.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { answerTo } from './answer-to.ts';
import { echoServer } from './echo-server.ts';

const server = echoServer();
const answerToExtensions = (offer: string | string[]) =>
  answerTo(server, { 'Sec-WebSocket-Extensions': offer });
const name = 'permessage-deflate';

describe('extension headers that are not well formed', () => {
  const malformed = [
    '',
    ' ',
    ',',
    ';',
    '=',
    '"',
    '\\',
    '/',
    '@',
    '()',
    `${name};`,
    `${name}; `,
    `${name};;`,
    `${name}; ;client_max_window_bits`,
    `;${name}`,
    `=${name}`,
    `${name}; =10`,
    `${name}; server_max_window_bits=`,
    `${name}; server_max_window_bits==10`,
    `${name}; server_max_window_bits=10=10`,
    `${name} client_max_window_bits`,
    `${name}; a b`,
    `${name}; a=b c`,
    `"${name}"`,
    `${name}; "server_no_context_takeover"`,
    'permessage/deflate',
    'per@message',
    'permessage deflate',
    `${name}; server_max_window_bits="10`,
    `${name}; server_max_window_bits=10"`,
    `${name}; server_max_window_bits=""`,
    `${name}; server_max_window_bits="1"0`,
    `${name}; server_max_window_bits="10\\"`,
    `${name}; a="b c"`,
    `${name}; a="b,c"`,
    `${name}; a="b;c"`,
    `${name}; a="\\\\"`,
    `${name}; a='b'c@`,
    `x, ${name}; a="`,
    `${name}, =`,
    `${name}, x;`,
    `${name}; a={}`,
    `${name}; é`,
    `${name}; a="é"`,
    'x\u00a0y',
  ];
  for (const header of malformed) {
    test(`§9.1 refuses the header ${JSON.stringify(header)}`, async () => {
      assert.equal((await answerToExtensions(header)).status, 400);
    });
  }

  const size = 15_000;
  const filled = (unit: string, end = '') => unit.repeat(Math.floor((size - end.length) / unit.length)) + end;
  const huge: [what: string, header: string][] = [
    ['commas', filled(',')],
    ['semicolons', filled(';')],
    ['blanks and a fault', filled(' ', 'x @')],
    ['tabs before a fault', `a${filled('\t', '@')}`],
    ['blanks within a parameter', `${name}; a${filled(' ', 'b')}`],
    ['an unclosed string', `${name}; a="${filled('b')}`],
    ['backslashes in a string', `${name}; a="${filled('\\')}`],
    ['escaped quotes', `${name}; a="${filled('\\"')}`],
    ['empty strings', `${name}${filled('; a=""')}`],
    ['one long name', filled('a')],
    ['many names', filled('a,', 'a')],
    ['many names and a fault', filled('a ,', '@')],
    ['many parameters', `a${filled('; b')}`],
    ['many equal parameters', `${name}${filled('; client_no_context_takeover')}`],
    ['many offers', filled(`${name}; x, `, name)],
    ['many good offers', filled(`${name}, `, name)],
    ['equals signs', `a; b${filled('=')}`],
    ['digits', `${name}; server_max_window_bits=${filled('1')}`],
    ['zeros', `${name}; server_max_window_bits=${filled('0', '9')}`],
  ];
  for (const [what, header] of huge) {
    test(`§9.1 judges 15,000 bytes of ${what} in linear time`, async () => {
      // Time of this process alone, so that a busy machine changes nothing.
      const start = process.cpuUsage();
      const { status } = await answerToExtensions(header);
      assert.ok(status === 101 || status === 400, `status ${status}`);
      const { user, system } = process.cpuUsage(start);
      assert.ok(user + system < 200_000, `the answer took ${(user + system) / 1000} ms of computing`);
    });
  }
});
