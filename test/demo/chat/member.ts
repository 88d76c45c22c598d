// Someone in the chat, by the official client: a demo's port comes in; what is asked, answered and heard goes out.
import { once } from 'node:events';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import type { Message, Person, Reply } from '../../../src/demo/chat/events.ts';

type Options = Partial<ManagerOptions & SocketOptions>;

export class Member {
  readonly socket: Socket;
  me!: Person;
  /** All that has come and nobody has asked for yet. */
  readonly #heard: [event: string, ...args: unknown[]][] = [];
  #waiting = () => {};

  private constructor(port: number, auth: object, options: Options) {
    this.socket = io(`http://127.0.0.1:${port}`, {
      forceNew: true,
      reconnection: false,
      transports: ['websocket'],
      auth,
      ...options,
    });
    this.socket.onAny((event: string, ...args: unknown[]) => {
      this.#heard.push([event, ...args]);
      this.#waiting();
    });
  }

  /** In no room yet. */
  static async connect(
    port: number,
    name: string,
    auth: object = {},
    options: Options = {},
  ): Promise<Member> {
    const member = new Member(port, { name, ...auth }, options);
    member.me = (await once(member.socket as never, 'welcome'))[0];
    return member;
  }

  static async inLobby(port: number, name: string, auth: object = {}): Promise<Member> {
    const member = await Member.connect(port, name, auth);
    await member.ask('join', 'lobby');
    return member;
  }

  /** Emits an event and resolves with the answer. */
  ask(event: string, ...args: unknown[]): Promise<Reply> {
    return this.socket.timeout(5000).emitWithAck(event, ...args);
  }

  /** The next event of that name that has come or will, and for which the condition holds; what came before is passed over. */
  // biome-ignore lint/suspicious/noExplicitAny: the arguments of any event
  async hear(event: string, wanted: (...args: any[]) => boolean = () => true): Promise<any[]> {
    for (;;) {
      const at = this.#heard.findIndex(([name, ...args]) => name === event && wanted(...args));
      if (at !== -1) return this.#heard.splice(0, at + 1)[at]!.slice(1);
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
  }

  /** What has come up to now: the answer to this question comes after all that was sent before. */
  async heard(event: string): Promise<unknown[][]> {
    await this.ask('echo');
    return this.#heard.filter(([name]) => name === event).map(([, ...args]) => args);
  }

  async hearText(text: string): Promise<Message> {
    return (await this.hear('said', (message: Message) => message.text === text))[0];
  }
}
