// What a server remembers of its rooms, and shares with the other servers of its cluster, if there are any.
import type { ChatNamespace, Message } from './events.ts';
import { History } from './history.ts';
import { limits } from './limits.ts';
import { lobby } from './plain-text.ts';

interface Room {
  readonly history: History;
  /** Resolves when the other servers have told what they remember. */
  readonly ready: Promise<void>;
  emptySince: number | undefined;
}

export class Rooms {
  readonly #io: ChatNamespace;
  /** Whether there may be other servers. */
  readonly #shared: boolean;
  readonly #rooms = new Map<string, Room>();
  readonly #sweeper: NodeJS.Timeout;

  constructor(io: ChatNamespace, shared: boolean) {
    this.#io = io;
    this.#shared = shared;
    this.#sweeper = setInterval(() => this.sweep(), limits.emptyRoomMs / 4).unref();
    if (!shared) return;
    io.on('said', (message) => this.#rooms.get(message.room ?? '')?.history.add(message));
    io.on('edited', (message) => this.#rooms.get(message.room ?? '')?.history.replace(message));
    io.on('history', (room, reply) => reply(this.#rooms.get(room)?.history.since().messages ?? []));
  }

  close(): void {
    clearInterval(this.#sweeper);
  }

  /** The history of a room, which is made if need be; undefined if there are too many rooms. */
  async open(name: string): Promise<History | undefined> {
    let room = this.#rooms.get(name);
    if (room === undefined) {
      if (this.#rooms.size >= limits.rooms) this.sweep(0);
      if (this.#rooms.size >= limits.rooms) return undefined;
      const history = new History();
      room = { history, ready: this.#askOthers(name, history), emptySince: undefined };
      this.#rooms.set(name, room);
    }
    await room.ready;
    return room.history;
  }

  get(name: string): History | undefined {
    return this.#rooms.get(name)?.history;
  }

  add(message: Message): void {
    this.get(message.room!)?.add(message);
    if (this.#shared) this.#io.serverSideEmit('said', message);
  }

  replace(message: Message): void {
    this.get(message.room!)?.replace(message);
    if (this.#shared) this.#io.serverSideEmit('edited', message);
  }

  /** Forgets rooms that nobody of this server has been in for some time. */
  sweep(emptyMs = limits.emptyRoomMs, now = Date.now()): void {
    for (const [name, room] of this.#rooms) {
      if (name === lobby || hubRooms(name).some((hubRoom) => this.#io.adapter.rooms.has(hubRoom))) {
        room.emptySince = undefined;
      } else {
        room.emptySince ??= now;
        if (now - room.emptySince >= emptyMs) this.#rooms.delete(name);
      }
    }
  }

  async #askOthers(name: string, history: History): Promise<void> {
    if (!this.#shared) return;
    // Of a server that does not answer nothing is known; what the others remember is better than nothing.
    const answers = await this.#io
      .serverSideEmitWithAck('history', name)
      .catch(({ responses = [] }: { responses?: (readonly Message[])[] }) => responses);
    for (const message of answers.flat()) history.add(message);
  }
}

/** Pages and plain clients hear of the same in different ways, so each room of the chat is two of the hub. */
export function hubRooms(name: string): [pages: string, plain: string] {
  return [`page/${name}`, `plain/${name}`];
}

/** All tabs of one person. */
export function hubRoomOf(person: string): string {
  return `person/${person}`;
}
