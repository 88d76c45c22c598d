// RFC 6455 §4.2.2 against the running server: what a 101 and a refusal look like, and that nothing in a request can shape them.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { echoServer } from './echo-server.ts';
import * as frame from './frames.ts';
import {
  exampleAccept,
  type OpeningRequest,
  type OpeningResponse,
  openingRequest,
} from './opening-request.ts';
import { Random } from './random.ts';
import * as reply from './replies.ts';

const server = echoServer();

async function answerTo(request: OpeningRequest | Buffer, ends = false) {
  let answer: { response: OpeningResponse; body: Buffer } | undefined;
  await server.withConnection(async (client) => {
    client.socket.write(Buffer.isBuffer(request) ? request : openingRequest(request));
    const response = await client.answer();
    if (ends) await client.untilEnd();
    answer = { response, body: client.body };
  });
  return answer!;
}

describe('a 101', () => {
  test('§1.3 answers the key of the RFC with its accept value', async () => {
    const { response } = await answerTo({});
    assert.equal(response.get('Sec-WebSocket-Accept'), exampleAccept);
  });

  test('§4.2.2 computes the accept value of any key', async () => {
    const random = new Random(4);
    for (let i = 0; i < 20; i++) {
      const key = random.bytes(16).toString('base64');
      const { response } = await answerTo({ headers: { 'Sec-WebSocket-Key': key } });
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
      assert.equal(response.get('Sec-WebSocket-Accept'), accept);
    }
  });

  test('§4.2.2 has the status line and headers of the RFC, and no body', async () => {
    const { response, body } = await answerTo({});
    assert.match(response.statusLine, /^HTTP\/1\.1 101 Switching Protocols$/);
    assert.match(response.get('Upgrade') ?? '', /^websocket$/i);
    assert.match(response.get('Connection') ?? '', /^upgrade$/i);
    for (const name of ['Content-Length', 'Transfer-Encoding', 'Content-Type']) {
      assert.equal(response.get(name), undefined, `RFC 9110 §15.2: a 101 has no ${name}`);
    }
    assert.equal(body.length, 0);
  });

  test('§4.2.2 (5) agrees to no subprotocol and no extension that was not offered', async () => {
    const { response } = await answerTo({});
    assert.equal(response.get('Sec-WebSocket-Protocol'), undefined);
    assert.equal(response.get('Sec-WebSocket-Extensions'), undefined);
  });

  test('§4.2.1 ignores headers it does not know, and their order', async () => {
    const headers = {
      Cookie: 'a=b; c=d',
      'X-Empty': '',
      'Sec-WebSocket-Future': 'yes',
      Origin: 'http://a.example',
    };
    assert.equal((await answerTo({ headers })).response.status, 101);
    const lines = openingRequest({ headers }).toString('latin1').trimEnd().split('\r\n');
    const reversed = [lines[0], ...lines.slice(1).reverse()].join('\r\n');
    assert.equal((await answerTo(Buffer.from(`${reversed}\r\n\r\n`))).response.status, 101);
    const capitals = lines.map((one, i) =>
      i === 0 ? one : one.replace(/^[^:]+/, (name) => name.toUpperCase()),
    );
    assert.equal((await answerTo(Buffer.from(`${capitals.join('\r\n')}\r\n\r\n`))).response.status, 101);
    const bare = lines.map((one, i) => (i === 0 ? one : one.toLowerCase().replace(': ', ':')));
    const key = bare.map((one) =>
      one.startsWith('sec-websocket-key:') ? 'sec-websocket-key:AAAAAAAAAAAAAAAAAAAAAA==' : one,
    );
    assert.equal((await answerTo(Buffer.from(`${key.join('\r\n')}\r\n\r\n`))).response.status, 101);
  });
});

describe('the first frames', () => {
  const frames = Buffer.concat([frame.text('early'), frame.ping('bird'), frame.close(1000)]);
  const answer = [reply.text('early'), reply.pong('bird'), reply.close(1000), reply.fin];
  for (const delivery of ['whole', 'byte by byte', 'cut at random', 50] as const) {
    test(`§4.1 answers frames that come in the segment of the handshake, delivered ${delivery}`, () =>
      server.withConnection(async (client) => {
        await client.deliver(Buffer.concat([openingRequest(), frames]), delivery);
        assert.deepEqual(await client.untilEnd(), answer);
      }));
  }

  test('§5.1 answers a bad frame in the segment of the handshake with 101 and then a close frame', () =>
    server.withConnection(async (client) => {
      await client.deliver(Buffer.concat([openingRequest(), frame.text('x', { maskingKey: null })]));
      assert.deepEqual(await client.untilEnd(), [reply.close(1002), reply.fin]);
    }));

  test('§5.2 takes a second handshake for a frame, which fails the connection', () =>
    server.withConnection(async (client) => {
      await client.deliver(Buffer.concat([openingRequest(), openingRequest()]));
      assert.deepEqual(await client.untilEnd(), [reply.close(1002), reply.fin]);
    }));

  test('§4.1 takes a megabyte in the segment of the handshake', () =>
    server.withConnection(async (client) => {
      const megabyte = Buffer.alloc(1_048_576, 'm');
      await client.deliver(Buffer.concat([openingRequest(), frame.binary(megabyte), frame.close(1000)]));
      assert.deepEqual(await client.untilEnd(), [reply.binary(megabyte), reply.close(1000), reply.fin]);
    }));
});

