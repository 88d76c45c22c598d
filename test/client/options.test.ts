// The options of a connection, each with the official server and ours: what they make of requests, cookies, transports and time.
import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { describe, type TestContext, test } from 'node:test';
import msgpack from 'socket.io-msgpack-parser';
import WebSocket from 'ws';
import type { ManagerOptions } from '../../src/client/index.ts';
import { urlOf } from '../../src/client/link.ts';
import { type AnyServer, event, heard, type Kind, kinds, type Stage, stage, until } from './servers.ts';

function echo(io: AnyServer): void {
  io.on('connection', (socket) => socket.on('echo', (data, done) => done(data)));
}

/** The requests that a server gets, opening handshakes of WebSockets among them. */
function requestsOf({ http }: Stage): IncomingMessage[] {
  const requests: IncomingMessage[] = [];
  for (const name of ['request', 'upgrade']) {
    http.prependListener(name, (request: IncomingMessage) => requests.push(request));
  }
  return requests;
}

const queryOf = ({ url }: IncomingMessage) =>
  Object.fromEntries(new URL(url!, 'http://localhost').searchParams);

/** Gives Node the events of a page until the test ends. */
function page(t: TestContext): EventTarget {
  const target = new EventTarget();
  Object.assign(globalThis, { addEventListener: target.addEventListener.bind(target) });
  t.after(() => Reflect.deleteProperty(globalThis, 'addEventListener'));
  return target;
}

