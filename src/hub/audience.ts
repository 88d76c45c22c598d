// The members of one room side by side, with the shortest way to each; a packet in, and out to all of them.
import type { Chunk } from '../protocol/socketio/packet.ts';
import type { AdapterSocket, BroadcastPacket, SocketId } from './adapter-contract.ts';
import type { SharedWay, WriteOptions } from './session.ts';

/** Who is meant: a set of ids, or what can be asked like one. */
export type Members = Pick<ReadonlySet<SocketId>, 'size' | 'has' | 'keys'>;

/** A packet, encoded for all who get it. */
export interface SharedPacket {
  readonly packet: BroadcastPacket;
  readonly messages: readonly Chunk[];
  /** One object for all of them. */
  readonly options: WriteOptions;
}

/** Sends to one of many who get the same. */
export function sendShared(socket: AdapterSocket, { packet, messages, options }: SharedPacket): void {
  socket.notifyOutgoingListeners?.(packet);
  socket.client.writeToEngine(messages, options);
}

/**
 * From a member's id to its connection it is half a dozen objects, somewhere in memory each, and with many members
 * that costs more than all that is done there. A list of the connections themselves spares it.
 */
export class Audience {
  readonly #members: Members;
  readonly #sockets: readonly AdapterSocket[];
  readonly #ways: (SharedWay | undefined)[];
  /** Somebody has joined or left since. */
  isOutdated = false;

  constructor(members: Members, sockets: readonly AdapterSocket[]) {
    this.#members = members;
    this.#sockets = sockets;
    this.#ways = sockets.map(({ client }) => client.sharedWay);
  }

  /** Whether these can still be all: whoever changes the set of members past the adapter tells nobody. */
  get isComplete(): boolean {
    return this.#sockets.length === this.#members.size;
  }

  send(shared: SharedPacket, except: AdapterSocket | undefined): void {
    const { messages } = shared;
    const message = messages.length === 1 ? messages[0] : undefined;
    const short = typeof message === 'string' || message instanceof Uint8Array;
    const sockets = this.#sockets;
    const ways = this.#ways;
    let isOutdated = false;
    for (let at = 0; at < sockets.length; at++) {
      if (sockets[at] === except) continue;
      if (isOutdated && !this.#members.has(sockets[at]!.id)) continue;
      if (short && ways[at]?.tryShared(message, messages)) continue;
      const socket = sockets[at]!;
      sendShared(socket, shared);
      // A listener that was told may have let others leave, as the end of a connection may.
      isOutdated = this.isOutdated;
      // A client may have come off long-polling since.
      ways[at] = socket.client.sharedWay;
    }
  }
}

/** Below this many members a list is not worth its memory. */
const worthListing = 8;

/** Why there is no list: the room was broadcast to once since somebody joined or left, or not all are connected. */
type None = 'once' | 'incomplete';

/** By the sets of the rooms; one for all adapters, as most have no such room, and there may be many thousands of them. */
const known = new WeakMap<Members, Audience | None>();

/** The audience of a room that was broadcast to before, with the same members. */
export function audienceOf(
  members: Members,
  connected: ReadonlyMap<SocketId, AdapterSocket>,
): Audience | undefined {
  if (members.size < worthListing) return undefined;
  let found = known.get(members);
  if (found === undefined) known.set(members, 'once');
  if (found === 'once' || (typeof found === 'object' && !found.isComplete)) {
    found = listed(members, connected);
    known.set(members, found);
  }
  return typeof found === 'object' ? found : undefined;
}

/** To be called when somebody has joined or left. */
export function forgetAudience(members: Members): void {
  const found = known.get(members);
  if (found === undefined) return;
  if (typeof found === 'object') found.isOutdated = true;
  known.delete(members);
}

/** Who is not connected yet may be later, which changes no room. */
function listed(members: Members, connected: ReadonlyMap<SocketId, AdapterSocket>): Audience | None {
  const sockets: AdapterSocket[] = [];
  for (const id of members.keys()) {
    const socket = connected.get(id);
    if (socket === undefined) return 'incomplete';
    sockets.push(socket);
  }
  return new Audience(members, sockets);
}
