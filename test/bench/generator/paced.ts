// An open loop: messages leave when they are due, whatever the server does, and each reply's delay counts from then.
import { performance } from 'node:perf_hooks';
import { replyFrames, requestFrames } from '../frames.ts';
import { percentile } from '../statistics.ts';
import type { Count, Work } from '../work.ts';
import { Connection } from './connection.ts';
import { ExpectedReplies } from './expected-replies.ts';
import type { Load } from './load.ts';
import { TimedRound } from './timed-round.ts';

interface Lane {
  connection: Connection;
  position: number;
  /** Bytes received of a reply that is not complete yet. */
  partial: number;
  nextRequest: number;
  due: number[];
}

export class PacedLoad implements Load {
  readonly #work: Extract<Work, { kind: 'paced' }>;
  readonly #requests: Buffer[];
  readonly #replyBytes: number;
  readonly #expected: ExpectedReplies;
  readonly #lanes: Lane[] = [];
  #latencies: number[] = [];
  #unanswered = 0;
  #round: TimedRound | undefined;

  constructor(work: Extract<Work, { kind: 'paced' }>) {
    this.#work = work;
    const replies = replyFrames(work.message);
    this.#requests = requestFrames(work.message);
    this.#replyBytes = replies[0]!.length;
    this.#expected = new ExpectedReplies(replies);
  }

  async open(port: number): Promise<void> {
    await Connection.openMany(
      this.#work.connections,
      () => ({ port }),
      (connection) => this.#add({ connection, position: 0, partial: 0, nextRequest: 0, due: [] }),
    );
  }

  async run(milliseconds: number): Promise<Count> {
    const round = new TimedRound(milliseconds);
    this.#round = round;
    this.#latencies = [];
    const interval = 1000 / this.#work.perSecond;
    let due = performance.now();
    let turn = 0;
    // A spinning loop instead of timers, which are a millisecond coarse: this process has nothing else to do.
    const step = (): void => {
      const now = performance.now();
      for (; due <= now; due += interval) this.#send(this.#lanes[turn++ % this.#lanes.length]!, due);
      if (!round.stopping) setImmediate(step);
      else if (this.#unanswered === 0) round.finish();
    };
    step();
    const count = await round.done;
    const [p50, p99] = [percentile(this.#latencies, 50), percentile(this.#latencies, 99)];
    return { ...count, latency: { p50, p99 } };
  }

  close(): void {
    for (const { connection } of this.#lanes) connection.drop();
  }

  #add(lane: Lane): void {
    this.#lanes.push(lane);
    lane.connection.attach(
      (chunk, length) => this.#receive(lane, chunk, length),
      (error) => this.#round?.fail(error),
    );
  }

  #receive(lane: Lane, chunk: Buffer, length: number): void {
    lane.position = this.#expected.check(lane.position, chunk, length);
    const now = performance.now();
    const round = this.#round!;
    for (lane.partial += length; lane.partial >= this.#replyBytes; lane.partial -= this.#replyBytes) {
      const due = lane.due.shift();
      if (due === undefined) throw new Error('more bytes came back than were asked for');
      this.#latencies.push(now - due);
      this.#unanswered--;
      round.messages++;
    }
    if (round.stopping && this.#unanswered === 0) round.finish();
  }

  #send(lane: Lane, due: number): void {
    lane.due.push(due);
    this.#unanswered++;
    lane.connection.write(this.#requests[lane.nextRequest]!);
    lane.nextRequest = (lane.nextRequest + 1) % this.#requests.length;
  }
}