for (const kind of Object.keys(kinds) as Kind[]) {
  describe(kind, () => {
    test('path and addTrailingSlash make the path, the query of the URL wins over query', async (t) => {
      const on = await stage(t, kind, echo, { path: '/live', addTrailingSlash: false });
      const requests = requestsOf(on);
      await on.connected('/?room=url', {
        path: '/live/',
        addTrailingSlash: false,
        query: { room: 'options', user: 'grüße & more' },
        transports: ['polling'],
        forceBase64: true,
      });
      const [first] = requests;
      assert.ok(first!.url!.startsWith('/live?'));
      const { t: stamp, ...query } = queryOf(first!);
      assert.ok(stamp!.length > 8);
      const own = { EIO: '4', transport: 'polling', b64: '1' };
      assert.deepEqual(query, { room: 'url', user: 'grüße & more', ...own });
      assert.equal(new Set(requests.map((one) => queryOf(one).t)).size, requests.length);
    });

    test('timestampRequests and timestampParam stamp WebSockets too, or no request', async (t) => {
      const on = await stage(t, kind, echo);
      const requests = requestsOf(on);
      await on.connected('/', { transports: ['websocket'] });
      await on.connected('/', { transports: ['websocket'], timestampRequests: true, timestampParam: 'now' });
      await on.connected('/', { transports: ['polling'], timestampRequests: false });
      const [plain, stamped, ...polls] = requests.map(queryOf);
      assert.deepEqual(Object.keys(plain!), ['EIO', 'transport']);
      assert.deepEqual(Object.keys(stamped!), ['EIO', 'transport', 'now']);
      for (const poll of polls) assert.equal(poll.t, undefined);
    });

    test('extraHeaders are in all requests, those in transportOptions in those of one transport', async (t) => {
      const on = await stage(t, kind, echo);
      const requests = requestsOf(on);
      const client = on.client('/', {
        extraHeaders: { 'x-all': 'all' },
        transportOptions: { polling: { extraHeaders: { 'x-polling': 'only' } } },
      });
      client.io.engine.on('upgrade', () => {});
      await heard(client.io.engine, 'upgrade');
      const headers = (transport: string) =>
        requests.filter((one) => queryOf(one).transport === transport).map(({ headers }) => headers);
      assert.equal(headers('websocket')[0]!['x-all'], 'all');
      assert.equal(headers('websocket')[0]!['x-polling'], undefined);
      for (const one of headers('polling')) {
        assert.deepEqual([one['x-all'], one['x-polling']], [undefined, 'only']);
      }
    });

    test('withCredentials keeps the cookies of the server for the connection, over both transports', async (t) => {
      const on = await stage(t, kind, echo, { cookie: { name: 'node', path: '/' } });
      const requests = requestsOf(on);
      const client = on.client('/', { withCredentials: true, extraHeaders: { 'x-a': 'b' } });
      await heard(client.io.engine, 'upgrade');
      const [first, ...others] = requests;
      assert.equal(first!.headers.cookie, undefined);
      assert.ok(others.some((one) => queryOf(one).transport === 'websocket'));
      for (const { headers } of others) {
        assert.equal(headers.cookie, `node=${client.io.engine.id}`);
        assert.equal(headers['x-a'], 'b');
      }
    });

    test('without it they are not sent back', async (t) => {
      const on = await stage(t, kind, echo, { cookie: true });
      const requests = requestsOf(on);
      await on.connected('/', { transports: ['polling'] });
      assert.ok(requests.length > 1);
      for (const { headers } of requests) assert.equal(headers.cookie, undefined);
    });

    test('protocols are offered to the server', async (t) => {
      const on = await stage(t, kind, echo);
      const requests = requestsOf(on);
      const client = on.client('/', { transports: ['websocket'], protocols: ['one', 'two'] });
      await until(on.http, 'upgrade', () => requests.length > 0);
      assert.equal(requests[0]!.headers['sec-websocket-protocol'], 'one,two');
      client.disconnect();
    });

    test('another parser writes and reads the packets, when both ends have it', async (t) => {
      const on = await stage(t, kind, echo, { parser: msgpack });
      for (const transports of [['polling'], ['websocket']]) {
        const client = await on.connected('/', { parser: msgpack, transports });
        const answer = await client.emitWithAck('echo', { bytes: Buffer.from([1, 2]), text: '☃' });
        assert.deepEqual(answer, { bytes: Buffer.from([1, 2]), text: '☃' });
        const admin = await heard<[Error]>(client.io.socket('/nowhere'), 'connect_error');
        assert.equal(admin[0].message, 'Invalid namespace');
      }
    });

    test('rememberUpgrade begins with a WebSocket if the last one worked, until something fails', async (t) => {
      const on = await stage(t, kind, echo);
      const first = on.client();
      await heard(first.io.engine, 'upgrade');
      const requests = requestsOf(on);
      await on.connected('/', { rememberUpgrade: true });
      assert.deepEqual(
        requests.map((one) => queryOf(one).transport),
        ['websocket'],
      );
      // Without the option it is of no account.
      await on.connected('/', { upgrade: false });
      assert.equal(queryOf(requests[1]!).transport, 'polling');
      requests.length = 0;
      await on.connected('/', { rememberUpgrade: true, upgrade: false });
      assert.equal(queryOf(requests[0]!).transport, 'polling', 'the last that worked was polling');
    });

    test('closeOnBeforeunload tells the server, and no listener', async (t) => {
      const target = page(t);
      for (const transports of [['polling'], ['websocket']]) {
        const on = await stage(t, kind, echo);
        const client = await on.connected('/', { transports, closeOnBeforeunload: true });
        const gone = heard(on.io.sockets.sockets.get(client.id!), 'disconnect');
        client.on('disconnect', () => assert.fail('there is no page any more to be told'));
        target.dispatchEvent(new Event('beforeunload'));
        assert.equal((await gone)[0], 'transport close');
        client.off('disconnect');
      }
    });

    test('without it the page goes on until it ends', async (t) => {
      const target = page(t);
      const on = await stage(t, kind, echo);
      const client = await on.connected();
      target.dispatchEvent(new Event('beforeunload'));
      assert.equal(await client.emitWithAck('echo', 'still here'), 'still here');
    });

    test('the offline event of a page ends the connection, except to this machine by its name', async (t) => {
      const target = page(t);
      const on = await stage(t, kind, echo);
      const local = on.url.replace('127.0.0.1', 'localhost');
      const [far, near] = [await on.connected(), on.client('/', {}, local)];
      await heard(near, 'connect');
      const lost = heard(far, 'disconnect');
      target.dispatchEvent(new Event('offline'));
      assert.deepEqual(await lost, ['transport close', { description: 'network connection lost' }]);
      assert.equal(await near.emitWithAck('echo', 1), 1);
    });

    test('a request that takes longer than requestTimeout ends the connection', async (t) => {
      const on = await stage(t, kind, echo, { pingInterval: 60_000 });
      const client = await on.connected('/', { transports: ['polling'], requestTimeout: 100 });
      const [reason, error] = await heard<[string, Error]>(client, 'disconnect');
      assert.deepEqual([reason, error.message], ['transport error', 'xhr poll error']);
      await heard(client, 'connect');
    });

    test('with useNativeTimers timers that have been replaced are not used', async (t) => {
      const on = await stage(t, kind, echo);
      const client = on.client('/', { autoConnect: false, useNativeTimers: true });
      const other = on.client('/', { autoConnect: false });
      const real = globalThis.setTimeout;
      t.after(() => Object.assign(globalThis, { setTimeout: real }));
      let replaced = 0;
      Object.assign(globalThis, {
        setTimeout: (...args: Parameters<typeof real>) => {
          replaced++;
          return real(...args);
        },
      });
      const answered = new Promise((resolve) => client.timeout(5).emit('echo', resolve));
      const before = replaced;
      other.timeout(60_000).emit('echo', () => {});
      const after = replaced;
      Object.assign(globalThis, { setTimeout: real });
      assert.deepEqual([before, after], [0, 1]);
      assert.match(String(await answered), /timed out/);
    });

    test('a WebSocket class by option is the one that is used, with what it takes as third argument', async (t) => {
      const on = await stage(t, kind, echo);
      const made: unknown[][] = [];
      class Mine extends WebSocket {
        constructor(...args: [string, string[], object]) {
          super(...args);
          made.push(args);
        }
      }
      await on.connected('/', {
        WebSocket: Mine as never,
        transports: ['websocket'],
        rejectUnauthorized: false,
      });
      const [url, , options] = made[0] as [string, unknown, Record<string, unknown>];
      assert.match(url, /^ws:\/\/127\.0\.0\.1:\d+\/socket\.io\/\?EIO=4&transport=websocket$/);
      assert.equal(options.rejectUnauthorized, false);
      assert.deepEqual(options.perMessageDeflate, { threshold: 1024 });
    });

    test('a transport of another making is one of the transports', async (t) => {
      const on = await stage(t, kind, echo);
      const { polling } = await import('../../src/client/polling.ts');
      let opened = 0;
      const mine = {
        ...polling,
        open: (...args: Parameters<typeof polling.open>) => {
          opened++;
          return polling.open(...args);
        },
      };
      const client = await on.connected('/', { transports: [mine, 'no such transport'] });
      assert.equal(await client.emitWithAck('echo', 1), 1);
      assert.equal(opened, 1);
    });

    test('wayDown takes the place of the requests that wait, also before an upgrade', async (t) => {
      const on = await stage(t, kind, echo);
      let asked = 0;
      const wayDown: NonNullable<ManagerOptions['wayDown']> = async function* (link, { signal }) {
        asked++;
        const response = await fetch(urlOf(link, 'http'), { signal });
        if (response.status !== 200) throw new Error(await response.text());
        yield* (await response.text()).split('\x1e');
      };
      const polling = await on.connected('/', { transports: ['polling'], wayDown });
      assert.equal(await polling.emitWithAck('echo', 1), 1);
      assert.ok(asked > 1);
      const upgraded = on.client('/', { wayDown });
      await heard(upgraded.io.engine, 'upgrade');
      assert.equal(await upgraded.emitWithAck('echo', 2), 2);
    });

    test('requests go through the fetch of the options', async (t) => {
      const on = await stage(t, kind, echo);
      const methods: unknown[] = [];
      const client = await on.connected('/', {
        transports: ['polling'],
        fetch: (url: string, init: RequestInit) => {
          methods.push(init.method ?? 'GET');
          return fetch(url, init);
        },
      });
      await client.emitWithAck('echo', 1);
      assert.deepEqual(methods.slice(0, 3).sort(), ['GET', 'GET', 'POST']);
    });
  });
}

