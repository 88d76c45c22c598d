// The four pairs in a real Firefox, which no driver controls: a page runs the checks by itself and sends in what came of them.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { buildClient } from '../build-client.ts';
import { firefox } from '../support/tools.ts';
import {
  type AnyServer,
  type ClientKind,
  clients,
  event,
  type Kind,
  kinds,
  Stage,
  within,
} from './servers.ts';

const officialScript = '../../node_modules/socket.io-client/dist/socket.io.min.js';

/** Nothing but this machine: whatever else it wants goes to a proxy that is not there. */
const preferences = {
  'network.proxy.type': 1,
  'network.proxy.http': '127.0.0.1',
  'network.proxy.http_port': 9,
  'network.proxy.ssl': '127.0.0.1',
  'network.proxy.ssl_port': 9,
  'network.proxy.no_proxies_on': '127.0.0.1',
  // It would keep a WebSocket waiting, longer each time, after one to the same server has failed.
  'network.websocket.delay-failed-reconnects': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'app.update.auto': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'toolkit.telemetry.enabled': false,
};

/** Runs in the page: each check throws if something is wrong. `ask` has its server killed, started or cut off. */
const suite = `
const next = (emitter, name) => new Promise((resolve) => emitter.once(name, (...args) => resolve(args)));
const same = (one, other) => {
  if (JSON.stringify(one) !== JSON.stringify(other)) throw new Error(JSON.stringify(one) + ' is not ' + JSON.stringify(other));
};
const bytes = new Uint8Array([0, 1, 30, 254, 255]);
const checksOf = (url, ask) => {
  const client = (path = '/', options = {}) =>
    io(url + path, { forceNew: true, reconnectionDelay: 10, reconnectionDelayMax: 50, ...options });
  const with_ = async (options, check) => {
    const socket = client('/', options);
    await next(socket, 'connect');
    await check(socket);
    socket.disconnect();
    socket.io.socket('/admin').disconnect();
  };
  const all = async (socket) => {
    same(await socket.emitWithAck('echo', { text: 'grüße ☃' }), { text: 'grüße ☃' });
    const back = await socket.emitWithAck('echo', { deep: [bytes] });
    same([back.deep[0] instanceof ArrayBuffer, ...new Uint8Array(back.deep[0])], [true, ...bytes]);
    same(await socket.emitWithAck('bytes', new Blob([bytes])), [...bytes]);
    same(await socket.io.socket('/admin').emitWithAck('echo', 'admin'), 'admin');
    const said = next(socket, 'said');
    socket.emit('join', 'room');
    socket.emit('to', 'room', 'hello');
    // With recovery there is an offset behind it.
    same((await said)[0], 'hello');
  };
  return {
    'polling alone': () => with_({ transports: ['polling'] }, all),
    'WebSocket alone': () => with_({ transports: ['websocket'] }, all),
    'an upgrade': () => with_({}, async (socket) => {
      if (socket.io.engine.transport.name === 'polling') await next(socket.io.engine, 'upgrade');
      same(socket.io.engine.transport.name, 'websocket');
      await all(socket);
    }),
    'a server killed and started again': () => with_({}, async (socket) => {
      // The official client does not always notice when it is moving at that moment; ours does.
      if (official && socket.io.engine.transport.name === 'polling') await next(socket.io.engine, 'upgrade');
      const lost = next(socket, 'disconnect');
      await ask('kill');
      const [reason] = await lost;
      if (!/^transport (close|error)$/.test(reason)) throw new Error(reason);
      const late = Promise.all([1, 2, 3].map((number) => socket.emitWithAck('echo', number)));
      await ask('start');
      same(await late, [1, 2, 3]);
    }),
    'what was missed in a cut': () => with_({}, async (socket) => {
      if (socket.io.engine.transport.name === 'polling') await next(socket.io.engine, 'upgrade');
      socket.emit('join', 'missed');
      socket.emit('to', 'missed', 'first');
      await next(socket, 'said');
      const texts = [];
      const third = new Promise((resolve) => socket.on('said', (text) => texts.push(text) === 2 && resolve()));
      await ask('cut');
      await third;
      same([socket.recovered, ...texts], [true, 'second', 'third']);
    }),
  };
};
const run = async (servers) => {
  const results = {};
  for (const [kind, url] of Object.entries(servers)) {
    const checks = checksOf(url, (what) => fetch('/' + what + '?' + encodeURIComponent(kind), { method: 'POST' }));
    for (const [name, check] of Object.entries(checks)) {
      const late = new Promise((_, reject) => setTimeout(() => reject(new Error('no end within 10 s')), 10000));
      results[kind + ': ' + name] = await Promise.race([check(), late]).then(() => 'right', String);
    }
  }
  results.errors = errors;
  // The pages are two, as both clients are called io.
  await fetch('/results', { method: 'POST', body: JSON.stringify(results) });
};
const errors = [];
addEventListener('error', (event) => errors.push(event.message));
addEventListener('unhandledrejection', (event) => errors.push(String(event.reason)));
`;

