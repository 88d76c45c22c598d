// RFC 6455 §4.2.1 against the running server: which opening handshakes it takes, and with what status it refuses the others.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { echoServer } from './echo-server.ts';
import * as frame from './frames.ts';
import { exampleKey, type OpeningRequest, openingRequest } from './opening-request.ts';
import * as reply from './replies.ts';

const server = echoServer();

interface Row extends OpeningRequest {
  what: string;
  /** The statuses the server may answer with. */
  status: number | readonly number[];
}

function runRequests(section: string, rows: readonly Row[]): void {
  for (const { what, status, ...request } of rows) {
    test(`${section} ${what}`, async () => {
      for (const delivery of ['whole', 'byte by byte', 'cut at random'] as const) {
        await server.withConnection(async (client) => {
          // What a client sends along with a refused handshake is never taken for frames.
          const frames = Buffer.concat([frame.text('Hello'), frame.close(1000)]);
          await client.deliver(Buffer.concat([openingRequest(request), frames]), delivery);
          const response = await client.answer();
          assert.ok([status].flat().includes(response.status), `${delivery}: ${response.statusLine}`);
          const echoed = response.status === 101 ? [reply.text('Hello'), reply.close(1000)] : [];
          assert.deepEqual(await client.untilEnd(), [...echoed, reply.fin], delivery);
          if (response.status !== 426) return;
          assert.match(response.get('Upgrade') ?? '', /^websocket$/i, 'RFC 9110 §15.5.22: Upgrade');
        });
      }
    });
  }
}

describe('request line', () => {
  runRequests('§4.2.1', [
    { what: 'takes a GET', status: 101 },
    { what: 'takes a query', status: 101, requestLine: 'GET /chat?a=1&b=%20 HTTP/1.1' },
    { what: 'takes the root', status: 101, requestLine: 'GET / HTTP/1.1' },
    {
      what: 'takes an absolute http URI',
      status: 101,
      requestLine: 'GET http://server.example.com/ HTTP/1.1',
    },
    ...['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'HEAD'].map((method) => ({
      what: `refuses ${method}`,
      status: 405,
      requestLine: `${method} /chat HTTP/1.1`,
    })),
    { what: 'refuses an unknown method', status: [400, 405, 501], requestLine: 'FROBNICATE /chat HTTP/1.1' },
    { what: 'refuses a method in small letters', status: [400, 405, 501], requestLine: 'get /chat HTTP/1.1' },
    { what: 'refuses HTTP/1.0', status: [400, 426, 505], requestLine: 'GET /chat HTTP/1.0' },
    { what: 'refuses HTTP/0.9', status: [400, 426, 505], requestLine: 'GET /chat HTTP/0.9' },
    // "HTTP/1.1 or higher", says the RFC; a server may as well find that this is not HTTP/2.
    {
      what: 'survives HTTP/2.0 in the form of HTTP/1.1',
      status: [101, 400, 426, 505],
      requestLine: 'GET /chat HTTP/2.0',
    },
    { what: 'refuses a request line without a version', status: [400, 426, 505], requestLine: 'GET /chat' },
    { what: 'refuses a request line of another protocol', status: 400, requestLine: 'GET /chat WS/1.1' },
  ]);
});

describe('Host', () => {
  const host = (what: string, status: number, value: string | string[] | undefined) => ({
    what,
    status,
    headers: { Host: value },
  });
  runRequests('§4.2.1 (2)', [
    host('takes a name and a port', 101, 'example.com:8080'),
    host('takes an IPv4 address', 101, '127.0.0.1'),
    host('takes an IPv6 address and a port', 101, '[::1]:8080'),
    host('refuses a request without Host', 400, undefined),
    host('refuses an empty Host', 400, ''),
    host('refuses two Hosts', 400, ['a.example', 'b.example']),
    host('refuses the same Host twice', 400, ['a.example', 'a.example']),
    host('refuses a Host with a space', 400, 'a.example b.example'),
    host('refuses a Host with a path', 400, 'a.example/path'),
    host('refuses a Host with a user', 400, 'user@a.example'),
    host('refuses a Host with a port that is no number', 400, 'a.example:http'),
    host('refuses a Host that is a URI', 400, 'http://a.example'),
  ]);
});

