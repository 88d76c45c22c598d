// A client that came by a gateway, somebody at a terminal perhaps: lines of text in, lines of text out.
import { type Chat, roomsOf } from './chat.ts';
import { runLine } from './commands.ts';
import type { ChatSocket, Reply, RoomState } from './events.ts';
import { lineOf, lobby, namesOf, noticeLine } from './plain-text.ts';

/** Of a room that is joined: the end of what was said before. */
const linesBefore = 10;

/** Lets it into the lobby. */
export async function greet(chat: Chat, socket: ChatSocket): Promise<void> {
  const hello = `Welcome. You are ${socket.data.name}; what you type is said to all, and /help lists what else you can do.`;
  socket.emit('message', noticeLine(hello));
  tellPlain(socket, await chat.join(socket, lobby));
}

/** An answer in words. What was said comes back to its sender as it comes to the others. */
export function tellPlain(socket: ChatSocket, { error, notice, room, left }: Reply): void {
  const words = error ?? notice ?? (left && `You have left #${left}.`);
  if (words) socket.emit('message', noticeLine(words));
  if (room) describe(socket, room);
}

function describe(socket: ChatSocket, { room, people, count, messages }: RoomState): void {
  for (const message of messages.slice(-linesBefore)) socket.emit('message', lineOf(message));
  const others = people.filter(({ id }) => id !== socket.data.id);
  const more = count > people.length || others.length > 20 ? ' and others' : '';
  const company = others.length === 0 ? 'nobody else yet' : `${namesOf(others.slice(0, 20))}${more}`;
  socket.emit('message', noticeLine(`You are in #${room} with ${company}.`));
}

/** A text goes to the room that the client is in; bytes are a picture. */
export async function hear(chat: Chat, socket: ChatSocket, given: unknown): Promise<Reply> {
  const { data } = socket;
  const to = `#${data.current || roomsOf(socket)[0] || lobby}`;
  if (typeof given !== 'string') return chat.say(socket, to, '', { picture: given });
  return runLine(chat, socket, to, await withoutName(chat, socket, given), {});
}

/** A habit of plain clients is to put their name in front, `Ada: hello`; the first to do so is called Ada from then on. */
async function withoutName(chat: Chat, socket: ChatSocket, line: string): Promise<string> {
  const { data } = socket;
  const [, name, words] = /^([^\s:/*][^:\n]{0,23}):\s+(.*)$/s.exec(line) ?? [];
  if (name === undefined || words === undefined) return line;
  if (!data.named && (await chat.nick(socket, name)).error === undefined) return words;
  return name.trim() === data.name ? words : line;
}
