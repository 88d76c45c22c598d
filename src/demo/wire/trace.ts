// All that was seen of one page's traffic: records in, bounded in number, bytes and rate; batches to those who watch out.
import { randomUUID } from 'node:crypto';
import type { WebSocket } from '../../websocket/index.ts';
import { TokenBucket } from '../token-bucket.ts';
import { now, type WireRecord } from './records.ts';

export const traceLimits = {
  /** What is kept for a page that begins to watch later. */
  records: 1000,
  bytes: 256 * 1024,
  /** Records that may come at once, and each second. */
  burst: 2000,
  perSecond: 500,
  watchers: 4,
  /** Bytes that may wait for a page that reads slowly. */
  waitingBytes: 1024 * 1024,
  batchMs: 20,
};

interface Watcher {
  readonly socket: WebSocket;
  missed: number;
}

export class Trace {
  readonly #history: string[] = [];
  #historyBytes = 0;
  #forgotten = 0;
  readonly #watchers = new Set<Watcher>();
  readonly #bucket = new TokenBucket(traceLimits.burst, traceLimits.perSecond);
  #overRate = 0;
  #batch: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** Connections that are tapped for it. */
  connections = 0;
  #numbers = 0;
  /** With `id`, by which a page that comes back knows what it has seen: the number of the last record. */
  #told = 0;
  readonly #id = randomUUID();

  /** Whether nobody watches it and nothing comes any more. */
  get isIdle(): boolean {
    return this.connections === 0 && this.#watchers.size === 0;
  }

  get isWatched(): boolean {
    return this.#watchers.size > 0;
  }

  /** A number for a connection or a request. */
  nextNumber(): number {
    return ++this.#numbers;
  }

  add(record: WireRecord, at = now()): void {
    if (this.#bucket.take(1)) {
      this.#sayOverRate();
      this.#keep(record, at);
    } else {
      this.#overRate++;
      this.#schedule();
    }
  }

  #sayOverRate(): void {
    const records = this.#overRate;
    if (records === 0) return;
    this.#overRate = 0;
    this.#keep({ kind: 'omitted', records, why: 'more came than is shown at a time' }, now());
  }

  #keep(record: WireRecord, at: number): void {
    const json = JSON.stringify({ n: ++this.#told, at, ...record });
    this.#history.push(json);
    this.#historyBytes += json.length;
    while (this.#history.length > traceLimits.records || this.#historyBytes > traceLimits.bytes) {
      this.#historyBytes -= this.#history.shift()!.length;
      this.#forgotten++;
    }
    if (this.#watchers.size === 0) return;
    this.#batch.push(json);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#watchers.size > 0) this.#timer ??= setTimeout(() => this.#flush(), traceLimits.batchMs);
  }

  /** False if there are as many already as may be. */
  watch(socket: WebSocket): boolean {
    if (this.#watchers.size >= traceLimits.watchers) return false;
    // What is under way is in the history as well.
    this.#flush();
    const watcher: Watcher = { socket, missed: 0 };
    this.#watchers.add(watcher);
    socket.once('close', () => void this.#watchers.delete(watcher));
    socket.send(JSON.stringify([{ at: now(), kind: 'begin', trace: this.#id } satisfies Stamped]));
    const missing = omitted(this.#forgotten, 'only the last part is kept');
    send(watcher, this.#forgotten > 0 ? [missing, ...this.#history] : this.#history);
    return true;
  }

  #flush(): void {
    this.#sayOverRate();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#batch;
    this.#batch = [];
    if (batch.length > 0) for (const watcher of this.#watchers) send(watcher, batch);
  }
}

type Stamped = WireRecord & { at: number };

function omitted(records: number, why: string): string {
  return JSON.stringify({ at: now(), kind: 'omitted', records, why } satisfies Stamped);
}

function send(watcher: Watcher, batch: readonly string[]): void {
  if (watcher.socket.bufferedAmount > traceLimits.waitingBytes) {
    watcher.missed += batch.length;
    return;
  }
  const missing = watcher.missed > 0 ? [omitted(watcher.missed, 'this page reads too slowly')] : [];
  watcher.missed = 0;
  watcher.socket.send(`[${[...missing, ...batch].join(',')}]`);
}
