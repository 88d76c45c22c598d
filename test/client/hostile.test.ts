// Servers that send what they should not: the client reports it by the documented events, and tries again, without an exception.
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import WebSocket, { WebSocketServer } from 'ws';
import { io, type ManagerOptions, type Socket } from '../../src/client/index.ts';
import { event, heard } from './servers.ts';

const open = (more = {}) =>
  `0${JSON.stringify({ sid: 'abc', upgrades: [], pingInterval: 25000, pingTimeout: 20000, maxPayload: 1e6, ...more })}`;

type Failure = Error & { type?: string; description?: unknown };

async function clientOf(
  t: TestContext,
  answer: (request: IncomingMessage, response: ServerResponse, index: number) => void,
  options: ManagerOptions = {},
): Promise<Socket> {
  let index = 0;
  const http = createServer((request, response) => {
    if (request.method === 'POST') response.end('ok');
    else answer(request, response, index++);
  });
  await event(http.listen(0, '127.0.0.1'), 'listening');
  const client = io(`http://127.0.0.1:${(http.address() as AddressInfo).port}`, {
    forceNew: true,
    autoConnect: false,
    reconnectionDelay: 5,
    reconnectionDelayMax: 10,
    ...options,
  });
  t.after(() => {
    client.disconnect();
    http.close();
    http.closeAllConnections();
  });
  return client;
}

