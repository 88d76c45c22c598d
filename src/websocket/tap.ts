// The socket of one connection in; copies of what it reads and writes, and the frames in them, out as events (RFC 6455 §5.2).
import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type FrameSlice, FrameSlicer } from '../protocol/rfc6455/frame-slicer.ts';

/** Which side sent something. */
export type Side = 'client' | 'server';

/** Bytes that came from the system, or went to it, at once. */
export interface TappedChunk {
  /** Who sent it. */
  readonly from: Side;
  /** When, in milliseconds since 1970, with fractions. */
  readonly at: number;
  /** Bytes of its direction before it, counted from the end of the opening handshake. */
  readonly offset: number;
  /** A copy. */
  readonly bytes: Buffer;
}

/** A frame that ended in the last chunk, as it was on the wire: a client's is masked. Told behind its `chunk`. */
export interface TappedFrame extends FrameSlice {
  /** Who sent it. */
  readonly from: Side;
  /** When its last byte passed, in milliseconds since 1970, with fractions. */
  readonly at: number;
  readonly bytes: Buffer;
}

/** Events of a tap, with the arguments of their listeners. */
export interface TapEvents {
  /** Bytes, before the frames that end in them. */
  chunk: [chunk: TappedChunk];
  /** With `complete: false`, when the connection ends, the frame that had begun. */
  frame: [frame: TappedFrame];
  /** The socket is closed, and nothing more comes. */
  close: [];
}

interface Written {
  readonly chunk: Buffer | string;
  readonly encoding: BufferEncoding;
}

/**
 * What is on the wire of one connection, to be looked at. It is the listener's own copy, made before the connection
 * unmasks what it reads; a connection without a tap knows nothing of taps. Listeners must be added before the `tap`
 * event ends, or frames cannot be told from each other.
 */
export class Tap extends EventEmitter<TapEvents> {
  /** The opening handshake: the request, put together again from what Node's parser says of it. */
  readonly request: Buffer;
  /** And the 101 response, byte for byte. */
  readonly response: Buffer;
  /** How many bytes of each frame are kept; to be set before the `tap` event ends. Default: all. */
  keep = Number.POSITIVE_INFINITY;
  readonly #offsets = { client: 0, server: 0 };
  #slicers: Record<Side, FrameSlicer> | undefined;

  constructor(socket: Duplex, request: IncomingMessage, response: string) {
    super();
    this.request = requestBytes(request);
    this.response = Buffer.from(response, 'latin1');
    // Before the connection's own listener, which makes the bytes its own. Unlike `on` this starts no flow.
    socket.prependListener('data', (chunk: Buffer) => this.#tell('client', Buffer.from(chunk)));
    socket.once('close', () => this.#close());
    this.#watchWrites(socket);
  }

  /** Where a stream hands bytes to the system, so that what leaves together is seen together (`node:stream`, "Implementing"). */
  #watchWrites(socket: Duplex): void {
    const { _write: write, _writev: writev } = socket;
    socket._write = (chunk, encoding, callback) => {
      this.#written([{ chunk, encoding }]);
      write.call(socket, chunk, encoding, callback);
    };
    if (writev == null) return;
    socket._writev = (chunks, callback) => {
      this.#written(chunks);
      writev.call(socket, chunks, callback);
    };
  }

  #written(chunks: readonly Written[]): void {
    const parts = chunks.map(({ chunk, encoding }) =>
      typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk,
    );
    const bytes = Buffer.concat(parts);
    if (bytes.length > 0) this.#tell('server', bytes);
  }

  #tell(from: Side, bytes: Buffer): void {
    const at = now();
    const offset = this.#offsets[from];
    this.#offsets[from] += bytes.length;
    this.emit('chunk', { from, at, offset, bytes });
    if (this.listenerCount('frame') === 0) return;
    this.#slicers ??= { client: new FrameSlicer(this.keep), server: new FrameSlicer(this.keep) };
    for (const frame of this.#slicers[from].push(bytes)) this.#tellFrame(from, at, frame);
  }

  #tellFrame(from: Side, at: number, frame: FrameSlice): void {
    const { buffer, byteOffset, length } = frame.bytes;
    this.emit('frame', { from, at, ...frame, bytes: Buffer.from(buffer, byteOffset, length) });
  }

  #close(): void {
    const at = now();
    for (const from of ['client', 'server'] as const) {
      const cut = this.#slicers?.[from].finish();
      if (cut !== undefined) this.#tellFrame(from, at, cut);
    }
    this.emit('close');
  }
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

function requestBytes({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let i = 0; i < rawHeaders.length; i += 2) lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`);
  return Buffer.from([...lines, '', ''].join('\r\n'), 'latin1');
}
