// Over TLS, and over a stream that is no socket at all: the same connection, only its bytes go another way.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo, Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { type TestContext, test } from 'node:test';
import * as frame from '../conformance/frames.ts';
import { exampleKey } from '../conformance/opening-request.ts';
import { line } from '../conformance/replies.ts';
import { ServerFrames } from '../conformance/server-frames.ts';
import { selfSigned, skip } from '../support/certificate.ts';
import { closing, event } from './inbox.ts';
import { echo, Stage, WebSocketServer } from './stage.ts';

const identity = skip === false ? selfSigned() : undefined;
const trusting = { rejectUnauthorized: false };

class SecureStage extends Stage {
  override get url(): string {
    return `wss://127.0.0.1:${this.port}`;
  }
}

async function secureStage(t: TestContext, options = {}): Promise<SecureStage> {
  const https = createServer(identity!);
  const on = new SecureStage(
    new WebSocketServer({ server: https, ...options }),
    () => (https.address() as AddressInfo).port,
  );
  await event(https.listen(0, '127.0.0.1'), 'listening');
  t.after(async () => {
    await on.end();
    https.close();
    https.closeAllConnections();
  });
  return on;
}

test('§10.6 echoes messages small and large over TLS', { skip }, async (t) => {
  const on = await secureStage(t, { perMessageDeflate: true });
  echo(on.server);
  for (const perMessageDeflate of [false, true]) {
    const { client, inbox } = await on.pair({ ...trusting, perMessageDeflate });
    const messages = [0, 1, 200, 20_000, 20_000, 70_000, 3_000_000].map((size) => randomBytes(size));
    for (const message of messages) client.send(message);
    for (const [i, { data }] of (await inbox.take(messages.length)).entries()) {
      assert.ok(data.equals(messages[i]!), `message ${i}`);
    }
  }
});

test('§10.6 many sends and broadcasts in one tick arrive in order over TLS', { skip }, async (t) => {
  const on = await secureStage(t);
  const pairs = await Promise.all([0, 1, 2].map(() => on.pair(trusting)));
  // Each pair waits for "its" connection event, which here may be another's: the peers are all that matters.
  const peers = [...on.server.clients];
  const expected: string[] = [];
  for (let round = 0; round < 200; round++) {
    const text = `${round} ${'x'.repeat((round * 37) % 3000)}`;
    expected.push(text);
    if (round % 2 === 0) on.server.broadcast(text);
    else for (const peer of peers) peer.send(text);
    if (round % 20 === 0) await new Promise(setImmediate);
  }
  for (const { inbox } of pairs) assert.deepEqual(await inbox.texts(200), expected);
});

test('ws §2 tells verifyClient that a connection is secure', { skip }, async (t) => {
  const secure: boolean[] = [];
  const verifyClient = (info: { secure: boolean }) => secure.push(info.secure) > 0;
  await (await secureStage(t, { verifyClient })).pair(trusting);
  assert.deepEqual(secure, [true]);
});

test('§7.1.1 closes both ways over TLS', { skip }, async (t) => {
  const on = await secureStage(t);
  const first = await on.pair(trusting);
  const closed = closing(first.peer);
  first.client.close(4000, 'client');
  assert.deepEqual(await closed, { code: 4000, reason: 'client' });
  const second = await on.pair(trusting);
  second.peer.close(4001, 'server');
  assert.deepEqual(await second.inbox.end(), { code: 4001, reason: 'server' });
});

/** One end of a line between two streams; as slow as a real one: what is written is looked at in a later turn. */
class LineEnd extends Duplex {
  other!: LineEnd;

  static pair(): [LineEnd, LineEnd] {
    const [near, far] = [new LineEnd(), new LineEnd()];
    near.other = far;
    far.other = near;
    return [near, far];
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, callback: () => void): void {
    setImmediate(() => {
      this.other.push(Buffer.from(chunk));
      callback();
    });
  }

  override _final(callback: () => void): void {
    this.other.push(null);
    callback();
  }
}

test('ws §2 serves a stream that is no socket', async () => {
  const server = new WebSocketServer({ noServer: true });
  echo(server);
  const [near, far] = LineEnd.pair();
  const req = new IncomingMessage(new Socket());
  Object.assign(req, { method: 'GET', url: '/', httpVersionMajor: 1, httpVersionMinor: 1 });
  const headers = {
    Host: 'a',
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Key': exampleKey,
    'Sec-WebSocket-Version': '13',
  };
  req.rawHeaders = Object.entries(headers).flat();
  for (const [name, value] of Object.entries(headers)) req.headers[name.toLowerCase()] = value;
  // The first message came together with the handshake.
  server.handleUpgrade(req, near, frame.text('head'), (peer) => server.emit('connection', peer, req));
  const [peer] = [...server.clients];
  const closed = closing(peer!);
  const large = randomBytes(100_000);
  far.write(Buffer.concat([frame.text('Hello'), frame.binary(large), frame.text('again')]));
  far.end(frame.close(1000));
  const heard: Buffer[] = [];
  for await (const chunk of far) heard.push(chunk);
  const all = Buffer.concat(heard);
  const end = all.indexOf('\r\n\r\n') + 4;
  assert.match(all.toString('latin1', 0, end), /^HTTP\/1\.1 101 /);
  const received = new ServerFrames().push(all.subarray(end));
  assert.deepEqual(
    received.map((item) => line(item).slice(0, 14)),
    ['text of 4 "hea', 'text of 5 "Hel', 'binary of 1000', 'text of 5 "aga', 'close 1000'],
  );
  assert.ok((received[2] as { payload: Buffer }).payload.equals(large));
  assert.deepEqual(await closed, { code: 1000, reason: '' });
});
