// The ways round what is in the way: a WebSocket that opens and then carries nothing, or does not open, and waits that end early.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import WebSocket from 'ws';
import { backoff, wait } from '../../src/client/backoff.ts';
import { Emitter } from '../../src/client/emitter.ts';
import type { Engine } from '../../src/client/engine-api.ts';
import { watchWebSockets } from '../../src/client/fallback.ts';
import { completeUrl } from '../../src/client/url.ts';
import { heard, type Kind, kinds, stage } from './servers.ts';

/** Opens, and swallows all that is sent. */
class Mute extends WebSocket {
  override send(): void {}
}

/** Can't be opened. */
class Refused extends WebSocket {
  constructor(url: string) {
    super(url.replace('EIO=4', 'EIO=x'));
  }
}

for (const kind of Object.keys(kinds) as Kind[]) {
  describe(kind, () => {
    test('a candidate that does not answer is given up, and polling goes on', async (t) => {
      const on = await stage(t, kind, (io) => {
        io.on('connection', (socket) => socket.on('echo', (data, done) => done(data)));
      });
      const client = on.client('/', { WebSocket: Mute as never, probeTimeout: 20 });
      const failed = new Promise<Error>((resolve) => {
        client.io.on('open', () => client.io.engine.once('upgradeError', resolve));
      });
      await heard(client, 'connect');
      assert.equal((await failed).message, 'probe error: timeout');
      assert.equal(await client.emitWithAck('echo', 1), 1);
      assert.equal(client.io.engine.transport.name, 'polling');
    });

    test('after a WebSocket that can not be opened the next attempt begins with polling', async (t) => {
      const on = await stage(t, kind);
      const client = on.client('/', { WebSocket: Refused as never, transports: ['websocket', 'polling'] });
      await heard(client, 'connect_error');
      await heard(client, 'connect');
      assert.equal(client.io.engine.transport.name, 'polling');
    });

    test('without the fallback it does not', async (t) => {
      const on = await stage(t, kind);
      const client = on.client('/', {
        WebSocket: Refused as never,
        transports: ['websocket', 'polling'],
        fallback: false,
        reconnectionAttempts: 2,
      });
      await heard(client.io, 'reconnect_failed');
      assert.equal(client.connected, false);
    });

    test('with tryAllTransports the first attempt succeeds', async (t) => {
      const on = await stage(t, kind);
      const client = on.client('/', {
        WebSocket: Refused as never,
        transports: ['websocket', 'polling'],
        tryAllTransports: true,
      });
      client.on('connect_error', (error) => assert.fail(error));
      await heard(client, 'connect');
      client.off('connect_error');
    });
  });
}

test('two sessions in a row that went silent with their WebSocket leave it alone for five minutes', (t) => {
  t.mock.timers.enable({ apis: ['Date'] });
  const watch = watchWebSockets();
  const all = ['polling', 'websocket'];
  /** A session that ends after these events. */
  const session = (reason: string, ...events: string[]) => {
    const engine = Object.assign(new Emitter(), { id: 'one', transport: { name: 'websocket' } });
    watch._watch(engine as unknown as Engine);
    for (const name of events) engine._raise(name);
    engine._raise('close', reason);
  };
  session('transport close', 'packet', 'upgrade');
  assert.deepEqual(watch._choose(all), all);
  session('forced close', 'packet', 'upgrade');
  assert.deepEqual(watch._choose(all), all);
  session('ping timeout', 'packet', 'upgrade', 'packet');
  session('ping timeout', 'packet', 'upgrade');
  assert.deepEqual(watch._choose(all), all);
  session('ping timeout', 'packet', 'upgrade');
  assert.deepEqual(watch._choose(all), ['polling']);
  assert.deepEqual(watch._choose(['websocket']), ['websocket']);
  t.mock.timers.tick(300_000);
  assert.deepEqual(watch._choose(all), all);
});

describe('the wait for the next attempt', () => {
  const settings = {
    reconnectionDelay: () => 1000,
    reconnectionDelayMax: () => 5000,
    randomizationFactor: () => 0.5,
  };

  test('is about a delay that doubles, up to a limit', () => {
    assert.deepEqual(
      [0, 1, 2, 3, 2000].map((attempts) => backoff(settings, attempts, 0.5)),
      [1000, 2000, 4000, 5000, 5000],
    );
    assert.equal(backoff(settings, 0, 0), 500);
    assert.equal(Math.floor(backoff(settings, 0, 0.999_999)), 1499);
  });

  test('ends early when the browser is online, and only once', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const page = new EventTarget();
    Object.assign(globalThis, { addEventListener: page.addEventListener.bind(page) });
    t.after(() => Reflect.deleteProperty(globalThis, 'addEventListener'));
    let calls = 0;
    wait({}, 1000, () => calls++);
    page.dispatchEvent(new Event('online'));
    assert.equal(calls, 1);
    page.dispatchEvent(new Event('online'));
    t.mock.timers.tick(2000);
    assert.equal(calls, 1);
    const cancel = wait({}, 1000, () => calls++);
    cancel();
    t.mock.timers.tick(2000);
    assert.equal(calls, 1);
  });
});

describe('an address', () => {
  const page = { protocol: 'http:', href: 'http://shop.example:8080/cart?x#y' };
  const cases: [text: string | undefined, inPage: string, outside: string | undefined][] = [
    [undefined, 'http://shop.example:8080/', undefined],
    ['/admin', 'http://shop.example:8080/admin', undefined],
    ['//host/x', 'http://host/x', 'https://host/x'],
    ['host/x', 'http://host/x', 'https://host/x'],
    ['localhost:3000', 'http://localhost:3000/', 'https://localhost:3000/'],
    ['wss://host/x?a=b', 'wss://host/x?a=b', 'wss://host/x?a=b'],
    ['http://[::1]:80/', 'http://[::1]/', 'http://[::1]/'],
  ];
  for (const [text, inPage, outside] of cases) {
    test(`${text} is completed`, (t) => {
      if (outside === undefined) assert.throws(() => completeUrl(text), TypeError);
      else assert.equal(completeUrl(text).href, outside);
      Object.assign(globalThis, { location: page });
      t.after(() => Reflect.deleteProperty(globalThis, 'location'));
      assert.equal(completeUrl(text).href, inPage);
    });
  }
});
