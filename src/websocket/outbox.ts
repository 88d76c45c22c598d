// Bytes of frames in, few and large writes to the socket out: what is sent in one tick or turn leaves in one write.
import { AsyncResource } from 'node:async_hooks';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { each } from './each.ts';
import { Slab } from './slab.ts';
import { flushLater, type Gathering, hurry, tickCount } from './turn.ts';

export type WriteCallback = (error?: Error | null) => void;

/** Parts up to this size in all are joined into one buffer: above, the system is told of each instead, which costs less than a copy. */
export const joinLimit = 16 * 1024;

/** From this size on bytes need not wait for others to leave with: not longer than the tick. */
const worthWriting = 8 * 1024;

/**
 * A sequence of buffers, linked from the last to the first. A link remembers its successor and its joined bytes: when
 * the same buffers are appended for many connections in the same order, all share the links, and the join is made once.
 */
class Link {
  readonly bytes: Buffer;
  readonly previous: Link | undefined;
  readonly size: number;
  #successor: Link | undefined;
  #joined: Buffer | undefined;

  constructor(bytes: Buffer, previous: Link | undefined) {
    this.bytes = bytes;
    this.previous = previous;
    this.size = bytes.length + (previous?.size ?? 0);
  }

  followedBy(bytes: Buffer): Link {
    if (this.#successor?.bytes !== bytes) this.#successor = new Link(bytes, this);
    return this.#successor;
  }

  /** The buffers in order, or one that holds them all. */
  get parts(): Buffer[] {
    if (this.previous === undefined) return [this.bytes];
    if (this.#joined !== undefined) return [this.#joined];
    const parts: Buffer[] = [];
    for (let link: Link | undefined = this; link !== undefined; link = link.previous) parts.push(link.bytes);
    parts.reverse();
    if (this.size > joinLimit) return parts;
    this.#joined = Buffer.concat(parts, this.size);
    return [this.#joined];
  }
}

/** A frame that many connections send. */
export class SharedFrame {
  /**
   * The frame alone, as first link of what waits for a connection.
   *
   * @internal
   */
  readonly first: Link;

  constructor(bytes: Buffer) {
    this.first = new Link(bytes, undefined);
  }

  /** Bytes of the frame, its header included. */
  get size(): number {
    return this.first.size;
  }
}

/** Where a frame that many send can be left, past all that is between: most of a broadcast's time is on the way. */
export interface SharedOutlet {
  /** Adds the frame, if that takes no second thought; false if it has to be sent like any other. */
  tryShared(frame: SharedFrame): boolean;
}

/** In place of a count of ticks: nothing waits to be flushed. */
const notDue = -1;

function hurryIfMuch(size: number): void {
  if (size > worthWriting) hurry();
}

/** Gathers what one connection sends. */
export class Outbox implements SharedOutlet, Gathering {
  /** Whether shared frames may be added by whoever has them; kept by the sender. */
  takesShared = false;
  readonly #socket: Duplex;
  /** A net.Socket lets go of bytes when its `writableLength` is 0; other streams may keep them. */
  readonly #reusable: boolean;
  /** Bytes not flushed yet that lie behind each other in a slab: `[start, end)`. */
  #slab: Slab | undefined;
  #start = 0;
  #end = 0;
  /** Bytes not flushed yet that come before those in the slab. */
  #chain: Link | undefined;
  #callbacks: WriteCallback[] | undefined;
  /** In which tick it became due, or `notDue`. */
  #dueSince = notDue;
  /** Whether the last write left something in the socket; until the first, the answer to the handshake may have. */
  #backlogged = true;

  constructor(socket: Duplex) {
    this.#socket = socket;
    this.#reusable = socket instanceof Socket;
  }

  /** Bytes that are waiting: here, and in the socket. */
  get waiting(): number {
    const here = this.#end - this.#start + (this.#chain?.size ?? 0);
    return this.#backlogged ? here + this.#socket.writableLength : here;
  }

  /** Whether the socket could not take all it was given. */
  get isBacklogged(): boolean {
    this.#backlogged &&= this.#socket.writableLength > 0;
    return this.#backlogged;
  }

  /** Whether more may be waiting than the slab can hold. */
  get isLarge(): boolean {
    return this.#chain !== undefined || this.#backlogged;
  }

  /** Whether the socket has more than `limit` bytes to write, and will say so with `drain` when it has not. */
  isAbove(limit: number): boolean {
    return this.#socket.writableNeedDrain && this.#socket.writableLength > limit;
  }

  /**
   * Room for `size` more bytes, to be written by the caller at once into `bytes` at the position returned.
   *
   * @param exact false if some will be given back
   */
  reserve(size: number, exact = true): number {
    let slab = this.#slab;
    if (slab === undefined || !slab.canExtend(this.#end, size)) {
      this.#makeRoom();
      slab = Slab.withRoom(size);
      this.#slab = slab;
      this.#start = slab.begin();
      this.#end = this.#start;
    }
    slab.extend(size);
    const at = this.#end;
    this.#end += size;
    this.#schedule();
    if (exact) hurryIfMuch(this.#end - this.#start);
    return at;
  }

  /** Gives back room that was not needed, at the end of what was reserved last. */
  giveBack(size: number): void {
    this.#slab!.extend(-size);
    this.#end -= size;
    hurryIfMuch(this.#end - this.#start);
  }

  /** Where `reserve` has made room. */
  get bytes(): Buffer {
    return this.#slab!.bytes;
  }

  /** Adds bytes of the caller's, which must not change until they are written. */
  append(bytes: Buffer): void {
    this.#link(bytes);
    this.#schedule();
    hurryIfMuch(this.#chain!.size);
  }

  appendShared(frame: SharedFrame): void {
    this.#link(frame.first.bytes, frame.first);
    this.#schedule();
    hurryIfMuch(this.#chain!.size);
  }

  tryShared(frame: SharedFrame): boolean {
    if (!this.takesShared || this.#backlogged || this.#end !== this.#start) return false;
    if (this.#chain !== undefined && this.#chain.size > joinLimit) return false;
    this.appendShared(frame);
    return true;
  }

  /** @param first the same bytes as the first link of a chain, if somebody has that already */
  #link(bytes: Buffer, first?: Link): void {
    if (this.#end > this.#start) this.#closeRegion();
    this.#chain =
      this.#chain === undefined ? (first ?? new Link(bytes, undefined)) : this.#chain.followedBy(bytes);
  }

  /** Calls back when all that has been added so far has gone to the system, or can't any more. */
  whenWritten(callback: WriteCallback): void {
    this.#callbacks ??= [];
    // One flush serves many, and each is to find itself in the asynchronous context of its own send.
    const context = new AsyncResource('WIREHUB_SEND', { requireManualDestroy: true });
    this.#callbacks.push((error) => context.runInAsyncScope(callback, undefined, error));
    this.#schedule();
    hurry();
  }

  /** Calls back when the socket has taken all there is, unless it will say so itself with `drain`. */
  whenDrained(callback: () => void): void {
    this.flush();
    if (!this.#socket.writableNeedDrain) this.#socket.write('', callback);
  }

  flushIfDue(): void {
    if (this.#dueSince !== notDue) this.flush();
  }

  /** Flushes what an earlier tick left, as if it had gone at the end of that. */
  settle(): void {
    if (this.#dueSince !== tickCount) this.flushIfDue();
  }

  /** Gives the socket all there is, in one write if it is not much. */
  flush(): void {
    this.#dueSince = notDue;
    const callbacks = this.#callbacks;
    this.#callbacks = undefined;
    const written = callbacks && ((error?: Error | null) => each(callbacks, (callback) => callback(error)));
    if (this.#chain !== undefined) {
      if (this.#end > this.#start) this.#closeRegion();
      this.#writeChain(this.#chain.parts, written);
    } else if (this.#end > this.#start) {
      this.#writeRegion(written);
    } else if (written !== undefined) {
      this.#socket.write('', written);
    }
    this.#backlogged = this.#socket.writableLength > 0;
  }

  #writeChain(parts: Buffer[], written: WriteCallback | undefined): void {
    this.#chain = undefined;
    const socket = this.#socket;
    if (parts.length === 1) {
      socket.write(parts[0]!, written);
      return;
    }
    socket.cork();
    parts.forEach((part, index) => void socket.write(part, index === parts.length - 1 ? written : undefined));
    socket.uncork();
  }

  #writeRegion(written: WriteCallback | undefined): void {
    const socket = this.#socket;
    const slab = this.#slab!;
    const start = this.#start;
    const end = this.#end;
    // First, as a stream that is no socket may answer, and have more sent, before it returns.
    this.#leaveRegion();
    const region = slab.region(start, end);
    // What can't leave at once must not keep a slab that others use.
    const direct = this.#reusable && socket.writableLength === 0;
    const bytes = direct ? region : Buffer.from(region);
    try {
      socket.write(bytes, written);
    } finally {
      slab.end(start, end, !direct || socket.writableLength === 0);
    }
  }

  /** Ends the region that can't grow: a long one is worth a write of its own, a short one is worth a copy. */
  #makeRoom(): void {
    if (this.#end - this.#start > worthWriting) this.flush();
    // What a stream that answers while it is written to has added in between is closed as well.
    if (this.#end > this.#start) this.#closeRegion();
  }

  #closeRegion(): void {
    const slab = this.#slab!;
    const copy = Buffer.from(slab.bytes.subarray(this.#start, this.#end));
    slab.end(this.#start, this.#end, true);
    this.#leaveRegion();
    this.#link(copy);
  }

  /** A connection at rest keeps no slab. */
  #leaveRegion(): void {
    this.#slab = undefined;
    this.#start = 0;
    this.#end = 0;
  }

  #schedule(): void {
    if (this.#dueSince !== notDue) return;
    this.#dueSince = tickCount;
    flushLater(this);
  }
}
