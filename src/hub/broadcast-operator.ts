// A selection of sockets, on all nodes, and what can be done with it: each verb makes a new one (Socket.IO v4 server API).
import { isReservedEvent, PacketType } from '../protocol/socketio/packet.ts';
import { type Acknowledgement, type MissingRepliesError, ReplyCollector } from './acknowledgements.ts';
import type {
  AdapterContract,
  AdapterNamespace,
  BroadcastFlags,
  BroadcastPacket,
  Room,
  SocketDetails,
  SocketId,
} from './adapter-contract.ts';
import { ignoreRejection } from './failures.ts';
import { type RemoteOperator, RemoteSocket } from './remote-socket.ts';
import type {
  AllButLast,
  DecorateAcknowledgements,
  EventNames,
  EventNamesWithError,
  EventParams,
  EventsMap,
  FirstNonErrorArg,
  Last,
} from './typed-events.ts';

/** Clients that have been selected, and how they are to be sent to. Immutable: each verb gives a new one. */
export class BroadcastOperator<EmitEvents extends EventsMap, SocketData> {
  readonly #adapter: AdapterContract;
  readonly #rooms: ReadonlySet<Room>;
  readonly #except: ReadonlySet<Room>;
  readonly #flags: BroadcastFlags;

  constructor(
    adapter: AdapterContract,
    rooms: ReadonlySet<Room> = new Set(),
    except: ReadonlySet<Room> = new Set(),
    flags: BroadcastFlags = {},
  ) {
    this.#adapter = adapter;
    this.#rooms = rooms;
    this.#except = except;
    this.#flags = flags;
  }

