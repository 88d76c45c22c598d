// How a session begins: path and query, the open packet, ids, the first message (Engine.IO protocol, "Handshake").
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ending, polling, stage, turn, webSocket } from './stage.ts';

describe('path', () => {
  const paths: readonly [target: string, status: number][] = [
    [`/engine.io/?${polling}`, 200],
    [`/engine.io/anything?${polling}`, 200],
    [`/engine.io?${polling}`, 404],
    [`/engine.iox/?${polling}`, 404],
    [`/other/?${polling}`, 404],
    [`/ENGINE.IO/?${polling}`, 404],
  ];
  for (const [target, status] of paths) {
    test(`${target} is answered with ${status}`, async (t) => {
      const run = await stage(t);
      run.http.on('request', (req, res) => {
        if (!req.url!.startsWith('/engine.io/')) res.writeHead(404).end();
      });
      assert.equal((await run.request(target)).status, status);
    });
  }

  test('a slash at the end of the option makes no difference', async (t) => {
    const run = await stage(t, { path: '/chat/' });
    assert.equal((await run.request(`/chat/?${polling}`)).status, 200);
  });

  test('without the trailing slash, if that is wished', async (t) => {
    const run = await stage(t, { path: '/chat', addTrailingSlash: false });
    assert.equal((await run.request(`/chat?${polling}`)).status, 200);
    assert.equal((await run.request(`/chat/?${polling}`)).status, 200);
  });
});

describe('handshake', () => {
  test('long-polling: the open packet is all of the first response', async (t) => {
    const run = await stage(t, { pingInterval: 3000, pingTimeout: 2000, maxHttpBufferSize: 12_345 });
    run.engine.on('connection', (session) => session.send('early'));
    const { status, headers, body } = await run.request(polling);
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'text/plain; charset=UTF-8');
    assert.equal(headers['cache-control'], 'no-store');
    assert.equal(headers['content-length'], String(body.length));
    assert.equal(headers['set-cookie'], undefined);
    assert.match(
      body,
      /^0\{"sid":"[\w-]{20}","upgrades":\["websocket"\],"pingInterval":3000,"pingTimeout":2000,"maxPayload":12345\}$/,
    );
    const { sid } = JSON.parse(body.slice(1)) as { sid: string };
    assert.equal((await run.get(sid)).body, '4early');
  });

  test('WebSocket: the open packet comes first, and offers no upgrade', async (t) => {
    const run = await stage(t);
    run.engine.on('connection', (session) => session.send('early'));
    const { inbox, open, session } = await run.connect();
    assert.deepEqual(Object.keys(open), ['sid', 'upgrades', 'pingInterval', 'pingTimeout', 'maxPayload']);
    assert.deepEqual(open.upgrades, []);
    assert.deepEqual([open.pingInterval, open.pingTimeout, open.maxPayload], [25_000, 20_000, 1_000_000]);
    assert.equal(session.id, open.sid);
    assert.equal(await inbox.text(), '4early');
  });

  test('a first message for everybody, of text or bytes', async (t) => {
    const text = await stage(t, { initialPacket: 'welcome' });
    assert.equal((await text.request(polling)).body.split('\x1e')[1], '4welcome');
    assert.equal(await (await text.connect()).inbox.text(), '4welcome');
    const bytes = await stage(t, { initialPacket: Buffer.from([1, 2, 3, 4]) });
    assert.equal((await bytes.request(polling)).body.split('\x1e')[1], 'bAQIDBA==');
    const { data, isBinary } = await (await bytes.connect()).inbox.next();
    assert.deepEqual([data, isBinary], [Buffer.from([1, 2, 3, 4]), true]);
  });

  test('upgrades are offered only where they are possible', async (t) => {
    const options = [{ allowUpgrades: false }, { transports: ['polling'] as const }];
    for (const option of options) {
      const run = await stage(t, option);
      assert.deepEqual((await run.poll()).open.upgrades, []);
    }
  });

  test('what programs see of a session', async (t) => {
    const run = await stage(t);
    const { session, sid } = await run.poll(`${polling}&room=a%20b`);
    assert.deepEqual(
      [session.id, session.protocol, session.readyState, session.upgraded, session.upgrading],
      [sid, 4, 'open', false, false],
    );
    assert.equal(session.remoteAddress, '127.0.0.1');
    assert.equal(session.transport.name, 'polling');
    assert.deepEqual([session.transport.sid, session.transport.readyState], [sid, 'open']);
    assert.equal((session.request as { _query?: Record<string, string> })._query?.room, 'a b');
    assert.equal(session.server, run.engine);
    assert.equal(run.engine.clients[sid], session);
    assert.equal(run.engine.clientsCount, 1);
    session.close(true);
    assert.deepEqual([run.engine.clientsCount, Object.keys(run.engine.clients)], [0, []]);
  });

  test('ids differ, have 20 characters, and none of them tells the next', async (t) => {
    const run = await stage(t);
    const ids = new Set(Array.from({ length: 5000 }, () => run.engine.generateId({} as never)));
    assert.equal(ids.size, 5000);
    for (const id of ids) assert.match(id as string, /^[\w-]{20}$/);
    const beginnings = new Set([...ids].map((id) => (id as string).slice(0, 4)));
    assert.ok(beginnings.size > 4900);
  });

  test('a program makes the ids, at once or later', async (t) => {
    const run = await stage(t);
    run.engine.generateId = () => 'mine';
    assert.equal((await run.poll()).sid, 'mine');
    run.engine.generateId = async (req) => {
      await turn();
      return `later-${req.headers['x-name']}`;
    };
    const { body } = await run.request(polling, { headers: { 'x-name': 'ann' } });
    assert.match(body, /"sid":"later-ann"/);
    const { open } = await run.connect(webSocket, { headers: { 'x-name': 'bob' } });
    assert.equal(open.sid, 'later-bob');
  });

  test('the id of a session that is there is not given away', async (t) => {
    const run = await stage(t);
    run.engine.generateId = () => 'same';
    const { session } = await run.poll();
    assert.equal((await run.request(polling)).body, '{"code":3,"message":"Bad request"}');
    assert.equal(run.engine.clients.same, session);
    const ended = ending(session);
    session.close(true);
    await ended;
    assert.equal((await run.poll()).sid, 'same');
  });

  test('a query that a program has put there is used as it is', async (t) => {
    const run = await stage(t);
    run.http.prependListener('request', (req) => {
      (req as { _query?: object })._query = { EIO: '4', transport: 'polling', from: 'the program' };
    });
    const { session } = await run.poll('nothing=here');
    assert.equal((session.request as { _query?: Record<string, string> })._query?.from, 'the program');
  });
});
