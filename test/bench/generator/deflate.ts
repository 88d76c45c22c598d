// Echo with permessage-deflate: ready-compressed requests in batches; replies are counted, one connection's inflated and compared.
import { createInflateRaw, type InflateRaw } from 'node:zlib';
import { batches, deflatedRequestFrames, payloads } from '../frames.ts';
import type { Count, Work } from '../work.ts';
import { Connection } from './connection.ts';
import { ExpectedReplies } from './expected-replies.ts';
import type { Load } from './load.ts';
import { ReplyCounter } from './reply-counter.ts';
import { TimedRound } from './timed-round.ts';

/** What browsers offer. */
const OFFER = 'permessage-deflate; client_max_window_bits';
/** RFC 7692 §7.2.2: the receiver puts back what the sender took off. */
const BLOCK_END = Buffer.from([0x00, 0x00, 0xff, 0xff]);

interface Lane {
  connection: Connection;
  counter: ReplyCounter;
  missing: number;
  nextBatch: number;
}

export class DeflateLoad implements Load {
  readonly #work: Extract<Work, { kind: 'deflate' }>;
  readonly #requests: Buffer[];
  readonly #lanes: Lane[] = [];
  #waiting = 0;
  #bytes = 0;
  #compared = 0;
  #round: TimedRound | undefined;

  constructor(work: Extract<Work, { kind: 'deflate' }>) {
    this.#work = work;
    this.#requests = batches(deflatedRequestFrames(work.message), work.inFlight);
  }

  async open(port: number): Promise<void> {
    await Connection.openMany(
      this.#work.connections,
      () => ({ port, extensions: OFFER }),
      (connection, index) => this.#add(connection, index === 0),
    );
  }

  async run(milliseconds: number): Promise<Count> {
    const round = new TimedRound(milliseconds);
    this.#round = round;
    this.#bytes = 0;
    this.#waiting = this.#lanes.length;
    for (const lane of this.#lanes) this.#send(lane);
    const count = await round.done;
    if (this.#compared === 0) throw new Error('no reply could be inflated');
    return { ...count, bytesPerMessage: this.#bytes / count.messages };
  }

  close(): void {
    for (const { connection } of this.#lanes) connection.drop();
  }

  #add(connection: Connection, inflated: boolean): void {
    const inflate = inflated ? this.#comparingInflater() : undefined;
    const counter = new ReplyCounter(this.#work.message, (bytes, last) => {
      // The chunk is the connection's: an inflater that works later needs its own copy.
      inflate?.write(Buffer.from(bytes));
      if (last) inflate?.write(BLOCK_END);
    });
    const lane: Lane = { connection, counter, missing: 0, nextBatch: 0 };
    this.#lanes.push(lane);
    connection.attach(
      (chunk, length) => this.#receive(lane, chunk, length),
      (error) => this.#round?.fail(error),
    );
  }

  /** Inflates with the server's context kept, from the first message to the last. */
  #comparingInflater(): InflateRaw {
    const expected = new ExpectedReplies(payloads(this.#work.message));
    let position = 0;
    const inflate = createInflateRaw();
    inflate.on('error', (error) => this.#round?.fail(error));
    inflate.on('data', (text: Buffer) => {
      try {
        position = expected.check(position, text, text.length);
        this.#compared += text.length;
      } catch (error) {
        this.#round?.fail(error as Error);
      }
    });
    return inflate;
  }

  #receive(lane: Lane, chunk: Buffer, length: number): void {
    this.#bytes += length;
    const replies = lane.counter.count(chunk, length);
    const round = this.#round!;
    round.messages += replies;
    lane.missing -= replies;
    if (lane.missing > 0) return;
    if (lane.missing < 0) throw new Error('more replies came back than were asked for');
    if (replies === 0) return;
    if (!round.stopping) this.#send(lane);
    else if (--this.#waiting === 0) round.finish();
  }

  #send(lane: Lane): void {
    lane.missing = this.#work.inFlight;
    lane.connection.write(this.#requests[lane.nextBatch]!);
    lane.nextBatch = (lane.nextBatch + 1) % this.#requests.length;
  }
}
