// Events on their way to the server: sent, kept until there is a connection, or refused; and acknowledgements, which come back (client API, "Emission", "Acks").
import type { SocketPacket } from '../protocol/socketio/packet.ts';
import { call, type Listener, report } from './emitter.ts';
import type { Engine } from './engine-api.ts';
import type { ManagerOptions, SocketOptions } from './options.ts';
import { later } from './platform.ts';
import { retryQueue, type Settle } from './retries.ts';

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
  _told?: boolean;
}

/** An event on its way. */
export interface Emitted extends OutgoingPacket {
  id?: number;
  readonly options: Flags;
}

/** The socket whose events they are. */
export interface Sender {
  readonly connected: boolean;
  readonly sendBuffer: OutgoingPacket[];
  readonly io: { readonly engine: Engine; _send(packet: OutgoingPacket): void };
  listenersAnyOutgoing(): readonly Listener[];
}

export interface Outbox {
  /** @throws Error for what can't be sent, or kept, if nobody is told otherwise */
  emit(packet: Emitted, settle?: Settle): void;
  /** There is a connection: sends what waits for one. */
  flush(): void;
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

  const settle = (id: number | undefined, ...outcome: Parameters<Settle>) => {
    const settled = waiting.get(id);
    waiting.delete(id);
    settled?.(...outcome);
  };

  const refuse = (packet: Emitted, error: Error) => {
    settle(packet.id, error, [], true);
    if (!packet.options._told) throw error;
  };

  const write = (packet: Emitted) => {
    try {
      socket.io._send(packet);
    } catch (error) {
      return refuse(packet, error as Error);
    }
    call(socket.listenersAnyOutgoing(), socket, packet.data);
  };

  const forget = (packet: Emitted): boolean => {
    const at = socket.sendBuffer.indexOf(packet);
    return at >= 0 && !!socket.sendBuffer.splice(at, 1);
  };

  const keep = (packet: Emitted) => {
    if (socket.sendBuffer.length >= bufferLimit!) {
      return refuse(packet, new Error(`bufferLimit (${bufferLimit}) exceeded`));
    }
    socket.sendBuffer.push(packet);
    if (bufferLifetime) {
      const expire = () => {
        if (forget(packet)) settle(packet.id, new Error('bufferLifetime exceeded'), [], true);
      };
      later(options, expire, bufferLifetime);
    }
  };

  const transmit = (packet: Emitted, settled?: Settle) => {
    const { engine } = socket.io;
    const { volatile, timeout } = packet.options;
    const ready = socket.connected && (!volatile || engine._writable());
    if (volatile && !ready) return;
    if (settled) {
      const expire = () => {
        forget(packet);
        settle(packet.id, new Error('operation has timed out'), []);
      };
      const timer = timeout! >= 0 ? later(options, expire, timeout!) : 0;
      packet.id = next++;
      waiting.set(packet.id, (...outcome) => {
        clearTimeout(timer);
        settled(...outcome);
      });
    }
    if (ready && !engine._overdue()) write(packet);
    else keep(packet);
  };

  return {
    emit(packet, settled) {
      const { volatile, _told } = packet.options;
      if (!queue || volatile) return transmit(packet, settled);
      queue.add(
        (tried) => transmit({ ...packet, options: { ...packet.options, _told: true } }, tried),
        (error, answer, final) => {
          settled?.(error, answer, final);
          if (final && !_told) report(error);
        },
      );
    },
    flush() {
      // It is too late to throw an error at who has emitted it.
      for (const packet of socket.sendBuffer.splice(0)) call([write], socket, [packet]);
      queue?.next();
    },
    _acknowledged: (id, answer = []) => settle(id, null, answer),
    _disconnected() {
      const kept = socket.sendBuffer.map(({ id }) => id);
      for (const id of [...waiting.keys()]) {
        if (!kept.includes(id)) settle(id, new Error('socket has been disconnected'), []);
      }
    },
  };
}
