// What the chat's clients and servers say to each other: the events of the hub's main namespace, and their arguments.
import type { Namespace, Socket } from '../../index.ts';

export interface Person {
  /** The same for all tabs and reconnections of one person. */
  readonly id: string;
  readonly name: string;
  /** Came by a gateway, as text. */
  readonly plain?: true;
}

export interface Picture {
  /** Not to be guessed: who knows it may see the picture. */
  readonly id: string;
  readonly type: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
}

export interface Message {
  /** Sorts by time, also among messages of several servers. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly from: Person;
  /** Either a room or, for a private message, a person. */
  readonly room?: string;
  readonly to?: Person;
  readonly text: string;
  /** Something that the sender does, told with `/me`. */
  readonly action?: true;
  readonly picture?: Picture;
  readonly edited?: true;
  /** The sender's own mark, by which the same message sent twice is known. */
  readonly nonce?: string;
}

export interface RoomState {
  readonly room: string;
  readonly people: readonly Person[];
  /** Of people: more than are listed, if there are many. */
  readonly count: number;
  /** What is remembered, or what has come since the message that was asked for. */
  readonly messages: readonly Message[];
  /** Whether nothing between that message and these is missing. */
  readonly complete: boolean;
}

/** The answer to whatever a client asks for. */
export interface Reply {
  /** Why it was not done, in words for people. */
  readonly error?: string;
  readonly notice?: string;
  readonly message?: Message;
  readonly room?: RoomState;
  readonly left?: string;
  readonly picture?: Uint8Array;
  readonly rooms?: readonly { readonly room: string; readonly count: number }[];
}

/** From clients. Anything may come, so each argument is looked at; the last may be a function for the `Reply`. */
export interface ClientEvents {
  /** A room, and the id of the last message of it that is known. */
  join: (...args: unknown[]) => void;
  leave: (...args: unknown[]) => void;
  /** A conversation, what was typed, command or not, and a nonce. */
  say: (...args: unknown[]) => void;
  /** A conversation, bytes, a caption, and a nonce. */
  show: (...args: unknown[]) => void;
  /** The id of a picture. */
  look: (...args: unknown[]) => void;
  /** The id of a message, and its new text. */
  edit: (...args: unknown[]) => void;
  rooms: (...args: unknown[]) => void;
  /** A conversation. */
  typing: (...args: unknown[]) => void;
  /** The id of the author, and of the message that has been received. */
  got: (...args: unknown[]) => void;
  /** Is answered, and that is all. */
  echo: (...args: unknown[]) => void;
  /** What plain clients send. */
  message: (...args: unknown[]) => void;
}

/** To clients. A conversation is `#room` or `@person`. */
export interface ServerEvents {
  welcome: (me: Person) => void;
  said: (message: Message) => void;
  edited: (message: Message) => void;
  joined: (room: string, person: Person) => void;
  left: (room: string, person: Person) => void;
  renamed: (person: Person, before: string) => void;
  typing: (conversation: string, person: Person) => void;
  /** A message of this client has been received by somebody's page. */
  got: (id: string, person: string) => void;
  notice: (words: string) => void;
  /** A line for plain clients. */
  message: (line: string) => void;
}

/** Between the servers of a cluster. */
export interface NodeEvents {
  said: (message: Message) => void;
  edited: (message: Message) => void;
  history: (room: string, reply: (messages: readonly Message[]) => void) => void;
  picture: (id: string, reply: (base64: string | null) => void) => void;
}

/** What the hub remembers of a socket and shows to other nodes. */
export interface Member {
  id: string;
  name: string;
  plain: boolean;
  /** Came with a POST: says one thing, is in no room, and gone. */
  passing: boolean;
  /** False for a plain client that has told no name yet. */
  named: boolean;
  /** Where a plain client's text goes. */
  current: string;
}

export type ChatSocket = Socket<ClientEvents, ServerEvents, NodeEvents, Member>;
export type ChatNamespace = Namespace<ClientEvents, ServerEvents, NodeEvents, Member>;

export function personOf({ id, name, plain }: Member): Person {
  return plain ? { id, name, plain } : { id, name };
}
