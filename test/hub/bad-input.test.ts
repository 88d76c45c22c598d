// What breaks the rules ends as they say, and everyone else goes on chatting.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type WebSocket from 'ws';
import type { Socket } from '../../src/hub/socket.ts';
import type { ServerOptions } from '../../src/server-options.ts';
import type { Inbox } from '../websocket/inbox.ts';
import { event, type Stage, stage, within } from './stage.ts';

interface Joined {
  made: Stage;
  webSocket: WebSocket;
  inbox: Inbox;
  socket: Socket;
}

async function joined(t: Parameters<typeof stage>[0], options: ServerOptions = {}): Promise<Joined> {
  const made = await stage(t, options);
  const { webSocket, inbox } = await made.raw();
  const accepted = event(made.io, 'connection');
  webSocket.send('40');
  await inbox.text();
  const [socket] = (await accepted) as [Socket];
  return { made, webSocket, inbox, socket };
}

/** Somebody else's connection works. */
async function everyoneElse(made: Stage): Promise<void> {
  const { client, socket } = await made.pair();
  socket.on('ping?', (reply) => reply('pong'));
  assert.equal(await within(client.emitWithAck('ping?'), 'reply'), 'pong');
}

const invalid = [
  ['4abc', 'unknown packet type'],
  ['47', 'unknown packet type'],
  ['42{}', 'invalid payload'],
  ['42["connect"]', 'invalid payload'],
  ['42abc["a"]', 'invalid payload'],
  ['40[]', 'invalid payload'],
  ['41{}', 'invalid payload'],
  ['450-["a"]', 'Illegal attachments'],
  ['4511-["a"]', 'too many attachments'],
  [`42["a",${'['.repeat(400_000)}]`, 'payload nested deeper'],
] as const;

for (const [text, message] of invalid) {
  test(`${text.slice(0, 20)}: an error event, then the connection is closed`, async (t) => {
    const { made, webSocket, inbox, socket } = await joined(t);
    const failed = event(socket, 'error');
    const gone = event(socket, 'disconnect');
    webSocket.send(text);
    assert.ok(((await failed)[0] as Error).message.startsWith(message));
    assert.equal((await inbox.end()).code, 1005);
    assert.equal((await gone)[0], 'forced close');
    await everyoneElse(made);
  });
}

test('text while attachments are due, and bytes when none are', async (t) => {
  for (const messages of [['451-["a",{"_placeholder":true,"num":0}]', '42["b"]'], [Buffer.from('a')]]) {
    const { webSocket, inbox } = await joined(t);
    for (const message of messages) webSocket.send(message);
    assert.equal((await inbox.end()).code, 1005);
  }
});

test('a limit of attachments can be set', async (t) => {
  const { webSocket, inbox, socket } = await joined(t, { maxAttachments: 1 });
  const failed = event(socket, 'error');
  webSocket.send('452-["a"]');
  assert.equal(((await failed)[0] as Error).message, 'too many attachments');
  await inbox.end();
});

for (const [what, text] of [
  ['an event', '42["a"]'],
  ['an acknowledgement', '431[]'],
  ['a disconnection', '41'],
  ['a refusal', '44{"message":"a"}'],
  ['an event of __proto__', '42/__proto__,["a"]'],
] as const) {
  test(`${what} before CONNECT closes the connection`, async (t) => {
    const made = await stage(t);
    const { webSocket, inbox } = await made.raw();
    webSocket.send(text);
    assert.equal((await inbox.end()).code, 1005);
    await everyoneElse(made);
  });
}

test('a second CONNECT closes the connection, without an error event', async (t) => {
  const { webSocket, inbox, socket } = await joined(t);
  socket.on('error', () => assert.fail('error event'));
  const gone = event(socket, 'disconnect');
  webSocket.send('40');
  await inbox.end();
  assert.equal((await gone)[0], 'forced close');
});

test('a second CONNECT while the first is being decided closes the connection', async (t) => {
  const made = await stage(t);
  made.io.use(() => {});
  const { webSocket, inbox } = await made.raw();
  webSocket.send('40');
  webSocket.send('40');
  assert.equal((await inbox.end()).code, 1005);
});

test('a connection that joins nothing is closed after connectTimeout', async (t) => {
  const made = await stage(t, { connectTimeout: 50 });
  const { inbox } = await made.raw();
  assert.equal((await inbox.end()).code, 1005);
});

test('a refused CONNECT leaves the connection open', async (t) => {
  const made = await stage(t);
  const { webSocket, inbox } = await made.raw();
  for (const name of ['/random', '/__proto__', '/constructor', '/toString']) {
    webSocket.send(`40${name},`);
    assert.equal(await inbox.text(), `44${name},{"message":"Invalid namespace"}`);
  }
  webSocket.send('40');
  assert.match(await inbox.text(), /^40\{"sid":"[\w-]{20}"\}$/);
});

