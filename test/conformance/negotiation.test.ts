// RFC 6455 §9.1 and §4.2.2 and RFC 7692 §7.1 against the running server: what it makes of extensions and subprotocols offered.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { echoServer } from './echo-server.ts';
import * as frame from './frames.ts';
import { type OpeningResponse, openingRequest } from './opening-request.ts';
import * as reply from './replies.ts';

const server = echoServer();
const chooser = echoServer({ handleProtocols: (offered) => offered.has('chat.v2') && 'chat.v2' });

async function answerTo(headers: Record<string, string | string[]>, to = server): Promise<OpeningResponse> {
  let response: OpeningResponse | undefined;
  await to.withConnection(async (client) => {
    client.socket.write(openingRequest({ headers }));
    response = await client.answer();
    if (response.status !== 101) return;
    client.socket.write(Buffer.concat([frame.text('Hello'), frame.close(1000)]));
    assert.deepEqual(await client.untilEnd(), [reply.text('Hello'), reply.close(1000), reply.fin]);
  });
  return response!;
}

const answerToExtensions = (offer: string | string[]) => answerTo({ 'Sec-WebSocket-Extensions': offer });
const name = 'permessage-deflate';

describe('offers of permessage-deflate that are taken', () => {
  type Parameters = Record<string, (value: string | undefined) => boolean>;
  const absent = (value: string | undefined) => value === undefined;
  const set = (value: string | undefined) => value === '';
  const atMost = (bits: number) => (value: string | undefined) =>
    value !== undefined && /^([89]|1[0-5])$/.test(value) && Number(value) <= bits;
  const noneOr = (other: (value: string | undefined) => boolean) => (value: string | undefined) =>
    value === undefined || other(value);
  const bits = [8, 9, 10, 11, 12, 13, 14, 15];

  const offers: [offer: string | string[], parameters: Parameters][] = [
    [name, { client_max_window_bits: absent }],
    [`${name}; server_no_context_takeover`, { server_no_context_takeover: set }],
    [`${name}; client_no_context_takeover`, {}],
    [`${name}; client_max_window_bits`, { client_max_window_bits: noneOr(atMost(15)) }],
    ...bits.flatMap((size): [string, Parameters][] => [
      [`${name}; server_max_window_bits=${size}`, { server_max_window_bits: atMost(size) }],
      [`${name}; client_max_window_bits=${size}`, { client_max_window_bits: noneOr(atMost(15)) }],
      [`${name}; server_max_window_bits="${size}"`, { server_max_window_bits: atMost(size) }],
    ]),
    [`${name}; server_max_window_bits="1\\0"`, { server_max_window_bits: atMost(10) }],
    [
      `${name};server_no_context_takeover;client_no_context_takeover;server_max_window_bits=12;client_max_window_bits=11`,
      { server_no_context_takeover: set, server_max_window_bits: atMost(12) },
    ],
    [`x-unknown; a=1; b="c", ${name}`, {}],
    [`${name}; unknown_parameter, ${name}; server_no_context_takeover`, { server_no_context_takeover: set }],
    [`${name}; server_max_window_bits=7, ${name}`, { server_max_window_bits: absent }],
    [['x-unknown', name], {}],
    [[name, `${name}; server_no_context_takeover`], { server_no_context_takeover: absent }],
    [
      `${name} ;\t client_max_window_bits \t; server_no_context_takeover`,
      { server_no_context_takeover: set },
    ],
    [` , ${name} , ,`, {}],
  ];
  const known = ['server_no_context_takeover', 'client_no_context_takeover'];
  const sized = ['server_max_window_bits', 'client_max_window_bits'];
  for (const [offer, expected] of offers) {
    test(`RFC 7692 §7.1 takes ${JSON.stringify(offer)}`, async () => {
      const response = await answerToExtensions(offer);
      assert.equal(response.status, 101, response.statusLine);
      const agreed = response.deflateParameters();
      assert.ok(agreed, 'the server took no extension');
      const unknown = [...agreed.keys()].filter((key) => ![...known, ...sized].includes(key));
      assert.deepEqual(unknown, []);
      for (const [parameter, right] of Object.entries(expected)) {
        const value = agreed.get(parameter);
        assert.ok(right(value), `${parameter} is ${JSON.stringify(value)} in the answer`);
      }
    });
  }
});

