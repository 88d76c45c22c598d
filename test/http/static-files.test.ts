// Asks the static file handler for what it should give and, byte for byte as an attacker would, for what it should not.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { staticFiles } from '../../src/http/static-files.ts';

let parent: string;
let server: Server;
let port: number;

before(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'wirehub-static-'));
  const folder = path.join(parent, 'public');
  await mkdir(path.join(folder, 'deep', '.git'), { recursive: true });
  await mkdir(path.join(parent, 'public-not'));
  await Promise.all([
    writeFile(path.join(parent, 'secret.txt'), 'secret'),
    writeFile(path.join(parent, 'public-not', 'secret.txt'), 'secret'),
    writeFile(path.join(folder, 'index.html'), '<!doctype html>home'),
    writeFile(path.join(folder, 'app.js'), 'export {};'),
    writeFile(path.join(folder, 'data.bin'), Buffer.from([0, 255])),
    writeFile(path.join(folder, '.env'), 'secret'),
    writeFile(path.join(folder, 'empty.txt'), ''),
    writeFile(path.join(folder, 'deep', 'index.html'), 'deep'),
    writeFile(path.join(folder, 'deep', '.git', 'config'), 'secret'),
    symlink(path.join(parent, 'secret.txt'), path.join(folder, 'link.txt')),
    symlink(path.join(parent, 'public-not'), path.join(folder, 'linked')),
    symlink(path.join(folder, 'app.js'), path.join(folder, 'inside.js')),
    symlink('loop.txt', path.join(folder, 'loop.txt')),
  ]);
  server = createServer(staticFiles(folder));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  port = (server.address() as AddressInfo).port;
});

after(async () => {
  server.close();
  server.closeAllConnections();
  await rm(parent, { recursive: true });
});

type Answer = { status: number; headers: IncomingMessage['headers']; body: string };

/** Unlike `fetch`, sends the request target exactly as given. */
async function ask(target: string, method = 'GET', headers: Record<string, string> = {}): Promise<Answer> {
  const request = httpRequest({ host: '127.0.0.1', port, path: target, method, headers, agent: false });
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const chunks = await response.toArray();
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: Buffer.concat(chunks).toString(),
  };
}

test('serves files with their type and length', async () => {
  const table: [string, string, string][] = [
    ['/', 'text/html; charset=utf-8', '<!doctype html>home'],
    ['/index.html?query', 'text/html; charset=utf-8', '<!doctype html>home'],
    ['/app.js', 'text/javascript; charset=utf-8', 'export {};'],
    ['/%61pp.js', 'text/javascript; charset=utf-8', 'export {};'],
    ['/inside.js', 'text/javascript; charset=utf-8', 'export {};'],
    ['/deep/', 'text/html; charset=utf-8', 'deep'],
    ['/empty.txt', 'text/plain; charset=utf-8', ''],
    ['http://example.com/app.js?query', 'text/javascript; charset=utf-8', 'export {};'],
    ['http://example.com', 'text/html; charset=utf-8', '<!doctype html>home'],
  ];
  for (const [target, type, body] of table) {
    const answer = await ask(target);
    assert.deepEqual([answer.status, answer.headers['content-type'], answer.body], [200, type, body], target);
    assert.equal(answer.headers['content-length'], String(body.length));
  }
  assert.equal((await ask('/data.bin')).headers['content-type'], 'application/octet-stream');
});

test('answers 404 in plain text to what is not a file of the folder', async () => {
  const targets = [
    '/missing.txt',
    '/deep',
    '/app.js/',
    '/app.js/more',
    '/.env',
    '/%2eenv',
    '/deep/.git/config',
    '/../secret.txt',
    '/deep/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/..%2Fsecret.txt',
    '/%252e%252e/secret.txt',
    '/..\\secret.txt',
    '/..%5csecret.txt',
    '/deep%2findex.html',
    '/../public-not/secret.txt',
    '/link.txt',
    '/linked/secret.txt',
    '/loop.txt',
    '/app.js%00',
    '/app.js%00.html',
    '//app.js',
    '//example.com/app.js',
    '/C:/secret.txt',
    '/app.js::$DATA',
    '/%ff',
    '/%',
    '/%u0061',
    '/constructor',
    '*',
    `/${'a'.repeat(5000)}`,
    `/${'a/'.repeat(4000)}`,
  ];
  for (const target of targets) {
    const answer = await ask(target);
    assert.equal(answer.status, 404, target);
    assert.equal(answer.headers['content-type'], 'text/plain; charset=utf-8');
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    assert.ok(!answer.body.includes('secret'));
  }
});

test('RFC 9110 §9.3.2 answers HEAD with the headers of GET and no body', async () => {
  const get = await ask('/app.js');
  const head = await ask('/app.js', 'HEAD');
  assert.equal(head.status, 200);
  assert.equal(head.body, '');
  assert.equal(head.headers['content-length'], '10');
  assert.equal(head.headers.etag, get.headers.etag);
});

test('RFC 9110 §15.5.6 refuses other methods with 405 and Allow', async () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE']) {
    const answer = await ask('/app.js', method);
    assert.equal(answer.status, 405, method);
    assert.equal(answer.headers.allow, 'GET, HEAD');
  }
});

test('RFC 9110 §13.1.2 answers 304 without a body when the client has the file', async () => {
  const { etag = '' } = (await ask('/app.js')).headers;
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const answer = await ask('/app.js', 'GET', { 'If-None-Match': known });
    assert.deepEqual([answer.status, answer.body, answer.headers.etag], [304, '', etag], known);
  }
  for (const known of ['"other"', etag.slice(1, -1), '']) {
    assert.equal((await ask('/app.js', 'GET', { 'If-None-Match': known })).status, 200, known);
  }
  assert.equal((await ask('/missing.js', 'GET', { 'If-None-Match': '*' })).status, 404);
});

test('allows no inline script or style, no frame and no guess of a type', async () => {
  const { headers } = await ask('/');
  const policy = String(headers['content-security-policy']);
  assert.ok(policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self'"));
  assert.ok(policy.includes("frame-ancestors 'none'"));
  assert.ok(!policy.includes('unsafe'));
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.equal(headers['cache-control'], 'no-cache');
});

test('goes on serving after a client that hangs up in the middle', async () => {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write('GET /app.js HTTP/1.1\r\nHost: x\r\n\r\n');
  socket.destroy();
  assert.equal((await ask('/app.js')).status, 200);
});
