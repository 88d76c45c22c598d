// On an HTTP server that has other upgrade listeners: each gets what is its own.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { Server } from '../../src/index.ts';
import { WebSocketServer } from '../../src/websocket/index.ts';
import { event } from '../websocket/inbox.ts';
import { greet, greeted, listen, plain } from './beside.ts';

test('a WebSocketServer without a server of its own, behind a path, is left alone', async (t) => {
  const http = createServer();
  const io = greet(new Server(http));
  const webSockets = new WebSocketServer({ noServer: true });
  http.on('upgrade', (req, socket, head) => {
    if (req.url !== '/plain') return;
    webSockets.handleUpgrade(req, socket, head, (webSocket) => {
      webSocket.on('message', (data) => webSocket.send(`echo ${data}`));
    });
  });
  const port = await listen(t, http, io);
  const { client, inbox } = plain(port, '/plain');
  await event(client, 'open');
  assert.equal((await greeted(port, { transports: ['websocket'] })).greeting, 'you');
  client.send('hi');
  assert.equal(await inbox.text(), 'echo hi');
});

test('an upgrade listener that takes its time is waited for', async (t) => {
  const http = createServer();
  const io = greet(new Server(http, { destroyUpgradeTimeout: 5000 }));
  const webSockets = new WebSocketServer({ noServer: true });
  http.on('upgrade', async (req, socket, head) => {
    if (req.url !== '/slow') return;
    // Until somebody else has come and been served.
    await event(io, 'connection');
    webSockets.handleUpgrade(req, socket, head, (webSocket) => webSocket.send('at last'));
  });
  const port = await listen(t, http, io);
  const arrived = event(http, 'upgrade');
  const { inbox } = plain(port, '/slow');
  await arrived;
  await greeted(port);
  assert.equal(await inbox.text(), 'at last');
});

test('an upgrade that nobody takes is ended, unless the program says otherwise', async (t) => {
  const http = createServer();
  const io = new Server(http, { destroyUpgradeTimeout: 20 });
  const port = await listen(t, http, io);
  await plain(port, '/nobody').inbox.end();

  const patient = createServer();
  const other = greet(new Server(patient, { destroyUpgrade: false, destroyUpgradeTimeout: 0 }));
  const itsPort = await listen(t, patient, other);
  const arrived = event(patient, 'upgrade');
  const { client } = plain(itsPort, '/nobody');
  const [, socket] = (await arrived) as [unknown, Duplex];
  await greeted(itsPort);
  assert.equal(client.readyState, WebSocket.CONNECTING);
  // Nobody has taken it, so nobody else would end it.
  socket.destroy();
});

test('two servers with paths of their own share an HTTP server', async (t) => {
  const http = createServer();
  const io = greet(new Server(http));
  const other = new Server(http, { path: '/chat/' });
  other.on('connection', (socket) => socket.emit('hello', 'other'));
  t.after(() => other.engine.close());
  const port = await listen(t, http, io);
  for (const transports of [['polling'], ['websocket']]) {
    assert.equal((await greeted(port, { transports })).greeting, 'you');
    assert.equal((await greeted(port, { transports, path: '/chat' })).greeting, 'other');
  }
});

test('a WebSocketServer on the same HTTP server, with a path, serves its own clients only', async (t) => {
  const http = createServer();
  const io = greet(new Server(http));
  const webSockets = new WebSocketServer({ server: http, path: '/plain' });
  webSockets.on('connection', (webSocket) => webSocket.send('plain'));
  const port = await listen(t, http, io);
  assert.equal((await greeted(port, { transports: ['websocket'] })).greeting, 'you');
  assert.equal(await plain(port, '/plain').inbox.text(), 'plain');
});