describe('offers that are declined', () => {
  const parameters = [
    'unknown_parameter',
    'unknown_parameter=1',
    'server_no_context_takeover=1',
    'client_no_context_takeover="true"',
    'server_no_context_takeover; server_no_context_takeover',
    'server_max_window_bits=10; server_max_window_bits=10',
    'client_max_window_bits; client_max_window_bits=10',
    'server_max_window_bits',
    ...[
      '0',
      '7',
      '16',
      '08',
      '010',
      '1e1',
      '10.0',
      '-9',
      '+9',
      'x',
      '0x9',
      '99999999999999999999',
      'Infinity',
    ].flatMap((value) => [`server_max_window_bits=${value}`, `client_max_window_bits=${value}`]),
    '__proto__',
    'constructor=1',
    'hasOwnProperty',
  ];
  const others = [
    'x-webkit-deflate-frame',
    'x-unknown',
    'a, b, c',
    'x; y=1; z="2"',
    'permessage-bzip2',
    'constructor',
    '__proto__; __proto__=1',
  ];
  for (const offer of [...parameters.map((parameter) => `${name}; ${parameter}`), ...others]) {
    test(`RFC 7692 §7 declines ${JSON.stringify(offer)} and goes on without`, async () => {
      const response = await answerToExtensions(offer);
      assert.equal(response.status, 101, response.statusLine);
      assert.equal(response.deflateParameters(), undefined);
    });
  }
});

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
      const start = performance.now();
      const { status } = await answerToExtensions(header);
      assert.ok(status === 101 || status === 400, `status ${status}`);
      assert.ok(performance.now() - start < 500, 'the answer took more than half a second');
    });
  }
});

describe('subprotocols', () => {
  const answerToProtocols = (offer: string | string[], to = server) =>
    answerTo({ 'Sec-WebSocket-Protocol': offer }, to);

  const offers: [offer: string | string[], allowed: string[]][] = [
    ['chat', ['chat']],
    ['chat, superchat', ['chat', 'superchat']],
    ['chat,superchat', ['chat', 'superchat']],
    [' \tchat\t ,\t superchat ', ['chat', 'superchat']],
    [
      ['chat', 'superchat'],
      ['chat', 'superchat'],
    ],
    ["!#$%&'*+-.^_`|~09azAZ", ["!#$%&'*+-.^_`|~09azAZ"]],
    ['Chat, chat', ['Chat', 'chat']],
    ['__proto__', ['__proto__']],
  ];
  for (const [offer, allowed] of offers) {
    test(`§4.2.2 (5) chooses one of ${JSON.stringify(offer)} or none`, async () => {
      const response = await answerToProtocols(offer);
      assert.equal(response.status, 101);
      assert.ok([undefined, ...allowed].includes(response.get('Sec-WebSocket-Protocol')));
    });
  }

  test('§4.2.2 (5) answers with the choice of the application, wherever it stands', async () => {
    for (const offer of ['chat.v2', 'chat.v1, chat.v2', 'chat.v2,chat.v1', 'a, b, chat.v2, c']) {
      assert.equal((await answerToProtocols(offer, chooser)).get('Sec-WebSocket-Protocol'), 'chat.v2');
    }
  });

  test('§4.2.2 (5) names no subprotocol when the application chooses none', async () => {
    const response = await answerToProtocols('chat.v1, Chat.v2', chooser);
    assert.equal(response.status, 101);
    assert.equal(response.get('Sec-WebSocket-Protocol'), undefined);
  });

  const malformed = [
    '',
    ' ',
    ',',
    'chat chat',
    'chat; v=1',
    '"chat"',
    'chat/2',
    'chat@2',
    'chat(2)',
    '<chat>',
    '[chat]',
    '{chat}',
    'chat:2',
    'chat?',
    'chat=2',
    'chat\\2',
    'chat\t2',
    'châté',
    'chat, chat',
    'chat,superchat,chat',
    'chat, a b',
    'chat, @',
  ];
  for (const header of malformed) {
    test(`§4.1 (10) refuses the subprotocols ${JSON.stringify(header)}`, async () => {
      assert.equal((await answerToProtocols(header)).status, 400);
    });
  }
});
