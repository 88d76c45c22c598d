// What must compile does, and what must not does not; `npm run check` is the test.
import { createAdapter as createClusterAdapter } from '@socket.io/cluster-adapter';
import { createAdapter as createRedisAdapter } from '@socket.io/redis-adapter';
import { createAdapter as createStreamsAdapter } from '@socket.io/redis-streams-adapter';
import parser from 'socket.io-msgpack-parser';
import type { BroadcastOperator } from '../../src/hub/broadcast-operator.ts';
import type { DisconnectReason } from '../../src/hub/disconnect-reason.ts';
import type { RemoteSocket } from '../../src/hub/remote-socket.ts';
import type { Socket } from '../../src/hub/socket.ts';
import { Server } from '../../src/server.ts';

/** Exactly the same type, in both directions. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_proof: Same<A, B>): void {}

interface Listen {
  said: (text: string, count: number) => void;
  asked: (question: string, reply: (answer: number) => void) => void;
  silent: () => void;
}
interface Emit {
  news: (title: string) => void;
  message: (text: string) => void;
  tick: () => void;
  question: (about: string, reply: (answer: number, more: string) => void) => void;
  checked: (reply: (err: Error, ok: boolean) => void) => void;
}
interface Between {
  hello: (name: string) => void;
  sum: (a: number, b: number, reply: (sum: number) => void) => void;
}
interface Data {
  user: string;
}

export function explicit(io: Server<Listen, Emit, Between, Data>): void {
  io.on('connection', (socket) => {
    same<typeof socket, Socket<Listen, Emit, Between, Data>>(true);
    same<typeof socket.data, Data>(true);

    socket.on('said', (text, count) => {
      same<[typeof text, typeof count], [string, number]>(true);
    });
    socket.on('asked', async (question, reply) => {
      same<typeof question, string>(true);
      reply(1);
      // @ts-expect-error the answer is a number
      reply('1');
    });
    socket.once('silent', () => {});
    socket.on('disconnect', (reason) => same<typeof reason, DisconnectReason>(true));
    socket.on('error', (error) => same<typeof error, Error>(true));
    // @ts-expect-error no such event
    socket.on('unknown', () => {});
    // @ts-expect-error an event of the other direction
    socket.on('news', () => {});
    // @ts-expect-error the first argument is a string
    socket.on('said', (text: number) => text);

    socket.emit('news', 'title');
    socket.emit('tick');
    socket.emit('question', 'life', (answer, more) => {
      same<[typeof answer, typeof more], [number, string]>(true);
    });
    socket.send('text');
    // @ts-expect-error an event of the other direction
    socket.emit('said', 'a', 1);
    // @ts-expect-error an argument is missing
    socket.emit('news');
    // @ts-expect-error not a string
    socket.emit('news', 5);
    // @ts-expect-error one too many
    socket.emit('tick', 1);
    // @ts-expect-error not a string
    socket.send(5);

    socket.timeout(1).emit('question', 'life', (error, answer) => {
      same<[typeof error, typeof answer], [Error, number]>(true);
    });
    socket.timeout(1).emit('checked', (error, ok) => {
      same<[typeof error, typeof ok], [Error, boolean]>(true);
    });
    void socket.emitWithAck('question', 'life').then((answer) => same<typeof answer, number>(true));
    void socket
      .timeout(1)
      .emitWithAck('checked')
      .then((ok) => same<typeof ok, boolean>(true));
    // @ts-expect-error it has no acknowledgement
    void socket.emitWithAck('news', 'title');
    // @ts-expect-error it has no acknowledgement
    void socket.emitWithAck('tick');

    socket.to('room').emit('news', 'title');
    socket.broadcast.timeout(1).emit('question', 'life', (error, answers) => {
      same<[typeof error, typeof answers], [Error, number[]]>(true);
    });
    // @ts-expect-error an event of the other direction
    socket.broadcast.emit('said', 'a', 1);
    socket.use(([name], next) => {
      same<typeof name, string>(true);
      next(new Error(name));
    });
    socket.nsp.sockets.get('id')?.emit('tick');
  });

  io.emit('news', 'title');
  // @ts-expect-error one that asks for acknowledgements needs timeout()
  io.emit('question', 'life', () => {});
  // @ts-expect-error an event of the other direction
  io.emit('said', 'a', 1);
  // @ts-expect-error an event of the other direction
  io.of('/').emit('silent');

  io.to('room').emit('question', 'life', (answers) => same<typeof answers, number[]>(true));
  io.timeout(1).emit('question', 'life', (error, answers) => {
    same<[typeof error, typeof answers], [Error, number[]]>(true);
  });
  io.to('room')
    .timeout(1)
    .emit('question', 'life', (error, answers) => {
      same<[typeof error, typeof answers], [Error, number[]]>(true);
    });
  void io
    .timeout(1)
    .emitWithAck('question', 'life')
    .then((answers) => same<typeof answers, number[]>(true));
  void io
    .to('room')
    .timeout(1)
    .emitWithAck('checked')
    .then((answers) => same<typeof answers, boolean[]>(true));
  // @ts-expect-error only after timeout()
  void io.to('room').emitWithAck('question', 'life');
  // @ts-expect-error it has no acknowledgement
  void io.timeout(1).emitWithAck('news', 'title');

  io.serverSideEmit('hello', 'name');
  io.serverSideEmit('sum', 1, 2, (error, sums) => {
    same<[typeof error, typeof sums], [Error, number[]]>(true);
  });
  void io.serverSideEmitWithAck('sum', 1, 2).then((sums) => same<typeof sums, number[]>(true));
  // @ts-expect-error no such event between servers
  io.serverSideEmit('news', 'title');
  // @ts-expect-error it has no acknowledgement
  void io.serverSideEmitWithAck('hello', 'name');
  io.on('hello', (name) => same<typeof name, string>(true));
  io.on('sum', (a, b, reply) => reply(a + b));
  io.on('new_namespace', (namespace) => same<typeof namespace.name, string>(true));
  // @ts-expect-error clients do not raise events on the server
  io.on('said', () => {});

  void io.fetchSockets().then((sockets) => {
    same<typeof sockets, RemoteSocket<Emit, Data>[]>(true);
    sockets[0]?.emit('news', 'title');
    // @ts-expect-error an event of the other direction
    sockets[0]?.emit('said', 'a', 1);
  });
  const operator = io.to('a').in('b').except('c').volatile.local.compress(true);
  same<typeof operator extends BroadcastOperator<infer _E, infer D> ? D : never, Data>(true);
  io.use((socket, next) => {
    same<typeof socket.data.user, string>(true);
    next();
  });
  io.of('/a', (socket) => same<typeof socket.data, Data>(true));
  io.of(/^\/b$/).on('connection', (socket) => same<typeof socket.data, Data>(true));
}

/** Without declared events everything goes. */
export function anything(io: Server): void {
  io.on('connection', async (socket) => {
    socket.on('a', (b, c, reply) => reply(b, c));
    socket.emit('a', 1, 'b', () => {});
    socket.data.anything = 1;
    const answer: string = await socket.emitWithAck('a', 1);
    socket.timeout(1).emit('a', (error: Error, b: string) => [error, b]);
    socket.to('a').emit(answer);
    socket.send(1, 2);
  });
  io.emit('a', 1);
  io.emit('a');
  io.timeout(1).emit('a', 1, (error: Error, replies: string[]) => [error, replies]);
  void io.timeout(1).emitWithAck('a', 1);
  io.serverSideEmit('a', 1, () => {});
  void io.serverSideEmitWithAck('a');
  io.on('a', (b) => b);
}

// biome-ignore lint/suspicious/noExplicitAny: that is what is tested
export function withAny(io: Server<any, any, any, any>): void {
  io.on('connection', (socket) => {
    socket.on('a', (b: string) => b);
    socket.emit('a', 1);
    void socket.emitWithAck('a', 1);
  });
  io.emit('a', 1);
  void io.timeout(1).emitWithAck('a', 1);
  io.on('a', (b: string) => b);
}

/** Adapters and parsers of others fit by their own types. */
export function others(client: Parameters<typeof createStreamsAdapter>[0]): Server[] {
  return [
    new Server({ adapter: createClusterAdapter() }),
    new Server({ adapter: createRedisAdapter(client, client) }),
    new Server({ adapter: createStreamsAdapter(client) }),
    new Server({ parser }),
    // @ts-expect-error not a parser
    new Server({ parser: {} }),
    // @ts-expect-error not an adapter
    new Server({ adapter: class {} }),
    // @ts-expect-error no such option value
    new Server({ connectTimeout: '5' }),
  ];
}
