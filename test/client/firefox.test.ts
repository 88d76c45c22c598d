// The classic script in a real Firefox, which no driver controls: a page runs the checks by itself and sends in what came of them.
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
import { type AnyServer, event, type Kind, kinds, Stage, within } from './servers.ts';

/** Nothing but this machine: whatever else it wants goes to a proxy that is not there. */
const preferences = {
  'network.proxy.type': 1,
  'network.proxy.http': '127.0.0.1',
  'network.proxy.http_port': 9,
  'network.proxy.ssl': '127.0.0.1',
  'network.proxy.ssl_port': 9,
  'network.proxy.no_proxies_on': '127.0.0.1',
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'app.update.auto': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'toolkit.telemetry.enabled': false,
};

/** Runs in the page: each check throws if something is wrong. `restart` kills a server and starts it again. */
const suite = `
const next = (emitter, name) => new Promise((resolve) => emitter.once(name, (...args) => resolve(args)));
const same = (one, other) => {
  if (JSON.stringify(one) !== JSON.stringify(other)) throw new Error(JSON.stringify(one) + ' is not ' + JSON.stringify(other));
};
const bytes = new Uint8Array([0, 1, 30, 254, 255]);
const checksOf = (url, restart) => {
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
    same(await said, ['hello']);
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
      const lost = next(socket, 'disconnect');
      await restart('kill');
      const [reason] = await lost;
      if (!/^transport (close|error)$/.test(reason)) throw new Error(reason);
      const late = Promise.all([1, 2, 3].map((number) => socket.emitWithAck('echo', number)));
      await restart('start');
      same(await late, [1, 2, 3]);
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

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

const { skip, path: program } = firefox();

describe('Firefox', { skip }, () => {
  let folder: string;
  let browser: ChildProcess;
  let results: Promise<Record<string, unknown>>;
  const stages = new Map<string, Stage>();
  const pages = createServer();

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'wirehub-firefox-'));
    await buildClient(folder);
    for (const kind of Object.keys(kinds) as Kind[]) {
      const made = new Stage(kind, chat, { cors: { origin: '*' } });
      await made.start();
      stages.set(kind, made);
    }
    const servers = Object.fromEntries([...stages].map(([kind, { url }]) => [kind, url]));
    results = new Promise((resolve) => {
      pages.on('request', async (request, response) => {
        const [name, query] = request.url!.slice(1).split('?');
        const made = stages.get(decodeURIComponent(query ?? ''));
        if (name === 'kill') await made?.kill();
        if (name === 'start') await made?.start();
        if (name === 'results') resolve(JSON.parse(await textOf(request)));
        if (name === 'client.js') response.setHeader('Content-Type', 'text/javascript');
        else response.setHeader('Content-Type', 'text/html; charset=utf-8');
        if (name === 'client.js') response.end(readFileSync(path.join(folder, 'socket.io.min.js')));
        else
          response.end(`<!doctype html><script src="/client.js"></script><script>${suite}
          if (location.search) run(${JSON.stringify(servers)});</script>`);
      });
    });
    await event(pages.listen(0, '127.0.0.1'), 'listening');
    const lines = Object.entries(preferences).map(
      (one) => `user_pref(${one.map((part) => JSON.stringify(part)).join()});`,
    );
    writeFileSync(path.join(folder, 'user.js'), lines.join('\n'));
    const url = `http://127.0.0.1:${(pages.address() as AddressInfo).port}/page?run`;
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

  test('passes each check with the official server and ours, without an error of the page', async () => {
    const found = await within(results, 'word from the page', 90_000);
    const { errors, ...checks } = found;
    assert.deepEqual(errors, []);
    assert.equal(Object.keys(checks).length, 8);
    assert.deepEqual(
      Object.entries(checks).filter(([, result]) => result !== 'right'),
      [],
    );
  });
});