async function clientOfWebSocket(t: TestContext, greet: (socket: WebSocket) => void): Promise<Socket> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', greet);
  await event(server, 'listening');
  const client = io(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    forceNew: true,
    autoConnect: false,
    transports: ['websocket'],
    reconnectionDelay: 5,
    reconnectionDelayMax: 10,
    WebSocket: WebSocket as never,
  });
  t.after(() => {
    client.disconnect();
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  return client;
}

const firstAnswers: Record<string, [body: string, message: string]> = {
  'HTML in place of a payload': ['<!doctype html><title>Log in</title>', 'parse error'],
  nothing: ['', 'parse error'],
  'an open packet without JSON': ['0', 'parse error'],
  'an open packet with broken JSON': ['0{"sid":', 'parse error'],
  'an open packet that holds null': ['0null', 'parse error'],
  'an open packet without times': ['0{"sid":"abc"}', 'parse error'],
  'an open packet with a sid that is no text': [open({ sid: { a: 1 } }), 'parse error'],
  'another packet first': ['42["event"]', 'parse error'],
  'base64 that is none': ['b$$$', 'parse error'],
  'a close packet': ['1', 'polling error'],
};

describe('the first response', () => {
  for (const [name, [body, message]] of Object.entries(firstAnswers)) {
    test(`${name} is a connect_error, and there are further attempts`, async (t) => {
      const client = await clientOf(t, (_request, response) => response.end(body));
      client.connect();
      const [error] = await heard<[Failure]>(client, 'connect_error');
      assert.equal(error.message, message);
      assert.equal(error.type, 'TransportError');
      await heard(client.io, 'reconnect_attempt');
      await heard(client, 'connect_error');
      assert.equal(client.active, true);
    });
  }

  test('a status other than 200 is the description of a connect_error', async (t) => {
    const client = await clientOf(t, (_request, response) => response.writeHead(503).end('busy'));
    client.connect();
    const [error] = await heard<[Failure]>(client, 'connect_error');
    assert.equal(error.message, 'xhr poll error');
    assert.equal(error.description, 503);
    await heard(client.io, 'reconnect_attempt');
  });

  test('a body without an end is cut off where the limit is', async (t) => {
    const client = await clientOf(
      t,
      (_request, response) => {
        const more = () => {
          while (!response.destroyed && response.write('x'.repeat(10_000)));
        };
        response.on('drain', more);
        more();
      },
      { maxResponse: 100_000 },
    );
    client.connect();
    const [error] = await heard<[Failure]>(client, 'connect_error');
    assert.equal(error.message, 'xhr poll error');
    assert.match(String(error.description), /too large/);
  });

  test('an answer that does not come ends with the timeout', async (t) => {
    const client = await clientOf(t, () => {}, { timeout: 20 });
    client.connect();
    const [error] = await heard<[Failure]>(client, 'connect_error');
    assert.equal(error.message, 'timeout');
  });

  test('a connection that is cut is a connect_error', async (t) => {
    const client = await clientOf(t, (request) => request.socket.destroy());
    client.connect();
    assert.equal((await heard<[Failure]>(client, 'connect_error'))[0].message, 'xhr poll error');
  });
});

const laterAnswers: Record<string, [body: string, reason: string]> = {
  'a packet of no type': ['x', 'parse error'],
  'base64 that is none': ['b$$$', 'parse error'],
  'an unknown packet of a namespace': ['4abc', 'parse error'],
  'an event without a list': ['42{}', 'parse error'],
  'a reserved event': ['42["connect"]', 'parse error'],
  'a binary that nobody waits for': ['bAQID', 'parse error'],
  'more attachments than there may be': ['4511-["a"]', 'parse error'],
  'nesting without an end': [`42["a",${'['.repeat(100_000)}`, 'parse error'],
  'a close packet': ['1', 'transport close'],
};

describe('a later response', () => {
  for (const [name, [body, reason]] of Object.entries(laterAnswers)) {
    test(`${name} is a disconnection, and the client connects again`, async (t) => {
      const answers = [open(), '40{"sid":"one"}', body];
      const client = await clientOf(t, (_request, response, index) => {
        response.end(answers[index % answers.length]);
      });
      client.connect();
      assert.equal((await heard(client, 'disconnect'))[0], reason);
      assert.equal((await heard(client.io, 'reconnect'))[0], 1);
      await heard(client, 'connect');
    });
  }

  test('silence ends with the ping timeout', async (t) => {
    const answers = [open({ pingInterval: 10, pingTimeout: 10 }), '40{"sid":"one"}'];
    const client = await clientOf(t, (_request, response, index) => {
      if (answers[index] !== undefined) response.end(answers[index]);
    });
    client.connect();
    assert.equal((await heard(client, 'disconnect'))[0], 'ping timeout');
  });

  test('a body without an end is a disconnection', async (t) => {
    const answers = [open(), '40{"sid":"one"}'];
    const client = await clientOf(
      t,
      (_request, response, index) => {
        if (answers[index] !== undefined) {
          response.end(answers[index]);
          return;
        }
        const more = () => {
          while (!response.destroyed && response.write('x'.repeat(10_000)));
        };
        response.on('drain', more);
        more();
      },
      { maxResponse: 100_000, reconnection: false },
    );
    client.connect();
    const [reason, error] = await heard<[string, Failure]>(client, 'disconnect');
    assert.deepEqual([reason, error.description], ['transport error', 'response too large']);
  });

  test('a status other than 200, and a connection that is cut, are disconnections', async (t) => {
    for (const end of ['status', 'cut']) {
      const answers = [open(), '40{"sid":"one"}'];
      const client = await clientOf(
        t,
        (request, response, index) => {
          if (answers[index] !== undefined) response.end(answers[index]);
          else if (end === 'status') response.writeHead(502).end('<html>Bad gateway</html>');
          else request.socket.destroy();
        },
        { reconnection: false },
      );
      client.connect();
      const [reason, error] = await heard<[string, Failure]>(client, 'disconnect');
      assert.deepEqual([reason, error.message], ['transport error', 'xhr poll error']);
      if (end === 'status') assert.equal(error.description, 502);
    }
  });

  test('a reply without sid is a connect_error that stays connected', async (t) => {
    const answers = [open(), '40'];
    const client = await clientOf(t, (_request, response, index) => {
      if (answers[index] !== undefined) response.end(answers[index]);
    });
    client.connect();
    await heard(client, 'connect_error');
    assert.equal(client.active, true);
    assert.equal(client.io._readyState, 'open');
  });
});

describe('a WebSocket', () => {
  for (const greeting of ['', 'hello', '0{', '40', 'b$$$']) {
    test(`that greets with ${JSON.stringify(greeting)} is a connect_error`, async (t) => {
      const client = await clientOfWebSocket(t, (socket) => socket.send(greeting));
      client.connect();
      assert.equal((await heard<[Failure]>(client, 'connect_error'))[0].message, 'parse error');
      await heard(client.io, 'reconnect_attempt');
    });
  }

  test('that closes before it has said anything is a connect_error', async (t) => {
    const client = await clientOfWebSocket(t, (socket) => socket.close());
    client.connect();
    assert.equal((await heard<[Failure]>(client, 'connect_error'))[0].message, 'websocket error');
  });

  // A reserved opcode and bits; a text of no UTF-8; a close frame of one byte.
  for (const bytes of ['ffff', '8101ff', '880100']) {
    test(`that sends a broken frame, ${bytes}, is an error before the session and a disconnection in it`, async (t) => {
      let sessions = 0;
      const client = await clientOfWebSocket(t, (socket) => {
        const raw = (socket as unknown as { _socket: Socket })._socket as unknown as {
          write(data: Buffer): void;
        };
        if (sessions++ === 0) return raw.write(Buffer.from(bytes, 'hex'));
        socket.send(open());
        socket.on('message', (data) => {
          if (String(data) !== '40') return;
          socket.send('40{"sid":"one"}');
          if (sessions === 2) raw.write(Buffer.from(bytes, 'hex'));
        });
      });
      client.connect();
      assert.equal((await heard<[Failure]>(client, 'connect_error'))[0].message, 'websocket error');
      assert.equal((await heard(client, 'disconnect'))[0], 'transport error');
      await heard(client, 'connect');
    });
  }

  for (const message of ['x', '4abc', Buffer.of(1)]) {
    test(`that sends ${JSON.stringify(message)} later is a disconnection`, async (t) => {
      const client = await clientOfWebSocket(t, (socket) => {
        socket.send(open());
        socket.on('message', (data) => {
          if (String(data) !== '40') return;
          socket.send('40{"sid":"one"}');
          socket.send(message);
        });
      });
      client.connect();
      assert.equal((await heard(client, 'disconnect'))[0], 'parse error');
      await heard(client, 'connect');
    });
  }
});