describe('a refusal', () => {
  const refusals: [what: string, status: number, request: OpeningRequest][] = [
    ['a POST', 405, { requestLine: 'POST / HTTP/1.1' }],
    ['a bad key', 400, { headers: { 'Sec-WebSocket-Key': '<b>&"' } }],
    ['another version', 426, { headers: { 'Sec-WebSocket-Version': '8' } }],
    ['a plain HTTP request', 426, { headers: { Upgrade: undefined, Connection: 'close' } }],
    ['a bad subprotocol', 400, { headers: { 'Sec-WebSocket-Protocol': '<script>' } }],
    ['bad extensions', 400, { headers: { 'Sec-WebSocket-Extensions': '<script>' } }],
  ];
  for (const [what, status, request] of refusals) {
    test(`§4.2.2 answers ${what} with ${status}, a reason in words, and the end of the connection`, async () => {
      const { response, body } = await answerTo(request, true);
      assert.equal(response.status, status);
      assert.match(response.statusLine, /^HTTP\/1\.1 \d{3} [A-Z][A-Za-z -]+$/);
      assert.equal(response.get('Content-Length'), String(body.length));
      assert.match(response.get('Connection') ?? '', /\bclose\b/i);
      assert.ok(body.length > 0, 'the body says what is wrong');
      assert.doesNotMatch(body.toString(), /<script>|<b>/, 'the body repeats markup from the request');
      assert.equal(response.get('Sec-WebSocket-Accept'), undefined);
    });
  }
  test('RFC 9110 §15.5.6 names the methods allowed in a 405', async () => {
    const { response } = await answerTo({ requestLine: 'POST / HTTP/1.1' }, true);
    assert.match(response.get('Allow') ?? '', /^GET$/);
  });
});

describe('injection', () => {
  const evil = [
    '\r\n X-Injected: 1',
    '\n X-Injected: 1',
    '\nX-Injected: 1',
    '\rX-Injected: 1',
    '\0',
    '\x0b',
    '\x7f',
    '\u0085',
  ];
  const fields = [
    'Sec-WebSocket-Key',
    'Sec-WebSocket-Protocol',
    'Sec-WebSocket-Extensions',
    'Sec-WebSocket-Version',
  ];
  const start: Record<string, string> = {
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Protocol': 'chat',
    'Sec-WebSocket-Extensions': 'permessage-deflate',
    'Sec-WebSocket-Version': '13',
  };
  for (const field of fields) {
    for (const bytes of evil) {
      test(`RFC 9112 §5 lets ${JSON.stringify(bytes)} in ${field} shape no answer`, async () => {
        const { response } = await answerTo({ headers: { [field]: `${start[field]}${bytes}` } });
        assert.equal(response.get('X-Injected'), undefined);
        // A lone LF may be taken for the end of a line (RFC 9112 §2.2): then the header is whole and another follows.
        const statuses =
          bytes === '\nX-Injected: 1' ? [101, 400] : field.endsWith('Version') ? [400, 426] : [400];
        assert.ok(statuses.includes(response.status), response.statusLine);
      });
    }
  }

  const nonsense: [what: string, bytes: Buffer][] = [
    ['a TLS greeting', Buffer.from('16030100f1010000ed0303', 'hex')],
    [
      'frames without a handshake',
      Buffer.concat([frame.text('Hello'), frame.close(1000), Buffer.alloc(100)]),
    ],
    ['random bytes', new Random(9).bytes(500)],
    ['a header without a colon', Buffer.from('GET / HTTP/1.1\r\nHost a\r\n\r\n')],
    ['a blank before a colon', Buffer.from('GET / HTTP/1.1\r\nHost : a\r\n\r\n')],
    ['an HTTP/2 preface', Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')],
  ];
  for (const [what, bytes] of nonsense) {
    test(`§4.2.2 refuses ${what}`, () =>
      server.withConnection(async (client) => {
        client.socket.end(bytes);
        const { status } = await client.answer();
        assert.ok(status === 400 || status === 505, `status ${status}`);
      }));
  }

  test('RFC 6585 §5 refuses headers of more than 16 KiB with 431', async () => {
    const { response } = await answerTo({ headers: { 'X-Long': 'a'.repeat(20_000) } });
    assert.equal(response.status, 431);
  });
});
