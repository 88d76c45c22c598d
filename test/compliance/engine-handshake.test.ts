// Engine.IO protocol v4, "Handshake": who is let in over each transport, with what, and who is not.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startEngine } from './servers.ts';
import { dial, polling, request } from './wire.ts';

/** The open packet that a server with these settings sends. */
function checkOpenPacket(packet: string, upgrades: string[]): void {
  assert.equal(packet[0], '0');
  const { sid, ...rest } = JSON.parse(packet.slice(1));
  assert.match(sid, /^[\w-]{20}$/);
  assert.deepEqual(rest, { upgrades, pingInterval: 300, pingTimeout: 200, maxPayload: 1_000_000 });
}

const badQueries = [
  ['no parameter', ''],
  ['no transport', 'EIO=4'],
  ['an unknown transport', 'EIO=4&transport=abc'],
  ['a name that all objects have for transport', 'EIO=4&transport=__proto__'],
  ['a session that there is not', 'EIO=4&transport=TRANSPORT&sid=abc'],
  ['a name that all objects have for session', 'EIO=4&transport=TRANSPORT&sid=constructor'],
  ['no revision', 'transport=TRANSPORT'],
  ['a revision that is no number', 'EIO=abc&transport=TRANSPORT'],
  ['an older revision', 'EIO=3&transport=TRANSPORT'],
  ['a later revision', 'EIO=5&transport=TRANSPORT'],
] as const;

describe('handshake', { concurrency: true }, () => {
  test('long-polling: the response is the open packet, alone', async (t) => {
    const { address } = await startEngine(t);
    const { status, headers, body } = await request(address, polling);
    assert.equal(status, 200);
    assert.match(headers.get('content-type')!, /^text\/plain; charset=utf-8$/i);
    checkOpenPacket(body, ['websocket']);
  });

  test('WebSocket: the first message is the open packet, without upgrades', async (t) => {
    const { address } = await startEngine(t);
    const { inbox } = dial(t, address, 'EIO=4&transport=websocket');
    checkOpenPacket(await inbox.text(), []);
  });

  for (const [what, query] of badQueries) {
    test(`long-polling: ${what} gets 400 and a reason`, async (t) => {
      const { address } = await startEngine(t);
      const { status, body } = await request(address, query.replace('TRANSPORT', 'polling'));
      assert.equal(status, 400);
      const { code, message } = JSON.parse(body);
      assert.equal(typeof code, 'number');
      assert.equal(typeof message, 'string');
    });

    test(`WebSocket: ${what} ends the connection`, async (t) => {
      const { address } = await startEngine(t);
      const { inbox } = dial(t, address, query.replace('TRANSPORT', 'websocket'));
      await inbox.end();
      assert.deepEqual(inbox.messages, []);
    });
  }

  for (const method of ['POST', 'PUT', 'DELETE']) {
    test(`long-polling: a session cannot begin with ${method}`, async (t) => {
      const { address } = await startEngine(t);
      assert.equal((await request(address, polling, { method })).status, 400);
    });
  }

  test('a GET for the WebSocket transport that is no upgrade gets 400', async (t) => {
    const { address } = await startEngine(t);
    assert.equal((await request(address, 'EIO=4&transport=websocket')).status, 400);
  });

  test('a WebSocket for the long-polling transport is ended', async (t) => {
    const { address } = await startEngine(t);
    const { inbox } = dial(t, address, polling);
    await inbox.end();
    assert.deepEqual(inbox.messages, []);
  });

  test('pages of other origins may read responses and refusals', async (t) => {
    const { address } = await startEngine(t);
    const headers = { origin: 'http://example.com' };
    for (const query of [polling, 'EIO=4&transport=abc']) {
      const answer = await request(address, query, { headers });
      assert.equal(answer.headers.get('access-control-allow-origin'), '*');
    }
    const preflight = await request(address, polling, { method: 'OPTIONS', headers });
    assert.equal(preflight.status, 204);
  });
});
