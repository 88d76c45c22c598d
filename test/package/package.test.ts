// The package as users get it: what the tarball holds, that it installs alone, and that import, require and the command work.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { consumer, root, run } from './installed.ts';

const user = consumer();
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };

/** Echoes one message over a connection of Node's own making: a raw request, an upgrade, a frame each way. */
const echo = `
const server = new WebSocketServer({ port: 0, host: '127.0.0.1' }, () => {
  const { port } = server.address();
  const socket = require('node:net').connect(port, '127.0.0.1');
  socket.write(['GET / HTTP/1.1', 'Host: a', 'Upgrade: websocket', 'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version: 13', '', ''].join('\\r\\n'));
  socket.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]));
  let heard = '';
  socket.on('data', (chunk) => {
    heard += chunk.toString('latin1');
    if (!heard.endsWith('hi')) return;
    console.log(heard.split('\\r\\n')[0]);
    socket.destroy();
    server.close();
  });
});
server.on('connection', (peer) => peer.on('message', (data) => peer.send(String(data))));`;

test('the tarball holds dist, static, docs and what a package must have, and nothing else', () => {
  const others = user.files.filter(
    (file) =>
      !/^(dist|static|docs)\//.test(file) && !/^(README\.md|LICENSE|CHANGELOG\.md|package\.json)$/.test(file),
  );
  assert.deepEqual(others, []);
  for (const file of [
    'package.json',
    'LICENSE',
    'README.md',
    'dist/index.js',
    'dist/index.d.ts',
    'dist/gallery/yjs.js',
    'dist/gallery/yjs.LICENSE.txt',
    'static/index.html',
  ]) {
    assert.ok(user.files.includes(file), `${file} is missing`);
  }
  assert.deepEqual(
    user.files.filter((file) => /\.test\.\w+$|(?<!\.d)\.ts$/.test(file)),
    [],
  );
});

test('each module has its types', () => {
  // But for what is bundled for the pages of the demo only.
  const modules = user.files.filter((file) => /^dist\/(?!gallery\/|client\/protocol\.js).*\.js$/.test(file));
  assert.deepEqual(
    modules.filter((file) => !user.files.includes(file.replace(/js$/, 'd.ts'))),
    [],
  );
});

test('it brings no other package with it', async () => {
  const { dependencies } = JSON.parse(await run('npm', ['ls', '--all', '--json'], user.folder)) as {
    dependencies: Record<string, { dependencies?: unknown }>;
  };
  assert.deepEqual(Object.keys(dependencies), ['wirehub']);
  assert.equal(dependencies.wirehub!.dependencies, undefined);
});

test('the repository has no dependencies but those for development', async () => {
  const listed = JSON.parse(await run('npm', ['ls', '--omit=dev', '--json'], root)) as {
    dependencies?: object;
  };
  assert.deepEqual(listed.dependencies ?? {}, {});
});

test('import gives named exports and a default', async () => {
  const names = await user.node(
    'names.mjs',
    `import * as all from 'wirehub/websocket';
     import WebSocket, { WebSocketServer } from 'wirehub/websocket';
     console.log(JSON.stringify([Object.keys(all).sort(), WebSocket === all.WebSocket, typeof WebSocketServer]));`,
  );
  assert.deepEqual(JSON.parse(names), [
    ['WebSocket', 'WebSocketServer', 'createWebSocketStream', 'default', 'module.exports'],
    true,
    'function',
  ]);
});

test('an ES module serves a client', async () => {
  const imports = `import { createRequire } from 'node:module';
    import { WebSocketServer } from 'wirehub/websocket';
    const require = createRequire(import.meta.url);`;
  assert.equal(await user.node('echo.mjs', imports + echo), 'HTTP/1.1 101 Switching Protocols');
});

test('require gives the class with all the rest as properties', async () => {
  const facts = await user.node(
    'facts.cjs',
    `const WebSocket = require('wirehub/websocket');
     const { WebSocketServer, createWebSocketStream } = WebSocket;
     console.log(JSON.stringify([
       typeof WebSocket, WebSocket.name, WebSocket.OPEN, WebSocket.WebSocket === WebSocket,
       WebSocket.Server === WebSocketServer, WebSocketServer.name, typeof createWebSocketStream,
       new WebSocket.Server({ noServer: true }) instanceof WebSocketServer,
     ]));`,
  );
  assert.deepEqual(JSON.parse(facts), [
    'function',
    'WebSocket',
    1,
    true,
    true,
    'WebSocketServer',
    'function',
    true,
  ]);
});

test('a CommonJS program serves a client', async () => {
  const program = `const { WebSocketServer } = require('wirehub/websocket');${echo}`;
  assert.equal(await user.node('echo.cjs', program), 'HTTP/1.1 101 Switching Protocols');
});

test('the package itself is the server of Socket.IO, by import and by require', async () => {
  const facts = `const io = new Server({ path: '/x' }); console.log(io instanceof Server, io.path(), typeof Namespace, typeof Socket);`;
  const expected = 'true /x function function';
  assert.equal(
    await user.node('main.mjs', `import { Namespace, Server, Socket } from 'wirehub';${facts}`),
    expected,
  );
  assert.equal(
    await user.node('main.cjs', `const { Namespace, Server, Socket } = require('wirehub');${facts}`),
    expected,
  );
  const callable = `const create = require('wirehub'); const io = create(0); io.httpServer.on('listening', () => io.close(() => console.log('closed')));`;
  assert.equal(await user.node('callable.cjs', callable), 'closed');
  assert.equal(await user.node('json.cjs', `console.log(require('wirehub/package.json').version)`), version);
});

test('nothing inside the package can be reached but what it exports', async () => {
  await assert.rejects(
    user.node('inside.mjs', `import 'wirehub/dist/websocket/outbox.js';`),
    /ERR_PACKAGE_PATH_NOT_EXPORTED/,
  );
});

test('the command says its version', async () => {
  const command = path.join(user.folder, 'node_modules', '.bin', 'wirehub');
  assert.ok(existsSync(command));
  assert.equal(await run(process.execPath, [command, '--version'], user.folder), version);
  assert.match(await run(command, ['--help'], user.folder), /wirehub/);
});

test('TypeScript finds the types, as ES module and as CommonJS, and refuses what is wrong', async () => {
  // Types of Node itself, which a program in TypeScript has installed.
  symlinkSync(path.join(root, 'node_modules', '@types'), path.join(user.folder, 'node_modules', '@types'));
  symlinkSync(
    path.join(root, 'node_modules', 'undici-types'),
    path.join(user.folder, 'node_modules', 'undici-types'),
  );
  for (const name of ['program.mts', 'program.cts']) {
    await user.write(name, readFileSync(path.join(import.meta.dirname, 'consumer', `${name}.txt`), 'utf8'));
  }
  const options = { module: 'nodenext', target: 'es2022', strict: true, noEmit: true, types: ['node'] };
  const strict = { ...options, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true };
  const files = ['program.mts', 'program.cts'];
  await user.write('tsconfig.json', JSON.stringify({ compilerOptions: strict, files }));
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  assert.equal(await run(process.execPath, [tsc, '-p', '.'], user.folder), '');
});
