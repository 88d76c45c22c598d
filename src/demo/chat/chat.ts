// What can be done in the chat: what a client wants comes in; what others hear of it, and the answer, go out.
import type { ChatNamespace, ChatSocket, Member, Message, Person, Reply, RoomState } from './events.ts';
import { personOf } from './events.ts';
import { newMessageId } from './history.ts';
import { limits } from './limits.ts';
import { Pictures } from './pictures.ts';
import { lineOf, lobby, noticeLine } from './plain-text.ts';
import { Presence } from './presence.ts';
import { hubRoomOf, hubRooms, Rooms } from './rooms.ts';
import { cleanName, cleanRoom, cleanText, keyOf, shortened } from './words.ts';

/** What somebody says, beside the words. */
export interface Extras {
  readonly nonce?: string | undefined;
  readonly action?: true | undefined;
  /** The bytes of one. */
  readonly picture?: unknown;
}

export class Chat {
  readonly presence: Presence;
  readonly #io: ChatNamespace;
  readonly #rooms: Rooms;
  readonly #pictures = new Pictures();
  readonly #shared: boolean;

  /** @param shared whether other servers may have clients of the same chat */
  constructor(io: ChatNamespace, shared: boolean) {
    this.#io = io;
    this.#shared = shared;
    this.#rooms = new Rooms(io, shared);
    this.presence = new Presence(io);
    io.on('picture', (id, reply) => reply(this.#pictures.get(id)?.toString('base64') ?? null));
  }

  close(): void {
    this.#rooms.close();
    this.presence.close();
  }

  /** Joins a room, new or not. @param since the id of the last message of it that the client knows */
  async join(socket: ChatSocket, given: unknown, since?: unknown): Promise<Reply> {
    const room = cleanRoom(given);
    if (room === undefined) {
      return { error: `The name of a room is up to ${limits.room} letters, digits, - and _.` };
    }
    if (socket.data.passing) return { error: 'Who comes with a POST cannot stay in a room.' };
    const isNew = !socket.rooms.has(hubRoomFor(socket, room));
    if (isNew && roomsOf(socket).length >= limits.roomsPerClient) {
      return { error: `You are in ${limits.roomsPerClient} rooms, which is the most: /leave one first.` };
    }
    const history = await this.#rooms.open(room);
    if (history === undefined) return { error: 'There are too many rooms already. Join one that exists.' };
    if (isNew) {
      await socket.join(hubRoomFor(socket, room));
      await this.presence.joined(socket, room);
    }
    socket.data.current = room;
    const people = await this.presence.in(room);
    const state: RoomState = {
      room,
      people: people.slice(0, limits.people),
      count: people.length,
      ...history.since(typeof since === 'string' ? since : undefined),
    };
    return { room: state };
  }

  async leave(socket: ChatSocket, given: unknown): Promise<Reply> {
    const room = cleanRoom(given);
    if (room === undefined || !socket.rooms.has(hubRoomFor(socket, room))) {
      return { error: 'You are not in that room.' };
    }
    await socket.leave(hubRoomFor(socket, room));
    this.presence.left(personOf(socket.data), [room]);
    if (socket.data.current === room) socket.data.current = roomsOf(socket)[0] ?? '';
    return { left: room };
  }

  /** Says something in a conversation: `#room` or `@person`. */
  async say(socket: ChatSocket, to: unknown, given: unknown, extras: Extras = {}): Promise<Reply> {
    const text = cleanText(given) ?? '';
    if (text.length > limits.text) return tooLong(text);
    if (text === '' && extras.picture === undefined) return { error: 'There is nothing to read in that.' };
    const where = await this.#conversation(socket, to);
    if ('error' in where) return where;
    const { nonce, action } = extras;
    // It has come before, and the answer was lost.
    const before = nonce && where.room && this.#rooms.get(where.room)?.sent(socket.data.id, nonce);
    if (before) return { message: before };
    const picture = extras.picture === undefined ? undefined : this.#pictures.add(extras.picture);
    if (typeof picture === 'string') return { error: picture };
    const message: Message = {
      id: newMessageId(),
      at: Date.now(),
      from: personOf(socket.data),
      ...where,
      text,
      ...(action && { action }),
      ...(picture && { picture }),
      ...(nonce && { nonce }),
    };
    this.#publish('said', message);
    return { message };
  }

  async #conversation(
    socket: ChatSocket,
    to: unknown,
  ): Promise<{ room: string; to?: never } | { room?: never; to: Person } | { error: string }> {
    if (typeof to === 'string' && to.startsWith('@')) {
      const person = await this.presence.find(to.slice(1));
      return person ? { to: person } : { error: 'Nobody of that name is here any more.' };
    }
    const room = cleanRoom(to);
    if (room !== undefined && socket.rooms.has(hubRoomFor(socket, room))) return { room };
    if (room === lobby && socket.data.passing && (await this.#rooms.open(room))) return { room };
    return { error: 'You are not in that room: /join it first.' };
  }

  #publish(event: 'said' | 'edited', message: Message): void {
    const { room, to, from } = message;
    if (room !== undefined) {
      const [pages, plain] = hubRooms(room);
      this.#io.to(pages).emit(event, message);
      this.#io.to(plain).emit('message', lineOf(message));
      if (event === 'said') this.#rooms.add(message);
      else this.#rooms.replace(message);
    } else if (to !== undefined) {
      const people = [hubRoomOf(to.id), hubRoomOf(from.id)];
      this.#io.to(people).except(allPlain).emit(event, message);
      this.#io.to(people).except(allPages).emit('message', lineOf(message));
    }
  }

  /** Changes the text of one's own message in a room, while it is remembered. */
  edit(socket: ChatSocket, id: unknown, given: unknown): Reply {
    const text = cleanText(given);
    if (text === undefined || typeof id !== 'string') return { error: 'There is nothing to read in that.' };
    if (text.length > limits.text) return tooLong(text);
    for (const room of roomsOf(socket)) {
      const message = this.#rooms.get(room)?.get(id);
      if (message === undefined) continue;
      if (message.from.id !== socket.data.id) return { error: 'That is not your message.' };
      const edited: Message = { ...message, text, edited: true };
      this.#publish('edited', edited);
      return { message: edited };
    }
    return { error: 'That message is not remembered any more, so it cannot be changed.' };
  }

  /** The name that is wanted, or one like it that nobody else has. */
  async freeName(wanted: string | undefined, who: Pick<Member, 'id' | 'passing'>): Promise<string> {
    if (wanted !== undefined && !(await this.presence.isTaken(wanted, who))) return wanted;
    const names = new Set((await this.presence.everyone()).map(({ name }) => keyOf(name)));
    const stem = shortened(wanted ?? 'Guest', limits.name - 5);
    let number = wanted === undefined ? 1 : 2;
    while (names.has(keyOf(`${stem} ${number}`))) number += 1;
    return `${stem} ${number}`;
  }

  async nick(socket: ChatSocket, given: unknown): Promise<Reply> {
    const name = cleanName(given);
    if (name === undefined) return { error: 'A name needs something to read: /nick Ada' };
    const { data } = socket;
    if (await this.presence.isTaken(name, data)) return { error: `Somebody here is called ${name} already.` };
    const before = data.name;
    Object.assign(data, { name, named: true } satisfies Partial<Member>);
    if (before === name) return { notice: `You are ${name}.` };
    const rooms = roomsOf(socket).map(hubRooms);
    const everywhere = [...rooms.map(([pages]) => pages), hubRoomOf(data.id)];
    this.#io.to(everywhere).except(allPlain).emit('renamed', personOf(data), before);
    if (rooms.length > 0) {
      const line = noticeLine(`${before} is ${name} now`);
      this.#io.to(rooms.map(([, plain]) => plain)).emit('message', line);
    }
    return { notice: `You are ${name} now.` };
  }

  /** The bytes of a picture, also of one that another server has. */
  async look(id: unknown): Promise<Reply> {
    if (typeof id !== 'string' || id.length > 40) return { error: 'There is no such picture.' };
    const picture = this.#pictures.get(id) ?? (await this.#askOthers(id));
    return picture ? { picture } : { error: 'This picture is not remembered any more.' };
  }

  async #askOthers(id: string): Promise<Buffer | undefined> {
    if (!this.#shared) return undefined;
    const answers = await this.#io
      .serverSideEmitWithAck('picture', id)
      .catch(({ responses = [] }: { responses?: (string | null)[] }) => responses);
    const found = answers.find((answer) => answer !== null);
    return found === undefined || found === null ? undefined : Buffer.from(found, 'base64');
  }

  /** Who is typing: worth nothing a moment later, so it may be lost. */
  typing(socket: ChatSocket, to: unknown): void {
    const person = personOf(socket.data);
    if (typeof to === 'string' && /^@[\w-]{1,40}$/.test(to)) {
      this.#io
        .to(hubRoomOf(to.slice(1)))
        .except(allPlain)
        .volatile.emit('typing', `@${person.id}`, person);
      return;
    }
    const room = cleanRoom(to);
    if (room === undefined || !socket.rooms.has(hubRoomFor(socket, room))) return;
    socket.to(hubRooms(room)[0]).volatile.emit('typing', `#${room}`, person);
  }

  /** Tells the author of a message that it has arrived. */
  got(socket: ChatSocket, author: unknown, id: unknown): void {
    if (typeof author !== 'string' || typeof id !== 'string' || id.length > 40) return;
    this.#io.to(hubRoomOf(author)).except(allPlain).volatile.emit('got', id, socket.data.id);
  }
}

/** Everyone who came by a gateway, and everyone who did not. */
export const allPlain = 'all plain';
export const allPages = 'all pages';

function hubRoomFor(socket: ChatSocket, room: string): string {
  return hubRooms(room)[socket.data.plain ? 1 : 0];
}

export function roomsOf(socket: ChatSocket): string[] {
  const prefix = hubRoomFor(socket, '');
  return [...socket.rooms].filter((room) => room.startsWith(prefix)).map((room) => room.slice(prefix.length));
}

function tooLong(text: string): Reply {
  return { error: `That is ${text.length} characters long, and the chat passes on ${limits.text} at most.` };
}
