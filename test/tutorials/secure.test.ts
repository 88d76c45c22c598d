// On an HTTPS server with a certificate of its own making: both transports, the upgrade between them, and what the handshake tells.
import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { connect } from 'socket.io-client';
import { Server } from '../../src/index.ts';
import { selfSigned, skip } from '../support/certificate.ts';
import { event } from '../websocket/inbox.ts';

const identity = skip === false ? selfSigned() : undefined;

for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']]) {
  test(`https, ${transports.join(' then ')}: events, bytes and acknowledgements`, { skip }, async (t) => {
    const https = createServer(identity!);
    const io = new Server(https);
    t.after(async () => {
      await io.close();
      https.closeAllConnections();
    });
    io.on('connection', (socket) => {
      socket.on('data', (data: Buffer, reply: (...args: unknown[]) => void) => {
        reply(socket.handshake.secure, data);
      });
    });
    https.listen(0, '127.0.0.1');
    await event(https, 'listening');

    const client = connect(`https://127.0.0.1:${(https.address() as AddressInfo).port}`, {
      forceNew: true,
      transports,
      rejectUnauthorized: false,
    });
    t.after(() => client.close());
    await event(client, 'connect');
    const { engine } = client.io;
    const last = transports.at(-1);
    while (engine.transport.name !== last) await event(engine, 'upgrade');
    const answer = new Promise((resolve) => {
      client.emit('data', Buffer.from([1, 2, 3]), (...args: unknown[]) => resolve(args));
    });
    assert.deepEqual(await answer, [true, Buffer.from([1, 2, 3])]);
  });
}