describe('Upgrade and Connection', () => {
  const upgrade = (what: string, status: number | number[], value: string | string[] | undefined) => ({
    what,
    status,
    headers: { Upgrade: value },
  });
  const connection = (what: string, status: number | number[], value: string | string[] | undefined) => ({
    what,
    status,
    headers: { Connection: value },
  });
  runRequests('§4.2.1 (3)', [
    upgrade('takes Upgrade in any case', 101, 'WebSocket'),
    upgrade('takes Upgrade in capitals', 101, 'WEBSOCKET'),
    upgrade('takes Upgrade with blanks around it', 101, ' \t websocket \t '),
    upgrade('takes a list with websocket last', 101, 'h2c, websocket'),
    upgrade('takes a list with websocket first', 101, 'websocket,h2c'),
    upgrade('takes websocket on the second of two lines', 101, ['h2c', 'websocket']),
    upgrade('refuses a request without Upgrade', [400, 426], undefined),
    upgrade('refuses an empty Upgrade', [400, 426], ''),
    upgrade('refuses another protocol', [400, 426], 'h2c'),
    upgrade('refuses a name that begins with websocket', [400, 426], 'websocket2'),
    upgrade('refuses a name that ends in websocket', [400, 426], 'xwebsocket'),
    upgrade('refuses websocket in quotes', [400, 426], '"websocket"'),
  ]);
  runRequests('§4.2.1 (4)', [
    connection('takes Connection in any case', 101, 'uPGRADE'),
    connection('takes a list with Upgrade last', 101, 'keep-alive, Upgrade'),
    connection('takes a list with Upgrade first', 101, 'Upgrade,keep-alive'),
    connection('takes a list with empty elements', 101, ', Upgrade ,'),
    connection('takes Upgrade on the second of two lines', 101, ['keep-alive', 'Upgrade']),
    connection('takes Upgrade on the first of two lines', 101, ['Upgrade', 'keep-alive']),
    connection('refuses a request without Connection', [400, 426], undefined),
    connection('refuses an empty Connection', [400, 426], ''),
    connection('refuses keep-alive alone', [400, 426], 'keep-alive'),
    connection('refuses a token that begins with Upgrade', [400, 426], 'Upgrade2'),
    connection('refuses a token that ends in Upgrade', [400, 426], 'x-upgrade'),
    connection('refuses two words without a comma', [400, 426], 'keep-alive Upgrade'),
  ]);
});

describe('Sec-WebSocket-Key', () => {
  const key = (what: string, status: number, value: string | string[] | undefined) => ({
    what,
    status,
    headers: { 'Sec-WebSocket-Key': value },
  });
  const ofBytes = (size: number) => Buffer.alloc(size, 0xa5).toString('base64');
  runRequests('§4.2.1 (5)', [
    key('takes a key with + and /', 101, Buffer.alloc(16, 'fbefff', 'hex').toString('base64')),
    key('takes a key of zeros', 101, Buffer.alloc(16).toString('base64')),
    key('takes a key with blanks around it', 101, ` \t${exampleKey}\t `),
    key('refuses a request without a key', 400, undefined),
    key('refuses an empty key', 400, ''),
    ...[1, 8, 13, 14, 15, 17, 18, 19, 20, 24, 32].map((size) =>
      key(`refuses a key of ${size} bytes`, 400, ofBytes(size)),
    ),
    key('refuses a key without its padding', 400, exampleKey.slice(0, -2)),
    key('refuses a key with half its padding', 400, exampleKey.slice(0, -1)),
    key('refuses a key with too much padding', 400, `${exampleKey}=`),
    key('refuses a key with padding inside', 400, `dGhlIHNhbXBsZSBub2==uY2U`),
    key(
      'refuses a key in the alphabet for URLs',
      400,
      Buffer.alloc(16, 'fbefff', 'hex').toString('base64url'),
    ),
    key('refuses a key with - and _', 400, 'dGhl-HNhbXBsZSBub25j_Q=='),
    key('refuses a key with a blank inside', 400, 'dGhlIHNhbXBs ZSBub25jZQ=='),
    key('refuses a key with a character outside base64', 400, 'dGhlIHNhbXBsZSBub25j!Q=='),
    key('refuses a key with a byte outside ASCII', 400, 'dGhlIHNhbXBsZSBub25j\xe9Q=='),
    key('refuses a key in quotes', 400, `"${exampleKey}"`),
    key('refuses two keys', 400, [exampleKey, Buffer.alloc(16).toString('base64')]),
    key('refuses the same key twice', 400, [exampleKey, exampleKey]),
    key('refuses two keys on one line', 400, `${exampleKey}, ${exampleKey}`),
    key('refuses a key of 8,000 characters', 400, 'A'.repeat(8000)),
  ]);
});

describe('Sec-WebSocket-Version', () => {
  const values = ['', '0', '1', '7', '8', '12', '14', '25', '131', '255', '256', '-13', '+13', '013', '13.0'];
  const others = [
    '0x0d',
    '13 13',
    '13, 8',
    '8, 13',
    '13;q=1',
    '"13"',
    'hybi-13',
    '\xb9\xb3',
    '1'.repeat(5000),
  ];
  const versions: [what: string, value: string | string[] | undefined][] = [
    ['a request without a version', undefined],
    ['two version headers', ['13', '13']],
    ['version 8 and version 13', ['8', '13']],
    ...[...values, ...others].map((value): [string, string] => [`version ${value.slice(0, 20)}`, value]),
  ];
  for (const [what, value] of versions) {
    test(`§4.2.2 (4) answers ${what} with 426 and the version it speaks`, () =>
      server.withConnection(async (client) => {
        client.socket.write(openingRequest({ headers: { 'Sec-WebSocket-Version': value } }));
        const response = await client.answer();
        assert.equal(response.status, 426, response.statusLine);
        assert.equal(response.get('Sec-WebSocket-Version'), '13');
        assert.match(response.get('Upgrade') ?? '', /^websocket$/i, 'RFC 9110 §15.5.22: Upgrade');
        assert.deepEqual(await client.untilEnd(), [reply.fin]);
      }));
  }
  runRequests('§4.2.1 (6)', [
    { what: 'takes blanks around the version', status: 101, headers: { 'Sec-WebSocket-Version': ' 13 \t' } },
  ]);
});
