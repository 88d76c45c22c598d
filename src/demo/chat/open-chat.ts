// Opens the chat on the hub's main namespace: clients come in, each with a name and limits of its own; their events are answered.
import { createHash, randomBytes } from 'node:crypto';
import type { OpenPart } from '../site.ts';
import { TokenBucket } from '../token-bucket.ts';
import { allPages, allPlain, Chat, roomsOf } from './chat.ts';
import { runLine } from './commands.ts';
import { type ChatNamespace, type ChatSocket, type ClientEvents, personOf, type Reply } from './events.ts';
import { limits } from './limits.ts';
import { greet, hear, tellPlain } from './plain-client.ts';
import { hubRoomOf } from './rooms.ts';
import { cleanName } from './words.ts';

export const openChat: OpenPart = ({ io }) => {
  const hub = io.of('/') as unknown as ChatNamespace;
  // Without an adapter that connects servers there is nobody to ask.
  const chat = new Chat(hub, io.opts.adapter !== undefined);
  hub.use((socket, next) => {
    if (hub.sockets.size >= limits.clients)
      return next(new Error('The chat is full. Please come back later.'));
    introduce(chat, socket).then(() => next(), next);
  });
  // Each POST is a client of its own, for a second: together they may do what one client may.
  const posts = newBudget();
  hub.on('connection', (socket) => {
    const welcomed = welcome(chat, socket);
    listen(chat, socket, socket.data.passing ? posts : newBudget(), welcomed);
    return welcomed;
  });
  return { close: () => chat.close() };
};

function newBudget(): TokenBucket {
  return new TokenBucket(limits.burst, limits.perSecond);
}

/** Finds out who it is: by a secret that the client keeps, so that it is the same person after a reload. */
async function introduce(chat: Chat, socket: ChatSocket): Promise<void> {
  const { name, key } = socket.handshake.auth as Record<string, unknown>;
  const secret = typeof key === 'string' && key.length >= 16 ? key : randomBytes(16);
  const id = createHash('sha256').update(secret).digest('base64url').slice(0, 16);
  const transport = socket.conn.transport.name;
  const plain = !['polling', 'websocket'].includes(transport);
  const passing = transport === 'post';
  const wanted = cleanName(name);
  const free = await chat.freeName(wanted, { id, passing });
  socket.data = { id, plain, passing, named: wanted !== undefined, name: free, current: '' };
}

async function welcome(chat: Chat, socket: ChatSocket): Promise<void> {
  const { data } = socket;
  if (socket.recovered) {
    for (const room of roomsOf(socket)) await chat.presence.joined(socket, room);
  } else {
    await socket.join([hubRoomOf(data.id), data.plain ? allPlain : allPages]);
    if (!data.plain) socket.emit('welcome', personOf(data));
    else if (!data.passing) await greet(chat, socket);
  }
}

type Handler = (...args: unknown[]) => Promise<Reply> | Reply;

/** @param welcomed until then events wait: a plain client may speak before it has been let into the lobby */
function listen(chat: Chat, socket: ChatSocket, bucket: TokenBucket, welcomed: Promise<void>): void {
  const small = new TokenBucket(limits.smallBurst, limits.smallPerSecond);
  let noticed = Number.NEGATIVE_INFINITY;

  /** Handles an event if the client has not asked for too much, and answers. */
  const on = (event: keyof ClientEvents, cost: (...args: unknown[]) => number, handle: Handler) => {
    socket.on(event, async (...args) => {
      const reply = typeof args.at(-1) === 'function' ? (args.pop() as (reply: Reply) => void) : undefined;
      if (bucket.take(cost(...args))) {
        await welcomed;
        const answer = await attempt(handle, args);
        if (reply) reply(answer);
        else tell(socket, answer);
      } else if (reply) {
        reply({ error: tooMuch });
      } else if (performance.now() - noticed > limits.noticeEveryMs) {
        noticed = performance.now();
        tell(socket, { error: tooMuch });
      }
    });
  };
  const lengthOf = (text: unknown) => (typeof text === 'string' ? text.length / 1000 : 0);
  const nonceOf = (given: unknown) => (typeof given === 'string' && given.length <= 40 ? given : undefined);

  on(
    'join',
    () => 2,
    (room, since) => chat.join(socket, room, since),
  );
  on(
    'leave',
    () => 2,
    (room) => chat.leave(socket, room),
  );
  on(
    'say',
    (_to, text) => 1 + lengthOf(text),
    (to, text, nonce) => runLine(chat, socket, to, text, { nonce: nonceOf(nonce) }),
  );
  on(
    'show',
    () => 10,
    (to, picture, caption, nonce) => chat.say(socket, to, caption, { nonce: nonceOf(nonce), picture }),
  );
  on(
    'edit',
    (_id, text) => 1 + lengthOf(text),
    (id, text) => chat.edit(socket, id, text),
  );
  on(
    'look',
    () => 0.5,
    (id) => chat.look(id),
  );
  on(
    'rooms',
    () => 1,
    async () => ({ rooms: (await chat.presence.rooms()).slice(0, 100) }),
  );
  on(
    'message',
    (text) => 1 + lengthOf(text),
    (text) => hear(chat, socket, text),
  );
  on(
    'echo',
    () => 0.1,
    () => ({}),
  );
  socket.on('typing', (to) => {
    if (small.take(1)) chat.typing(socket, to);
  });
  socket.on('got', (author, id) => {
    if (small.take(1)) chat.got(socket, author, id);
  });
  socket.on('disconnecting', (reason) => {
    // A page that is reloaded ends its connection in the same way as one that is closed.
    const ms = reason === 'client namespace disconnect' ? 0 : limits.graceMs;
    chat.presence.left(personOf(socket.data), roomsOf(socket), ms);
  });
  // Whoever breaks the protocol or a limit of the server is told so by the end; nobody else need know.
  socket.on('error', () => {});
}

async function attempt(handle: Handler, args: unknown[]): Promise<Reply> {
  try {
    return await handle(...args);
  } catch (error) {
    console.error(error);
    return { error: 'Something went wrong here, and it was not your fault.' };
  }
}

/** What nobody waits for as an answer. */
function tell(socket: ChatSocket, answer: Reply): void {
  if (socket.data.plain) return tellPlain(socket, answer);
  const words = answer.error ?? answer.notice;
  if (words) socket.emit('notice', words);
}

const tooMuch = `You ask for more than this chat passes on: about ${limits.perSecond} messages a second, long ones and pictures count more. What is above that is lost.`;
