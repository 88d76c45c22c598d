// Requests that are refused: which check comes first, and what the client and the program are told.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http, { type RequestOptions } from 'node:http';
import { describe, type TestContext, test } from 'node:test';
import type { EngineOptions } from '../../src/engine/options.ts';
import type { ConnectionError } from '../../src/engine/server.ts';
import { EngineErrorCode } from '../../src/protocol/engineio/errors.ts';
import { polling, type Stage, stage, turn, webSocket } from './stage.ts';

const messages = [
  'Transport unknown',
  'Session ID unknown',
  'Bad handshake method',
  'Bad request',
  'Forbidden',
  'Unsupported protocol version',
];

/** Sends a request that must be refused, and compares what client and program are told. */
async function refused(
  run: Stage,
  query: string,
  code: EngineErrorCode,
  context: Record<string, unknown>,
  options: RequestOptions = {},
  message = messages[code],
): Promise<void> {
  const reported = once(run.engine, 'connection_error');
  const { status, headers, body } = await run.request(query, options);
  assert.equal(body, JSON.stringify({ code, message }));
  assert.equal(status, code === EngineErrorCode.FORBIDDEN ? 403 : 400);
  assert.equal(headers['content-type'], 'application/json');
  const [error] = (await reported) as [ConnectionError];
  assert.deepEqual([error.code, error.message, error.context], [code, messages[code], context]);
  assert.match(error.req.url!, /^\/engine\.io\//);
}

const start = (t: TestContext, options: EngineOptions = {}) => stage(t, options);

describe('checks of requests, the first that fails wins', () => {
  test('a transport that is missing, unknown or off', async (t) => {
    const run = await start(t, { transports: ['polling'] });
    await refused(run, 'EIO=4', 0, { transport: undefined });
    await refused(run, 'EIO=4&transport=carrier-pigeon', 0, { transport: 'carrier-pigeon' });
    await refused(run, 'EIO=4&transport=websocket', 0, { transport: 'websocket' });
    await refused(run, 'EIO=4&transport=__proto__', 0, { transport: '__proto__' });
    await refused(run, 'transport=tobias&sid=unknown', 0, { transport: 'tobias' });
    await refused(run, 'transport=tobias', 0, { transport: 'tobias' }, { method: 'POST' });
  });

  test('webtransport does not come by a query, even if it is on', async (t) => {
    const transports = ['polling', 'webtransport'] as unknown as EngineOptions['transports'];
    const run = await start(t, { transports });
    await refused(run, 'EIO=4&transport=webtransport', 0, { transport: 'webtransport' });
  });

  test('an origin with control characters', async (t) => {
    const lenient = http.createServer({ insecureHTTPParser: true });
    const run = await stage(t, {}, lenient);
    const reported = once(run.engine, 'connection_error');
    const socket = await run.tcp();
    socket.write(`GET /engine.io/?${polling} HTTP/1.1\r\nHost: a\r\nOrigin: http://a\x01b\r\n\r\n`);
    const [error] = (await reported) as [ConnectionError];
    assert.deepEqual(error.context, { name: 'INVALID_ORIGIN', origin: 'http://a\x01b' });
    assert.equal(error.code, EngineErrorCode.BAD_REQUEST);
    const tab = await run.request(polling, { headers: { Origin: 'http://a\tb' } });
    assert.equal(tab.status, 200);
  });

  test('an id of no session, also with names of JavaScript', async (t) => {
    const run = await start(t);
    for (const sid of [
      'unknown',
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      'a'.repeat(2000),
    ]) {
      await refused(run, `${polling}&sid=${sid}`, 1, { sid });
      await refused(run, `${polling}&sid=${sid}`, 1, { sid }, { method: 'POST' });
    }
  });

  test('an empty id is none', async (t) => {
    const run = await start(t);
    assert.match((await run.request(`${polling}&sid=`)).body, /^0\{/);
  });

  test('another transport than the session has', async (t) => {
    const run = await start(t);
    const { sid } = await run.connect();
    const context = { name: 'TRANSPORT_MISMATCH', transport: 'polling', previousTransport: 'websocket' };
    await refused(run, `${polling}&sid=${sid}`, 3, context);
    await refused(run, `${polling}&sid=${sid}`, 3, context, { method: 'POST' });
    const polled = await run.poll();
    await refused(run, `${webSocket}&sid=${polled.sid}`, 3, {
      name: 'TRANSPORT_MISMATCH',
      transport: 'websocket',
      previousTransport: 'polling',
    });
  });

  test('a plain request for a session that has a WebSocket', async (t) => {
    const run = await start(t);
    const { sid, session, client, inbox } = await run.connect();
    for (const method of ['GET', 'POST', 'PUT']) {
      const context = { name: 'TRANSPORT_HANDSHAKE_ERROR' };
      await refused(run, `${webSocket}&sid=${sid}`, 3, context, { method });
    }
    session.once('message', () => session.send('still here'));
    client.send('4ping');
    assert.equal(await inbox.text(), '4still here');
  });

  test('another revision than the session has', async (t) => {
    const run = await start(t);
    const { sid } = await run.poll();
    const context = { name: 'PROTOCOL_MISMATCH', protocol: 3, previousProtocol: 4 };
    await refused(run, `EIO=3&transport=polling&sid=${sid}`, 3, context);
    await refused(run, `transport=polling&sid=${sid}`, 3, context);
    assert.equal((await run.post(sid, '4a')).body, 'ok');
  });

  test('a handshake that is no GET', async (t) => {
    const run = await start(t);
    for (const method of ['POST', 'PUT', 'OPTIONS', 'DELETE']) {
      await refused(run, polling, 2, { method }, { method });
      await refused(run, webSocket, 2, { method }, { method });
    }
  });

  test('a WebSocket without an upgrade', async (t) => {
    await refused(await start(t), webSocket, 3, { name: 'TRANSPORT_HANDSHAKE_ERROR' });
  });

  test('a revision that is not spoken here', async (t) => {
    const run = await start(t);
    for (const query of ['transport=polling', 'EIO=3&transport=polling', 'EIO=5&transport=polling']) {
      await refused(run, query, 5, { protocol: 3 });
    }
    for (const EIO of ['04', '4.0', '4a', '']) {
      await refused(run, `transport=polling&EIO=${EIO}`, 5, { protocol: 3 });
    }
  });

  test('a program that forbids, with or without a word of its own, before the revision is looked at', async (t) => {
    const answers: [string | null | undefined, boolean][] = [
      ['not today', false],
      [null, false],
      [undefined, false],
    ];
    for (const [word, success] of answers) {
      const run = await start(t, { allowRequest: (_req, callback) => callback(word, success) });
      await refused(run, 'transport=polling', 4, { message: word }, {}, word ?? 'Forbidden');
      await refused(run, webSocket, 3, { name: 'TRANSPORT_HANDSHAKE_ERROR' });
    }
  });

  test('a program is asked about handshakes only, and its first answer counts', async (t) => {
    let asked = 0;
    const run = await start(t, {
      allowRequest: async (_req, callback) => {
        asked++;
        await turn();
        callback(null, true);
        callback('too late', false);
      },
    });
    const { sid } = await run.poll();
    await run.post(sid, '4a');
    assert.equal(asked, 1);
    assert.equal(run.engine.clientsCount, 1);
  });

  test('a program that fails to answer has not allowed anything', async (t) => {
    const error = new Error('database down');
    const thrower = await start(t, {
      allowRequest() {
        throw error;
      },
    });
    await refused(thrower, polling, 4, { error });
    const rejecter = await start(t, { allowRequest: () => Promise.reject(error) });
    await refused(rejecter, polling, 4, { error });
  });

  test('ids that can not be made', async (t) => {
    const run = await start(t);
    const error = new Error('no ids today');
    run.engine.generateId = () => {
      throw error;
    };
    await refused(run, polling, 3, { name: 'ID_GENERATION_ERROR', error });
    run.engine.generateId = () => Promise.reject(error);
    await refused(run, polling, 3, { name: 'ID_GENERATION_ERROR', error });
    assert.equal(run.engine.clientsCount, 0);
  });
});