function chat(io: AnyServer): void {
  for (const namespace of [io.of('/'), io.of('/admin')]) {
    namespace.on('connection', (socket) => {
      socket.on('echo', (data, done) => done(data));
      socket.on('bytes', (data, done) => done(Buffer.isBuffer(data) ? [...data] : 'no bytes'));
      socket.on('join', (room) => socket.join(room));
      socket.on('to', (room, text) => io.to(room).emit('said', text));
    });
  }
}

/** Ends the connections of all clients, who miss what is said then. */
function cutOff(io: AnyServer): void {
  for (const socket of io.sockets.sockets.values()) socket.conn.close(true);
  for (const text of ['second', 'third']) io.to('missed').emit('said', text);
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

const { skip, path: program } = firefox();

describe('Firefox', { skip }, () => {
  let folder: string;
  let browser: ChildProcess;
  let results: Promise<Record<ClientKind, Record<string, unknown>>>;
  const stages = new Map<string, Stage>();
  const pages = createServer();

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'wirehub-firefox-'));
    await buildClient(folder);
    for (const kind of Object.keys(kinds) as Kind[]) {
      const made = new Stage(kind, chat, { cors: { origin: '*' }, connectionStateRecovery: {} });
      await made.start();
      stages.set(kind, made);
    }
    const servers = Object.fromEntries([...stages].map(([kind, { url }]) => [kind, url]));
    const scripts: Record<ClientKind, string> = {
      'our client': path.join(folder, 'socket.io.min.js'),
      'the official client': path.join(import.meta.dirname, officialScript),
    };
    const ends = Object.keys(scripts) as ClientKind[];
    const found = {} as Record<ClientKind, Record<string, unknown>>;
    const pageOf = (
      client: string,
    ) => `<!doctype html><script src="/script?${client}"></script><script>const official = ${client === 'the official client'};${suite}
      run(${JSON.stringify(servers)}).then(() => { location = '/next'; });</script>`;
    results = new Promise((resolve) => {
      let at = 0;
      pages.on('request', async (request, response) => {
        const name = request.url!.slice(1).replace(/\?.*/, '');
        const made = stages.get(decodeURIComponent(request.url!.replace(/.*\?/, '')));
        if (name === 'kill') await made?.kill();
        if (name === 'start') await made?.start();
        if (name === 'cut' && made) cutOff(made.io);
        if (name === 'results') found[ends[at]!] = JSON.parse(await textOf(request));
        if (name === 'next') at++;
        if (at === ends.length) resolve(found);
        if (name === 'script') {
          response.setHeader('Content-Type', 'text/javascript').end(readFileSync(scripts[ends[at]!]));
        } else {
          const page = name === 'page' || (name === 'next' && at < ends.length);
          response.setHeader('Content-Type', 'text/html; charset=utf-8').end(page ? pageOf(ends[at]!) : '');
        }
      });
    });
    await event(pages.listen(0, '127.0.0.1'), 'listening');
    const lines = Object.entries(preferences).map(
      (one) => `user_pref(${one.map((part) => JSON.stringify(part)).join()});`,
    );
    writeFileSync(path.join(folder, 'user.js'), lines.join('\n'));
    const url = `http://127.0.0.1:${(pages.address() as AddressInfo).port}/page`;
    browser = spawn(program, ['--headless', '--no-remote', '--profile', folder, url], {
      stdio: 'ignore',
      env: { ...process.env, HOME: folder, MOZ_CRASHREPORTER_DISABLE: '1' },
    });
  });

  after(async () => {
    const ended = browser && event(browser, 'exit');
    browser?.kill('SIGKILL');
    await ended;
    for (const made of stages.values()) await made.end();
    pages.close();
    pages.closeAllConnections();
    if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  test('passes each check in all four pairs, without an error of the page', async () => {
    const found = await within(results, 'word from the page', 110_000);
    for (const client of Object.keys(clients) as ClientKind[]) {
      const { errors, ...checks } = found[client];
      assert.deepEqual(errors, [], client);
      assert.equal(Object.keys(checks).length, 10, client);
      const wrong = Object.entries(checks)
        .map(([name, result]) => [`${client}, ${name}`, result])
        .filter(([, result]) => result !== 'right');
      assert.deepEqual(wrong, [], client);
    }
  });
});
