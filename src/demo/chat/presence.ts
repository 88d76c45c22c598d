// Who is here, on all servers: sockets come and go, and people who are there or gone are told to the others.
import type { ChatNamespace, ChatSocket, Member, Person } from './events.ts';
import { personOf } from './events.ts';
import { noticeLine, whereabouts } from './plain-text.ts';
import { hubRoomOf, hubRooms } from './rooms.ts';
import { keyOf } from './words.ts';

/** As the hub describes a socket, whichever server it is on. */
interface Present {
  readonly data: Member;
  readonly rooms: Set<string>;
}

export class Presence {
  readonly #io: ChatNamespace;
  /** People who have gone from a room just now, and may be back at once. */
  readonly #goodbyes = new Map<string, NodeJS.Timeout>();
  #closed = false;

  constructor(io: ChatNamespace) {
    this.#io = io;
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#goodbyes.values()) clearTimeout(timer);
  }

  /** The people of a room, each once. */
  async in(room: string): Promise<Person[]> {
    return people(await this.#fetch(hubRooms(room)));
  }

  async everyone(): Promise<Person[]> {
    return people(await this.#fetch());
  }

  /** Somebody by id. */
  async find(id: string): Promise<Person | undefined> {
    return people(await this.#fetch([hubRoomOf(id)]))[0];
  }

  /** Somebody by name. */
  async named(name: string): Promise<Person | undefined> {
    const key = keyOf(name);
    return (await this.everyone()).find((person) => keyOf(person.name) === key);
  }

  /** Whether somebody else has this name. Who only passes by may share that of another plain client: often it is one. */
  async isTaken(name: string, { id, passing }: Pick<Member, 'id' | 'passing'>): Promise<boolean> {
    const key = keyOf(name);
    return (await this.everyone()).some(
      (person) => person.id !== id && keyOf(person.name) === key && !(passing && person.plain),
    );
  }

  /** The rooms there are, and how many people are in each, the fullest first. */
  async rooms(): Promise<{ room: string; count: number }[]> {
    const found = new Map<string, Set<string>>();
    for (const { data, rooms } of await this.#fetch()) {
      const prefix = hubRooms('')[data.plain ? 1 : 0];
      for (const room of rooms) {
        if (!room.startsWith(prefix)) continue;
        const name = room.slice(prefix.length);
        found.set(name, (found.get(name) ?? new Set()).add(data.id));
      }
    }
    return [...found]
      .map(([room, ids]) => ({ room, count: ids.size }))
      .sort((a, b) => b.count - a.count || (a.room < b.room ? -1 : 1));
  }

  /** Tells a room that somebody has come, unless the room has not been told that they were gone. */
  async joined(socket: ChatSocket, room: string): Promise<void> {
    const person = personOf(socket.data);
    const goodbye = this.#goodbyes.get(goodbyeKey(person, room));
    clearTimeout(goodbye);
    this.#goodbyes.delete(goodbyeKey(person, room));
    const tabs = (await this.#fetch(hubRooms(room))).filter(({ data }) => data.id === person.id);
    if (goodbye !== undefined || tabs.length > 1) return;
    const [pages, plain] = hubRooms(room);
    this.#io.to(pages).emit('joined', room, person);
    this.#io
      .to(plain)
      .except(socket.id)
      .emit('message', noticeLine(`${person.name} joined${whereabouts(room)}`));
  }

  /** Tells rooms that somebody has gone, unless another tab is there, or the person comes back in time. */
  left(person: Person, rooms: readonly string[], afterMs = 0): void {
    if (this.#closed) return;
    for (const room of rooms) {
      const key = goodbyeKey(person, room);
      clearTimeout(this.#goodbyes.get(key));
      const timer = setTimeout(() => {
        this.#goodbyes.delete(key);
        void this.#leave(person, room);
      }, afterMs);
      this.#goodbyes.set(key, timer.unref());
    }
  }

  async #leave(person: Person, room: string): Promise<void> {
    if ((await this.in(room)).some(({ id }) => id === person.id)) return;
    const [pages, plain] = hubRooms(room);
    this.#io.to(pages).emit('left', room, person);
    this.#io.to(plain).emit('message', noticeLine(`${person.name} left${whereabouts(room)}`));
  }

  /** Sockets of all servers that can be asked; if one of them does not answer, those of this server. */
  async #fetch(rooms: string[] = []): Promise<Present[]> {
    try {
      return await this.#io.in(rooms).fetchSockets();
    } catch {
      return await this.#io.in(rooms).local.fetchSockets();
    }
  }
}

function goodbyeKey({ id }: Person, room: string): string {
  return `${id} ${room}`;
}

function people(sockets: readonly Present[]): Person[] {
  return [...new Map(sockets.map(({ data }) => [data.id, personOf(data)])).values()];
}
