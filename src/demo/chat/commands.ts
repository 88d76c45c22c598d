// What is typed: a line that begins with a slash does something, any other is said; the answer goes out.
import { type Chat, type Extras, roomsOf } from './chat.ts';
import type { ChatSocket, Reply } from './events.ts';
import { lobby, namesOf } from './plain-text.ts';
import { cleanRoom } from './words.ts';

interface Call {
  readonly chat: Chat;
  readonly socket: ChatSocket;
  /** Where it was typed. */
  readonly to: string;
  /** What stands behind the command. */
  readonly rest: string;
  readonly extras: Extras;
}

interface Command {
  readonly usage: string;
  run(call: Call): Promise<Reply> | Reply;
}

const commands = new Map<string, Command>([
  ['nick', { usage: '/nick NAME: be called so', run: ({ chat, socket, rest }) => chat.nick(socket, rest) }],
  [
    'join',
    {
      usage: '/join ROOM: enter a room, or make it',
      run: ({ chat, socket, rest }) => chat.join(socket, rest),
    },
  ],
  [
    'leave',
    {
      usage: '/leave [ROOM]: leave this room, or that',
      run: ({ chat, socket, to, rest }) => chat.leave(socket, rest || to),
    },
  ],
  [
    'me',
    {
      usage: '/me WAVES: say what you do',
      run: ({ chat, socket, to, rest, extras }) => chat.say(socket, to, rest, { ...extras, action: true }),
    },
  ],
  ['msg', { usage: '/msg NAME TEXT: say it to one person only', run: tell }],
  ['who', { usage: '/who: the people of this room', run: who }],
  ['rooms', { usage: '/rooms: the rooms there are', run: listRooms }],
  ['help', { usage: '/help: this list', run: help }],
]);

/** Does what a line says, typed in a conversation. Two slashes in front say a text that begins with one. */
export async function runLine(
  chat: Chat,
  socket: ChatSocket,
  to: unknown,
  line: unknown,
  extras: Extras,
): Promise<Reply> {
  if (typeof to !== 'string' || typeof line !== 'string')
    return { error: 'There is nothing to read in that.' };
  const [, name, rest = ''] = /^\s*\/([a-z]+)(?:\s+(.*))?$/is.exec(line) ?? [];
  if (name === undefined) return chat.say(socket, to, line.replace(/^\s*\/\//, '/'), extras);
  const command = commands.get(name.toLowerCase());
  if (command === undefined)
    return { error: `There is no command /${name.slice(0, 20)}; /help lists those there are.` };
  return command.run({ chat, socket, to, rest: rest.trim(), extras });
}

async function tell({ chat, socket, rest, extras }: Call): Promise<Reply> {
  // Names may have spaces: the longest beginning that is somebody's name counts.
  const words = rest.split(/\s/);
  for (let count = Math.min(words.length - 1, 6); count > 0; count -= 1) {
    const person = await chat.presence.named(words.slice(0, count).join(' ').replace(/^@/, ''));
    if (person) return chat.say(socket, `@${person.id}`, words.slice(count).join(' '), extras);
  }
  return { error: 'Nobody of that name is here: /msg NAME TEXT' };
}

async function who({ chat, to }: Call): Promise<Reply> {
  const room = cleanRoom(to) ?? lobby;
  const people = await chat.presence.in(room);
  return {
    notice: `In #${room}: ${namesOf(people.slice(0, 50))}${people.length > 50 ? ', and others' : ''}`,
  };
}

async function listRooms({ chat, socket }: Call): Promise<Reply> {
  const yours = roomsOf(socket);
  const rooms = (await chat.presence.rooms()).slice(0, 50);
  const lines = rooms.map(
    ({ room, count }) => `#${room}: ${count}${yours.includes(room) ? ', and you' : ''}`,
  );
  return { notice: ['Rooms, and the people in them:', ...lines].join('\n') };
}

function help(): Reply {
  return { notice: [...commands.values()].map(({ usage }) => usage).join('\n') };
}