test('without any transport there is an error that says so', async (t) => {
  const on = await stage(t, 'our server');
  for (const transports of [[], ['no such transport']]) {
    const [error] = await heard<[Error]>(
      on.client('/', { transports, reconnection: false }),
      'connect_error',
    );
    assert.equal(error.message, 'No transports available');
  }
});

test('where there is no WebSocket and nothing else is wanted, the error says what to do', async (t) => {
  const on = await stage(t, 'our server');
  const own = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket');
  Reflect.deleteProperty(globalThis, 'WebSocket');
  if (own !== undefined) t.after(() => void Object.defineProperty(globalThis, 'WebSocket', own));
  const options = { transports: ['websocket'], WebSocket: undefined, reconnection: false };
  const client = on.client('/', options as never);
  const [error] = await heard<[Error]>(client, 'connect_error');
  assert.match(error.message, /^No transports available: .* no WebSocket here.* io\(url, \{ WebSocket \}\)$/);
});

test('autoUnref lets a process end that is connected no more than by a timer', async () => {
  const { spawn } = await import('node:child_process');
  const program = `
    import { io } from ${JSON.stringify(new URL('../../src/client/index.ts', import.meta.url).href)};
    const socket = io('http://localhost:1', { autoUnref: true, autoConnect: false });
    socket.timeout(600_000).emit('never', () => {});
    console.log('end');`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    cwd: new URL('../..', import.meta.url),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await event(child, 'exit');
  assert.equal(code, 0);
});