test('hostile names are names like others', async (t) => {
  const made = await stage(t);
  made.io.of('/__proto__').on('connection', (socket) => {
    socket.join('__proto__');
    socket.on('__proto__', (reply) => reply([...socket.rooms].includes('__proto__')));
  });
  const { client } = await made.pair('/__proto__');
  assert.equal(await client.emitWithAck('__proto__'), true);
});

test('a flood of namespaces ends in refusals', async (t) => {
  const made = await stage(t, { maxNamespacesPerClient: 3 });
  made.io.of(/./);
  const { webSocket, inbox } = await made.raw();
  for (let name = 0; name < 5; name++) webSocket.send(`40/${name},`);
  const replies = await inbox.texts(5);
  assert.deepEqual(
    replies.filter((text) => text.startsWith('44')),
    ['44/3,{"message":"Too many namespaces"}', '44/4,{"message":"Too many namespaces"}'],
  );
});

test('a client that acknowledges nothing is disconnected in the end', async (t) => {
  const { inbox, socket } = await joined(t, { maxPendingAcks: 2 });
  const failed = event(socket, 'error');
  for (let count = 0; count < 3; count++) socket.emit('ask', () => {});
  assert.equal(((await failed)[0] as Error).message, 'too many acknowledgements are pending');
  await inbox.end();
});

test('a client whose events pile up before a middleware is disconnected', async (t) => {
  const { webSocket, inbox, socket } = await joined(t, { maxPendingEvents: 2 });
  socket.use(() => new Promise(() => {}));
  const failed = event(socket, 'error');
  for (let count = 0; count < 3; count++) webSocket.send('42["a"]');
  assert.equal(((await failed)[0] as Error).message, 'too many events are pending');
  await inbox.end();
});

test('handlers that throw or reject end in an error event, and the others are called', async (t) => {
  const { webSocket, socket } = await joined(t);
  const order: string[] = [];
  socket.on('throws', () => {
    throw new Error('thrown');
  });
  socket.on('throws', () => order.push('second'));
  socket.on('rejects', async () => {
    throw new Error('rejected');
  });
  socket.on('throws text', () => {
    throw 'text';
  });
  for (const [name, message] of [
    ['throws', 'thrown'],
    ['rejects', 'rejected'],
    ['throws text', 'text'],
  ]) {
    const failed = event(socket, 'error');
    webSocket.send(`42["${name}"]`);
    assert.equal(((await failed)[0] as Error).message, message);
  }
  assert.deepEqual(order, ['second']);
  assert.equal(socket.connected, true);
});

test('acknowledgements, catch-all listeners and middlewares that fail end in an error event', async (t) => {
  const { made, webSocket, socket } = await joined(t);
  const fail = () => {
    throw new Error('failed');
  };
  const failing: [() => void, () => void][] = [
    [() => socket.emit('ask', fail), () => webSocket.send('430[]')],
    [() => socket.onAny(fail), () => webSocket.send('42["a"]')],
    [() => socket.offAny().onAnyOutgoing(fail), () => made.io.emit('a')],
    [() => socket.offAnyOutgoing().use(async () => fail()), () => webSocket.send('42["a"]')],
  ];
  for (const [prepare, provoke] of failing) {
    prepare();
    const failed = event(socket, 'error');
    provoke();
    assert.equal(((await failed)[0] as Error).message, 'failed');
  }
  socket.on('error', () => {});
  socket.on('disconnecting', fail);
  const gone = event(socket, 'disconnect');
  socket.disconnect();
  await gone;
});

test('a failing error listener, and failures that nobody listens to, are reported', async (t) => {
  const report = t.mock.method(console, 'error', () => {});
  const { webSocket, socket } = await joined(t);
  const reported = () =>
    within(new Promise<void>((resolve) => report.mock.mockImplementation(() => resolve())), 'report');
  socket.on('throws', () => {
    throw new Error('thrown');
  });
  let next = reported();
  webSocket.send('42["throws"]');
  await next;
  socket.on('error', () => {
    throw new Error('again');
  });
  next = reported();
  webSocket.send('42["throws"]');
  await next;
});

test('a connection handler that fails ends in an error event of its socket', async (t) => {
  const made = await stage(t);
  const failed = new Promise<Error>((resolve) => {
    made.io.on('connection', (socket) => {
      socket.on('error', resolve);
    });
    made.io.on('connection', async () => {
      throw new Error('in connection');
    });
  });
  await made.pair();
  assert.equal((await within(failed, 'error')).message, 'in connection');
});

test('a middleware that fails refuses, and keeps the reason to itself', async (t) => {
  const report = t.mock.method(console, 'error', () => {});
  const made = await stage(t);
  made.io.use(async () => {
    throw new Error('secret');
  });
  const [error] = (await event(made.client(), 'connect_error')) as [Error];
  assert.equal(error.message, 'Internal server error');
  assert.equal(report.mock.callCount(), 1);
});
