// A raw TCP connection that has done the opening handshake and hands on each chunk, without a stream in between.
import { connect, type Socket } from 'node:net';
import { ACCEPT, openingRequest } from '../canned-handshake.ts';
import { Greeting, JOIN, SOCKET_IO_TARGET } from './greeting.ts';

const HOST = '127.0.0.1';
const OPENING_AT_ONCE = 64;
const HANDSHAKE_WITHIN_MS = 30_000;
const MOST_RESPONSE_HEAD = 4096;

/** One for all connections: whoever is handed a chunk is done with it when it returns. */
const chunk = Buffer.allocUnsafe(256 * 1024);

export const LARGEST_CHUNK: number = chunk.length;

export interface ConnectionOptions {
  port: number;
  extensions?: string;
  localAddress?: string | undefined;
  /** Joins the main namespace of a Socket.IO server before it counts as open. */
  socketIo?: boolean;
}

export class Connection {
  /** Only the first `length` bytes of the chunk count, and only until the call returns. */
  onBytes: (chunk: Buffer, length: number) => void = () => {};
  onClose: (error: Error | undefined) => void = () => {};
  readonly #socket: Socket;
  #closed = false;

  private constructor(options: ConnectionOptions, opened: (error?: Error) => void) {
    let head = '';
    let handler = (length: number): void => {
      head += chunk.toString('latin1', 0, length);
      const end = head.indexOf('\r\n\r\n');
      if (end === -1 && head.length < MOST_RESPONSE_HEAD) return;
      const refusal = refusalIn(head);
      if (refusal !== undefined) {
        this.#socket.destroy(new Error(refusal));
        return;
      }
      const rest = Buffer.from(head.slice(end + 4), 'latin1');
      if (options.socketIo === true) {
        handler = (bytes) => greet(chunk.subarray(0, bytes));
        return greet(rest);
      }
      begin();
      // No peer may speak first, and a load that starts in the same tick could not have been answered.
      if (rest.length > 0) this.#socket.destroy(new Error('the server sent bytes nobody asked for'));
    };
    const begin = (): void => {
      this.#socket.setTimeout(0);
      handler = (bytes) => this.onBytes(chunk, bytes);
      opened();
    };
    const greeting = new Greeting();
    let joining = false;
    const greet = (bytes: Buffer): void => {
      const packets = greeting.receive(bytes);
      if (packets > 0 && !joining) this.#socket.write(JOIN);
      joining ||= packets > 0;
      if (packets === 2) begin();
    };
    const target = options.socketIo === true ? SOCKET_IO_TARGET : '/';
    let failure: Error | undefined;
    this.#socket = connect({
      host: HOST,
      port: options.port,
      ...(options.localAddress === undefined ? {} : { localAddress: options.localAddress }),
      noDelay: true,
      onread: {
        buffer: chunk,
        callback: (length) => {
          handler(length);
          return true;
        },
      },
    });
    this.#socket.setTimeout(HANDSHAKE_WITHIN_MS, () =>
      this.#socket.destroy(new Error('the server did not finish the opening handshake in time')),
    );
    this.#socket.on('connect', () =>
      this.#socket.write(openingRequest(options.port, target, options.extensions)),
    );
    this.#socket.on('error', (error) => {
      failure = error;
    });
    this.#socket.on('close', () => {
      this.#closed = true;
      // Too late to matter if it was open already: a promise settles once.
      opened(failure ?? new Error('the server closed the connection during the opening handshake'));
      this.onClose(failure);
    });
  }

  static open(options: ConnectionOptions): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const connection: Connection = new Connection(options, (error) => {
        if (error === undefined) resolve(connection);
        else reject(error);
      });
    });
  }

  /** Opens many, some at a time; `each` sees a connection before any byte can arrive on it. */
  static async openMany(
    count: number,
    options: (index: number) => ConnectionOptions,
    each: (connection: Connection, index: number) => void,
  ): Promise<Connection[]> {
    const connections: Connection[] = [];
    let next = 0;
    const opener = async (): Promise<void> => {
      while (next < count) {
        const index = next++;
        const connection = await Connection.open(options(index));
        connections.push(connection);
        each(connection, index);
      }
    };
    await Promise.all(Array.from({ length: Math.min(OPENING_AT_ONCE, count) }, opener));
    return connections;
  }

  /** Hands every chunk to `receive`; what that throws, or a connection that closes, goes to `fail`. */
  attach(receive: (chunk: Buffer, length: number) => void, fail: (error: Error) => void): void {
    this.onClose = (error) => fail(error ?? new Error('the server closed a connection'));
    this.onBytes = (bytes, length) => {
      try {
        receive(bytes, length);
      } catch (error) {
        fail(error as Error);
      }
    };
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** Resets the connection, which leaves no port waiting. */
  drop(): void {
    this.onClose = () => {};
    if (!this.#closed) this.#socket.resetAndDestroy();
  }
}

function refusalIn(head: string): string | undefined {
  if (!head.startsWith('HTTP/1.1 101 ')) return `the server refused: ${head.slice(0, head.indexOf('\r\n'))}`;
  if (!head.includes(ACCEPT)) return 'the server answered with a wrong Sec-WebSocket-Accept';
  return undefined;
}

/** Linux lets a client use all of 127.0.0.0/8: each address has ephemeral ports of its own. */
export function localAddress(index: number): string | undefined {
  return process.platform === 'linux' ? `127.0.0.${2 + (index % 100)}` : undefined;
}
