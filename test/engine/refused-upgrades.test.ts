// Upgrade requests that are refused: status 400, the bare reason, and the end of the socket.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import type { EngineOptions } from '../../src/engine/options.ts';
import { closing, event } from '../websocket/inbox.ts';
import { polling, stage, turn, until, webSocket } from './stage.ts';

describe('an upgrade is refused', () => {
  const cases: readonly [name: string, query: string, body: string][] = [
    ['without transport', 'EIO=4', 'Transport unknown'],
    ['for an unknown session', `${webSocket}&sid=unknown`, 'Session ID unknown'],
    ['for a session named __proto__', `${webSocket}&sid=__proto__`, 'Session ID unknown'],
    ['in another revision', 'EIO=3&transport=websocket', 'Unsupported protocol version'],
    ['for long-polling', polling, 'Bad request'],
  ];
  for (const [name, query, body] of cases) {
    test(`${name}: ${body}`, async (t) => {
      const run = await stage(t);
      const answer = await run.refusedUpgrade(query);
      assert.deepEqual([answer.status, answer.body], [400, body]);
      assert.equal(answer.headers['content-type'], 'text/html');
      assert.equal(answer.headers.connection, 'close');
      assert.equal(answer.headers['content-length'], String(body.length));
    });
  }

  test('byte for byte, and then the socket ends', async (t) => {
    const run = await stage(t);
    const socket = await run.tcp();
    socket.write(
      `GET /engine.io/?${webSocket}&sid=x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    );
    assert.equal(
      Buffer.concat(await socket.toArray()).toString(),
      'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-type: text/html\r\nContent-Length: 18\r\n\r\nSession ID unknown',
    );
  });

  test('with the word of the program that forbids, and status 400 even so', async (t) => {
    const run = await stage(t, { allowRequest: (_req, callback) => callback('niet €', false) });
    const answer = await run.refusedUpgrade(webSocket);
    assert.deepEqual([answer.status, answer.body], [400, 'niet €']);
  });

  test('when no id can be made', async (t) => {
    const run = await stage(t);
    run.engine.generateId = () => Promise.reject(new Error('no'));
    assert.equal((await run.refusedUpgrade(webSocket)).body, 'Bad request');
  });

  test('when the engine is closed, and not when its HTTP server listens again', async (t) => {
    const run = await stage(t);
    run.engine.close();
    assert.equal((await run.refusedUpgrade(webSocket)).body, 'Bad request');
    run.http.emit('listening');
    assert.equal((await run.connect()).session.readyState, 'open');
  });

  test('and it is reported', async (t) => {
    const run = await stage(t);
    const reported = once(run.engine, 'connection_error');
    await run.refusedUpgrade(`${webSocket}&sid=x`);
    const [error] = await reported;
    assert.deepEqual([error.code, error.message, error.context], [1, 'Session ID unknown', { sid: 'x' }]);
  });
});

describe('pages of other origins', () => {
  const query = webSocket;

  test('may not open a WebSocket', async (t) => {
    const run = await stage(t);
    const reported = once(run.engine, 'connection_error');
    for (const Origin of ['https://evil.example', 'null', 'http://127.0.0.1', 'nonsense']) {
      assert.equal((await run.refusedUpgrade(query, { headers: { Origin } })).body, 'Forbidden', Origin);
    }
    const [error] = await reported;
    assert.deepEqual(error.context, { name: 'CROSS_ORIGIN', origin: 'https://evil.example' });
  });

  test('but those of this host may, also behind a proxy, and programs that send no origin', async (t) => {
    const run = await stage(t);
    await run.connect(query, { headers: { Origin: run.origin } });
    await run.connect(query, { headers: { Host: 'Chat.Example', Origin: 'https://chat.example' } });
    const forwarded = { Origin: 'https://chat.example', 'X-Forwarded-Host': 'chat.example, inner.example' };
    await run.connect(query, { headers: forwarded });
    await run.connect(query);
  });

  test('and others too where the program says so: with "cors", or by deciding itself', async (t) => {
    const headers = { Origin: 'https://other.example' };
    const open = await stage(t, { cors: { origin: 'https://other.example' } });
    await open.connect(query, { headers });
    const asked = await stage(t, { allowRequest: (_req, callback) => callback(null, true) });
    await asked.connect(query, { headers });
    const shut = await stage(t, { cors: false as never });
    assert.equal((await shut.refusedUpgrade(query, { headers })).body, 'Forbidden');
  });

  test('but only those that "cors" lets in, in each of its forms', async (t) => {
    const welcome = { Origin: 'https://other.example' };
    const evil = { Origin: 'https://evil.example' };
    const forms: EngineOptions['cors'][] = [
      { origin: 'https://other.example' },
      { origin: ['https://third.example', /other\.example$/] },
      { origin: (origin, callback) => callback(null, origin === welcome.Origin) },
      (req, callback) => callback(null, { origin: req.headers.origin === welcome.Origin }),
    ];
    for (const cors of forms) {
      const run = await stage(t, { cors });
      await run.connect(query, { headers: welcome });
      await run.connect(query);
      assert.equal((await run.refusedUpgrade(query, { headers: evil })).body, 'Forbidden');
    }
    for (const cors of [{ origin: '*' }, { origin: true }, {}]) {
      await (await stage(t, { cors })).connect(query, { headers: evil });
    }
  });

  test('may use long-polling, whose responses they can not read', async (t) => {
    const run = await stage(t);
    const { status, headers } = await run.request(polling, { headers: { Origin: 'https://evil.example' } });
    assert.equal(status, 200);
    assert.equal(headers['access-control-allow-origin'], undefined);
  });
});

describe('a client that leaves before it is answered', () => {
  test('breaks nothing with a reset while a program decides', async (t) => {
    let decide = () => {};
    const run = await stage(t, {
      allowRequest: (_req, callback) => {
        decide = () => callback(null, true);
      },
    });
    const request =
      `GET /engine.io/?${webSocket} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n';
    const arrived = once(run.http, 'upgrade');
    const socket = await run.tcp();
    socket.write(request);
    const [, theirs] = await arrived;
    const gone = event(theirs, 'close');
    theirs.resume();
    socket.resetAndDestroy();
    await gone;
    decide();
    await turn();
    assert.equal(run.engine.clientsCount, 0);
  });

  test('gets no session of long-polling', async (t) => {
    let decide: (() => void) | undefined;
    const run = await stage(t, {
      allowRequest: (_req, callback) => {
        decide = () => callback(null, true);
      },
    });
    const request = run.open(polling).end();
    request.on('error', () => {});
    const [req] = (await once(run.http, 'request')) as [import('node:http').IncomingMessage];
    const gone = event(req.socket, 'close');
    await until(() => decide !== undefined, 'question');
    request.destroy();
    await gone;
    decide!();
    assert.equal(run.engine.clientsCount, 0);
  });

  test('a second WebSocket for a session is closed, and the first goes on', async (t) => {
    const run = await stage(t);
    const { sid, session, inbox } = await run.connect();
    assert.deepEqual(await closing(run.dial(`${webSocket}&sid=${sid}`)), { code: 1005, reason: '' });
    session.send('still here');
    assert.equal(await inbox.text(), '4still here');
  });
});
