// Broadcast: one connection publishes a batch in one write, and the next when every client has received all of it.
import { batches, replyFrames, requestFrames } from '../frames.ts';
import type { Count, Work } from '../work.ts';
import { Connection } from './connection.ts';
import { ExpectedReplies } from './expected-replies.ts';
import type { Load } from './load.ts';
import { TimedRound } from './timed-round.ts';

export class BroadcastLoad implements Load {
  readonly #work: Extract<Work, { kind: 'broadcast' }>;
  readonly #requests: Buffer[];
  readonly #batchBytes: number;
  readonly #expected: ExpectedReplies;
  #clients: Connection[] = [];
  #nextBatch = 0;
  /** Bytes all clients together still have to receive of the current batch. */
  #missing = 0;
  #round: TimedRound | undefined;

  constructor(work: Extract<Work, { kind: 'broadcast' }>) {
    this.#work = work;
    const replies = replyFrames(work.message);
    this.#requests = batches(requestFrames(work.message), work.outstanding);
    this.#batchBytes = replies[0]!.length * work.outstanding;
    this.#expected = new ExpectedReplies(replies);
  }

  async open(port: number): Promise<void> {
    this.#clients = await Connection.openMany(
      this.#work.clients,
      () => ({ port, socketIo: this.#work.message.event !== undefined }),
      (client) => this.#add(client),
    );
  }

  run(milliseconds: number): Promise<Count> {
    const round = new TimedRound(milliseconds);
    this.#round = round;
    this.#publish();
    return round.done.finally(() => this.#expected.sample());
  }

  close(): void {
    for (const client of this.#clients) client.drop();
  }

  #add(client: Connection): void {
    let position = 0;
    client.attach(
      (chunk, length) => {
        position = this.#expected.check(position, chunk, length);
        this.#receive(length);
      },
      (error) => this.#round?.fail(error),
    );
  }

  #receive(length: number): void {
    this.#missing -= length;
    if (this.#missing > 0) return;
    if (this.#missing < 0) throw new Error('more bytes were delivered than were published');
    const round = this.#round!;
    round.messages += this.#clients.length * this.#work.outstanding;
    if (round.stopping) round.finish();
    else this.#publish();
  }

  #publish(): void {
    this.#missing = this.#batchBytes * this.#clients.length;
    this.#clients[0]!.write(this.#requests[this.#nextBatch]!);
    this.#nextBatch = (this.#nextBatch + 1) % this.#requests.length;
  }
}
