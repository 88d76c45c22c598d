// RFC 7692 §5.1 and §7.1 against the running server: which offers of permessage-deflate it takes, and which it declines.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { answerTo } from './answer-to.ts';
import { echoServer } from './echo-server.ts';

const server = echoServer();
const without = echoServer({ perMessageDeflate: false });
const answerToExtensions = (offer: string | string[]) =>
  answerTo(server, { 'Sec-WebSocket-Extensions': offer });
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
  test('RFC 7692 §7 declines every offer where the server has no permessage-deflate', async () => {
    for (const offer of [name, `${name}; client_max_window_bits`, `${name}; unknown`, 'x-other']) {
      const response = await answerTo(without, { 'Sec-WebSocket-Extensions': offer });
      assert.equal(response.status, 101);
      assert.equal(response.deflateParameters(), undefined);
    }
  });

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
