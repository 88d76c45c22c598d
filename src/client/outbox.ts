// Events on their way to the server: sent, kept until there is a connection, or refused; and acknowledgements, which come back (client API, "Emission", "Acks").
import { isReservedEvent, type SocketPacket } from '../protocol/socketio/packet.ts';
import { call, type Listener, report } from './emitter.ts';
import type { Engine } from './engine-api.ts';
import type { ManagerOptions, SocketOptions } from './options.ts';
import { EVENT } from './packet-type.ts';
import { retryQueue, type Settle } from './retries.ts';
import { later, type Timer } from './timer.ts';

/** A packet that is to be sent, and how. */
export interface OutgoingPacket extends SocketPacket {
  readonly options?: Flags | undefined;
}

export interface Flags {
  compress?: boolean;
  volatile?: boolean;
  /** Milliseconds for the acknowledgement. */
  timeout?: number | undefined;
  /** Whether somebody learns of an error by its callback. */
  _told?: unknown;
}

/** An event on its way. */
export interface Emitted extends OutgoingPacket {
  id?: number;
  readonly options: Flags;
}

/** The socket whose events they are. */
export interface Sender {
  readonly nsp: string;
  readonly connected: boolean;
  sendBuffer: OutgoingPacket[];
  readonly io: { readonly engine: Engine; _send(packet: OutgoingPacket): void };
  listenersAnyOutgoing(): readonly Listener[];
}

export interface Outbox {
  /**
   * @param data the name of an event, and its arguments
   * @param callback gets the answer, and an error first if the options have a time for it
   * @param promise gets the one or the other
   * @throws Error for a name that only the library raises, and for what can't be sent, or kept, if nobody is told otherwise
   */
  _emit(data: unknown[], flags: Flags, callback: Listener | false, promise?: Settle): void;
  /** There is a connection: sends what waits for one. */
  _flush(): void;
  /** An acknowledgement has come. Numbers that nobody waits for are passed over. */
  _acknowledged(id: number | undefined, answer: readonly unknown[] | undefined): void;
  /** The connection has gone: who waits for an answer is told, unless the event has not left yet. */
  _disconnected(): void;
}

export function outboxOf(socket: Sender, options: SocketOptions & ManagerOptions): Outbox {
  const { bufferLimit, bufferLifetime, retries } = options;
  const waiting = new Map<number | undefined, Settle>();
  const queue = retries ? retryQueue(retries, () => socket.connected) : undefined;
  let next = 0;

  const settle = (
    id: number | undefined,
    error: Error | null,
    answer: readonly unknown[] = [],
    final?: boolean,
  ) => {
    const settled = waiting.get(id);
    waiting.delete(id);
    settled?.(error, answer, final);
  };

  const giveUp = (packet: Emitted, why: string, final?: boolean) => {
    socket.sendBuffer = socket.sendBuffer.filter((one) => one !== packet);
    settle(packet.id, new Error(why), [], final);
  };

  const write = (packet: Emitted) => {
    socket.io._send(packet);
    call(socket.listenersAnyOutgoing(), socket, packet.data);
  };

  const keep = (packet: Emitted) => {
    if (socket.sendBuffer.length >= bufferLimit!) throw new Error(`bufferLimit (${bufferLimit}) exceeded`);
    socket.sendBuffer.push(packet);
    if (bufferLifetime) {
      const expire = () =>
        socket.sendBuffer.includes(packet) && giveUp(packet, 'bufferLifetime exceeded', true);
      later(options, expire, bufferLifetime);
    }
  };

  /** @throws what `way` throws, if nobody is told otherwise */
  const attempt = (way: typeof write, packet: Emitted) => {
    try {
      way(packet);
    } catch (error) {
      settle(packet.id, error as Error, [], true);
      if (!packet.options._told) throw error;
    }
  };

  const transmit = (packet: Emitted, settled?: Settle | false) => {
    const { engine } = socket.io;
    const { volatile, timeout } = packet.options;
    const ready = socket.connected && (!volatile || engine._writable());
    if (volatile && !ready) return;
    if (settled) {
      const expire = () => giveUp(packet, 'operation has timed out');
      const timer = timeout! >= 0 && later(options, expire, timeout!);
      packet.id = next++;
      waiting.set(packet.id, (...outcome) => {
        clearTimeout(timer as Timer);
        settled(...outcome);
      });
    }
    attempt(ready && !engine._overdue() ? write : keep, packet);
  };

  return {
    _emit(data, flags, callback, promise) {
      const [event] = data;
      if (isReservedEvent(event)) throw new Error(`"${event}" is a reserved event name`);
      const timeout = flags.timeout ?? options.ackTimeout;
      const errorFirst = timeout !== undefined;
      const answer: Settle = (error, answer) => {
        if (errorFirst || !error)
          call([callback as Listener], socket, errorFirst ? [error, ...answer] : answer);
      };
      const settled = promise ?? (callback && answer);
      const _told = promise ?? (callback && errorFirst);
      const packet: Emitted = { type: EVENT, nsp: socket.nsp, data, options: { ...flags, timeout, _told } };
      if (!queue || flags.volatile) return transmit(packet, settled);
      queue.add(
        (tried) => transmit({ ...packet, options: { ...packet.options, _told: true } }, tried),
        (error, answer, final) => {
          if (settled) settled(error, answer, final);
          if (final && !_told) report(error);
        },
      );
    },
    _flush() {
      // It is too late to throw an error at who has emitted it.
      for (const packet of socket.sendBuffer.splice(0)) call([attempt], socket, [write, packet]);
      queue?.next();
    },
    _acknowledged: (id, answer) => settle(id, null, answer),
    _disconnected() {
      const kept = socket.sendBuffer.map(({ id }) => id);
      for (const id of [...waiting.keys()]) {
        if (!kept.includes(id)) settle(id, new Error('socket has been disconnected'));
      }
    },
  };
}
