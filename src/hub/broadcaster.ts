// What namespaces and servers have in common: everyone, and selections of everyone (Socket.IO v4 server API).
import type { AdapterContract, Room, SocketId } from './adapter-contract.ts';
import { BroadcastOperator } from './broadcast-operator.ts';
import type { RemoteSocket } from './remote-socket.ts';
import { TypedEmitter } from './typed-emitter.ts';
import type {
  DecorateAcknowledgementsWithMultipleResponses,
  DecorateAcknowledgementsWithTimeoutAndMultipleResponses,
  EventNamesWithoutAck,
  EventParams,
  EventsMap,
} from './typed-events.ts';

type ToMany<EmitEvents extends EventsMap, SocketData> = BroadcastOperator<
  DecorateAcknowledgementsWithMultipleResponses<EmitEvents>,
  SocketData
>;

export abstract class Broadcaster<
  EmitEvents extends EventsMap,
  ServerSideEvents extends EventsMap,
  SocketData,
  Reserved extends EventsMap,
> extends TypedEmitter<ServerSideEvents, Reserved> {
  protected abstract _broadcastAdapter(): AdapterContract;

  #everyone(): ToMany<EmitEvents, SocketData> {
    return new BroadcastOperator(this._broadcastAdapter());
  }

  /** Members of a room, or of any of several; each once. */
  to(room: Room | Room[]): ToMany<EmitEvents, SocketData> {
    return this.#everyone().to(room);
  }

  /** The same as `to`. */
  in(room: Room | Room[]): ToMany<EmitEvents, SocketData> {
    return this.#everyone().to(room);
  }

  /** Everyone but the members of these rooms. */
  except(room: Room | Room[]): ToMany<EmitEvents, SocketData> {
    return this.#everyone().except(room);
  }

  /** Whether to compress what is sent. Default true. */
  compress(compress: boolean): ToMany<EmitEvents, SocketData> {
    return this.#everyone().compress(compress);
  }

  /** Clients whose connection is busy go without. */
  get volatile(): ToMany<EmitEvents, SocketData> {
    return this.#everyone().volatile;
  }

  /** Only clients of this node. */
  get local(): ToMany<EmitEvents, SocketData> {
    return this.#everyone().local;
  }

  /** Milliseconds that acknowledgements, and other nodes, have to come in. */
  timeout(
    timeout: number,
  ): BroadcastOperator<DecorateAcknowledgementsWithTimeoutAndMultipleResponses<EmitEvents>, SocketData> {
    return new BroadcastOperator(this._broadcastAdapter(), new Set(), new Set(), { timeout });
  }

  /**
   * Sends an event to everyone. It does not call the listeners of this object.
   *
   * @throws Error for a reserved name, and for arguments that cannot be encoded
   */
  override emit<Ev extends EventNamesWithoutAck<EmitEvents>>(
    event: Ev,
    ...args: EventParams<EmitEvents, Ev>
  ): boolean {
    return new BroadcastOperator<EmitEvents, SocketData>(this._broadcastAdapter()).emit(event, ...args);
  }

  /** Sends a `message` event to everyone. */
  send(...args: EventParams<EmitEvents, 'message'>): this {
    // The name is not known to be one without acknowledgement.
    this.emit('message' as EventNamesWithoutAck<EmitEvents>, ...(args as never));
    return this;
  }

  /** The same as `send`. */
  write(...args: EventParams<EmitEvents, 'message'>): this {
    return this.send(...args);
  }

  /**
   * Ids of all sockets.
   *
   * @deprecated use `fetchSockets`
   */
  allSockets(): Promise<Set<SocketId>> {
    return this.#everyone().allSockets();
  }

  /** All sockets: those of this node themselves, of others a description that can be used much like one. */
  fetchSockets(): Promise<RemoteSocket<EmitEvents, SocketData>[]> {
    return new BroadcastOperator<EmitEvents, SocketData>(this._broadcastAdapter()).fetchSockets();
  }

  /** Makes everyone join rooms. */
  socketsJoin(room: Room | Room[]): void {
    this.#everyone().socketsJoin(room);
  }

  /** Makes everyone leave rooms. */
  socketsLeave(room: Room | Room[]): void {
    this.#everyone().socketsLeave(room);
  }

  /** Disconnects everyone; with `close` their connections too, and thereby all their namespaces. */
  disconnectSockets(close = false): void {
    this.#everyone().disconnectSockets(close);
  }
}
