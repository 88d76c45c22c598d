// The contract between the hub and its adapters, ours and everybody else's, in one place: what each calls on the other.
//
// Packages on the registry subclass adapters of their own and reach into the hub by these names. All of them count, the
// ones with an underscore too: renaming one breaks programs that this repository has never seen.

// biome-ignore-all lint/suspicious/noExplicitAny: what programs send has any type
import type { Chunk, SocketPacket } from '../protocol/socketio/packet.ts';
import type { SharedWay, WriteOptions } from './session.ts';

/** The name of a room. */
export type Room = string;
export type SocketId = string;
/** Known to the client only; with it a cut connection is continued. */
export type PrivateSessionId = string;

export interface BroadcastFlags {
  /** Clients that are busy go without. */
  volatile?: boolean | undefined;
  compress?: boolean | undefined;
  /** Only clients of this node. */
  local?: boolean | undefined;
  broadcast?: boolean | undefined;
  binary?: boolean | undefined;
  /** Milliseconds to wait for acknowledgements, or for other nodes. */
  timeout?: number | undefined;
  /** The acknowledgement is called with one response, not with a list. */
  expectSingleResponse?: boolean | undefined;
}

/** Whom a packet is for: the members of any of the `rooms`, or everyone if there are none, but no member of `except`. */
export interface BroadcastOptions {
  rooms: Set<Room>;
  except?: Set<Room>;
  flags?: BroadcastFlags;
}

/** A packet on its way through an adapter, which completes it: with the namespace, and with an id if it wants replies. */
export interface BroadcastPacket {
  type: SocketPacket['type'];
  nsp?: string;
  id?: number;
  data: any[];
}

/** What is kept of a socket whose connection was cut. */
export interface SessionToPersist {
  sid: SocketId;
  pid: PrivateSessionId;
  rooms: Room[];
  data: any;
}

/** The same when it comes back, with the packets that it missed. */
export type RestoredSession = SessionToPersist & { missedPackets: any[][] };

/** A socket of this or another node, as `fetchSockets` of an adapter reports it. */
export interface SocketDetails {
  id: SocketId;
  handshake: any;
  rooms: Iterable<Room>;
  data: any;
}

/** What the hub calls. Any result may be a promise; one that is not looked at may reject without harm. */
export interface AdapterContract {
  readonly rooms: Map<Room, Set<SocketId>>;
  readonly sids: Map<SocketId, Set<Room>>;
  readonly nsp: any;

  /** Once, after construction. */
  init(): Promise<void> | void;
  close(): Promise<void> | void;
  /** How many nodes there are, this one included. */
  serverCount(): Promise<number>;

  addAll(id: SocketId, rooms: Set<Room>): Promise<void> | void;
  del(id: SocketId, room: Room): Promise<void> | void;
  delAll(id: SocketId): void;
  socketRooms(id: SocketId): Set<Room> | undefined;

  broadcast(packet: any, opts: BroadcastOptions): void;
  /**
   * @param clientCountCallback is called once per node, with the number of clients there
   * @param ack is called with the first argument of each reply
   */
  broadcastWithAck(
    packet: any,
    opts: BroadcastOptions,
    clientCountCallback: (clientCount: number) => void,
    ack: (...args: any[]) => void,
  ): void;

  sockets(rooms: Set<Room>): Promise<Set<SocketId>>;
  fetchSockets(opts: BroadcastOptions): Promise<any[]>;
  addSockets(opts: BroadcastOptions, rooms: Room[]): void;
  delSockets(opts: BroadcastOptions, rooms: Room[]): void;
  disconnectSockets(opts: BroadcastOptions, close: boolean): void;

  /** The list belongs to the adapter; a function at its end gets `(error, responses)`. */
  serverSideEmit(packet: any[]): void;

  persistSession(session: any): void;
  /** A rejection is as good as null: there is nothing to restore. */
  restoreSession(pid: PrivateSessionId, offset: string): Promise<any> | any;

  on(event: string, listener: (...args: any[]) => void): any;
}

/** A class, or a function that returns an adapter; called with `new` if it can be. */
export type AdapterFactory = (new (nsp: any) => AdapterContract) | ((nsp: any) => AdapterContract);

/** What adapters use of a namespace; all of it is there when they are constructed. */
export interface AdapterNamespace {
  readonly name: string;
  readonly server: AdapterServer;
  /** Connected sockets only. A socket is here before its first `addAll` and until after its `delAll`. */
  readonly sockets: Map<SocketId, AdapterSocket>;
  /** Whether `notifyOutgoingListeners` of any socket ever had anybody to tell. */
  readonly _hearsOutgoing?: boolean;
  /** The next id of a packet that wants replies; adapters count it up. */
  _ids: number;
  /** Calls the namespace's listeners for what another node emitted: the event, then its arguments. */
  _onServerSideEmit(args: any[]): void;
}

export interface AdapterServer {
  /** Item 0 of a text packet has no engine prefix. The packet is neither changed nor kept. */
  readonly encoder: { encode(packet: any): Chunk[] };
  /** Defaults are merged in already. */
  readonly opts: { readonly connectionStateRecovery?: { maxDisconnectionDuration: number } | undefined };
}

export interface AdapterSocket extends SocketDetails {
  /** Truthy: by this a socket of this node is told from `SocketDetails` that came from another. */
  readonly server: unknown;
  readonly acks: Map<number, (...args: any[]) => void>;
  readonly client: AdapterClient;
  join(rooms: Room | Room[]): unknown;
  leave(room: Room): unknown;
  disconnect(close?: boolean): unknown;
  notifyOutgoingListeners?(packet: { data?: any }): void;
}

export interface AdapterClient {
  /** `opts` is one object for all clients of a broadcast. */
  writeToEngine(encodedPackets: readonly Chunk[], opts: WriteOptions): void;
  /** The same for one message of a broadcast, where there is a shorter way and as long as it is open. */
  readonly sharedWay?: SharedWay | undefined;
}
