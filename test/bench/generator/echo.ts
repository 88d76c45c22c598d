// Echo: every connection sends a batch in one write and the next when all of its replies are in.
import { batches, replyFrames, requestFrames } from '../frames.ts';
import type { Count, Work } from '../work.ts';
import { Connection } from './connection.ts';
import { ExpectedReplies } from './expected-replies.ts';
import type { Load } from './load.ts';
import { TimedRound } from './timed-round.ts';

interface Lane {
  connection: Connection;
  /** Bytes of the current batch's replies still to come. */
  missing: number;
  position: number;
  nextBatch: number;
}

export class EchoLoad implements Load {
  readonly #work: Extract<Work, { kind: 'echo' }>;
  readonly #requests: Buffer[];
  readonly #replyBytes: number;
  readonly #expected: ExpectedReplies;
  #connections: Connection[] = [];
  readonly #lanes: Lane[] = [];
  #waiting = 0;
  #round: TimedRound | undefined;

  constructor(work: Extract<Work, { kind: 'echo' }>) {
    this.#work = work;
    const replies = replyFrames(work.message);
    this.#requests = batches(requestFrames(work.message), work.inFlight);
    this.#replyBytes = replies[0]!.length * work.inFlight;
    this.#expected = new ExpectedReplies(replies);
  }

  async open(port: number): Promise<void> {
    this.#connections = await Connection.openMany(
      this.#work.connections,
      () => ({ port, socketIo: this.#work.message.event !== undefined }),
      (connection) => this.#add({ connection, missing: 0, position: 0, nextBatch: 0 }),
    );
  }

  run(milliseconds: number): Promise<Count> {
    const round = new TimedRound(milliseconds);
    this.#round = round;
    this.#waiting = this.#lanes.length;
    for (const lane of this.#lanes) this.#send(lane);
    return round.done.finally(() => this.#expected.sample());
  }

  close(): void {
    for (const connection of this.#connections) connection.drop();
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
    lane.missing -= length;
    if (lane.missing > 0) return;
    if (lane.missing < 0) throw new Error('more bytes came back than were asked for');
    const round = this.#round!;
    round.messages += this.#work.inFlight;
    if (!round.stopping) this.#send(lane);
    else if (--this.#waiting === 0) round.finish();
  }

  #send(lane: Lane): void {
    lane.missing = this.#replyBytes;
    lane.connection.write(this.#requests[lane.nextBatch]!);
    lane.nextBatch = (lane.nextBatch + 1) % this.#requests.length;
  }
}