  /** Members of this room, or of any of these, besides those selected before; each once. */
  to(room: Room | Room[]): BroadcastOperator<EmitEvents, SocketData> {
    return new BroadcastOperator(this.#adapter, union(this.#rooms, room), this.#except, this.#flags);
  }

  /** The same as `to`. */
  in(room: Room | Room[]): BroadcastOperator<EmitEvents, SocketData> {
    return this.to(room);
  }

  /** But no member of this room, or of any of these. */
  except(room: Room | Room[]): BroadcastOperator<EmitEvents, SocketData> {
    return new BroadcastOperator(this.#adapter, this.#rooms, union(this.#except, room), this.#flags);
  }

  /** Whether to compress what is sent. Default true. */
  compress(compress: boolean): BroadcastOperator<EmitEvents, SocketData> {
    return this.#with({ compress });
  }

  /** Clients whose connection is busy go without. */
  get volatile(): BroadcastOperator<EmitEvents, SocketData> {
    return this.#with({ volatile: true });
  }

  /** Only clients of this node. */
  get local(): BroadcastOperator<EmitEvents, SocketData> {
    return this.#with({ local: true });
  }

  /** Milliseconds that acknowledgements, and other nodes, have to come in. */
  timeout(timeout: number): BroadcastOperator<DecorateAcknowledgements<EmitEvents>, SocketData> {
    return this.#with({ timeout });
  }

  // biome-ignore lint/suspicious/noExplicitAny: `timeout` changes the type of the acknowledgements
  #with(flags: BroadcastFlags): BroadcastOperator<any, SocketData> {
    return new BroadcastOperator(this.#adapter, this.#rooms, this.#except, { ...this.#flags, ...flags });
  }

  /** Adapters may keep or change what they are given. */
  #options(): { rooms: Set<Room>; except: Set<Room>; flags: BroadcastFlags } {
    return { rooms: new Set(this.#rooms), except: new Set(this.#except), flags: { ...this.#flags } };
  }

  /**
   * Sends an event to the selected clients. With a function as last argument it asks each for an acknowledgement, and
   * calls it with `(error, replies)`, within the `timeout()` that was set.
   *
   * @throws Error for a reserved name, and for arguments that cannot be encoded
   */
  emit<Ev extends EventNames<EmitEvents>>(event: Ev, ...args: EventParams<EmitEvents, Ev>): true {
    if (isReservedEvent(event)) throw new Error(`"${String(event)}" is a reserved event name`);
    const data: unknown[] = [event, ...args];
    const packet: BroadcastPacket = { type: PacketType.EVENT, data };
    if (typeof data[data.length - 1] === 'function') {
      this.#emitWithReplies(packet, data.pop() as Acknowledgement);
    } else {
      ignoreRejection(this.#adapter.broadcast(packet, this.#options()) as unknown);
    }
    return true;
  }

  #emitWithReplies(packet: BroadcastPacket, ack: Acknowledgement): void {
    const { expectSingleResponse, timeout } = this.#flags;
    const replies = new ReplyCollector(ack, expectSingleResponse === true, timeout, () =>
      forgetAcks(this.#adapter.nsp, packet.id),
    );
    const sent: unknown = this.#adapter.broadcastWithAck(
      packet,
      this.#options(),
      (count) => replies.expectClients(count),
      (reply) => replies.add(reply),
    );
    ignoreRejection(sent);
    // Of an adapter that cannot count its nodes nothing is heard: then the deadline decides.
    this.#adapter.serverCount().then(
      (count) => replies.expectServers(count),
      () => {},
    );
  }

  /**
   * Sends an event and resolves with the replies; after `timeout()` only. Rejects at the deadline with an error whose
   * `responses` are the replies that came, and whose `missing` are the ids of clients of this node that did not reply.
   */
  emitWithAck<Ev extends EventNamesWithError<EmitEvents>>(
    event: Ev,
    ...args: AllButLast<EventParams<EmitEvents, Ev>>
  ): Promise<FirstNonErrorArg<Last<EventParams<EmitEvents, Ev>>>> {
    return new Promise((resolve, reject) => {
      const ack = (error: MissingRepliesError | null, responses: FirstNonErrorArg<never>) => {
        if (error === null) return resolve(responses);
        error.responses = responses;
        reject(error);
      };
      this.emit(event, ...([...args, ack] as EventParams<EmitEvents, Ev>));
    });
  }

  /**
   * Ids of the selected sockets.
   *
   * @deprecated use `fetchSockets`, which reports more and knows more selections
   */
  allSockets(): Promise<Set<SocketId>> {
    return this.#adapter.sockets(new Set(this.#rooms));
  }

  /** The selected sockets: those of this node themselves, of others a description that can be used much like one. */
  async fetchSockets(): Promise<RemoteSocket<EmitEvents, SocketData>[]> {
    const found: (SocketDetails & { server?: unknown })[] = await this.#adapter.fetchSockets(this.#options());
    return found.map((socket) =>
      socket.server
        ? (socket as unknown as RemoteSocket<EmitEvents, SocketData>)
        : new RemoteSocket<EmitEvents, SocketData>(socket, this.#only(socket.id)),
    );
  }

  #only(id: SocketId): RemoteOperator<EmitEvents> {
    const flags = { expectSingleResponse: true };
    // The same type, but the compiler does not compare generic event names.
    return new BroadcastOperator(
      this.#adapter,
      new Set([id]),
      new Set(),
      flags,
    ) as unknown as RemoteOperator<EmitEvents>;
  }

  /** Makes the selected sockets join rooms. */
  socketsJoin(room: Room | Room[]): void {
    ignoreRejection(this.#adapter.addSockets(this.#options(), list(room)) as unknown);
  }

  /** Makes the selected sockets leave rooms. */
  socketsLeave(room: Room | Room[]): void {
    ignoreRejection(this.#adapter.delSockets(this.#options(), list(room)) as unknown);
  }

  /** Disconnects the selected sockets; with `close` their connections too, and thereby all their namespaces. */
  disconnectSockets(close = false): void {
    ignoreRejection(this.#adapter.disconnectSockets(this.#options(), close) as unknown);
  }
}

function list(room: Room | Room[]): Room[] {
  return Array.isArray(room) ? room : [room];
}

function union(rooms: ReadonlySet<Room>, more: Room | Room[]): Set<Room> {
  return new Set([...rooms, ...list(more)]);
}

/** Nobody waits for these replies any more. Returns who owes one. */
function forgetAcks(namespace: AdapterNamespace, id: number | undefined): SocketId[] {
  const missing: SocketId[] = [];
  if (id === undefined) return missing;
  for (const socket of namespace.sockets.values()) {
    if (socket.acks.delete(id)) missing.push(socket.id);
  }
  return missing;
}
