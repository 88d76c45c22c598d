// One client of an event stream: the hub's packets in, lines of a response out, across several connections (HTML standard, §9.2).
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendText } from '../http/static-files.ts';
import type { SessionTransport } from '../hub/session.ts';
import { readAuth } from './auth.ts';
import { Backlog } from './backlog.ts';
import { comment, dataLines, formatMessage, formatNotice, formatRetry } from './event-format.ts';
import { type Delivery, PlainSession, type SessionContext } from './session.ts';
import type { PlainEvent } from './translation.ts';

export interface EventContext extends SessionContext {
  /** Milliseconds that a client waits before it comes back. */
  readonly retry: number;
  /** Milliseconds that a client that was cut off may stay away; 0 for none. */
  readonly resumeTime: number;
  /** What is remembered for it, see `Backlog`. */
  readonly resumeSize: number;
  /** Bytes that may wait for a client that reads slowly; 0 for no limit. */
  readonly maxBufferedAmount: number;
}

/** The last event that a client has seen, as it says itself: of which session, and which one. */
export interface Position {
  readonly session: string;
  readonly offset: string;
}

/** Who has seen this id was disconnected by the program, and should not come back. */
export const farewellId = 'end';

const headers = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  // Of a proxy that compresses or buffers, events would come late and many at once.
  'Cache-Control': 'no-cache, no-transform',
  'X-Accel-Buffering': 'no',
  'X-Content-Type-Options': 'nosniff',
} as const;

/** Begins an event stream; also what HEAD is answered with. */
export function writeStreamHead(response: ServerResponse): void {
  response.writeHead(200, headers);
}

/**
 * With connection state recovery, the hub remembers what a client misses, and an id is `<private id>.<offset>`. Without,
 * the session goes on for a while after a cut, and an id is `<session>.<number>`.
 */
export class EventSession extends PlainSession {
  readonly transport: SessionTransport;
  declare protected readonly context: EventContext;
  readonly #position: Position | undefined;
  readonly #backlog: Backlog | undefined;
  #response: ServerResponse | undefined;
  /** What came before the client was let in: by recovery, it missed that. */
  #missed: string[] | undefined = [];
  #sid = '';
  #name: string;
  #cutTimer: NodeJS.Timeout | undefined;

  constructor(
    context: EventContext,
    request: IncomingMessage,
    response: ServerResponse,
    position: Position | undefined,
  ) {
    super(context, request);
    this.#position = position;
    const { resumeTime, resumeSize, host } = context;
    if (host.recoveryTime === undefined && resumeTime > 0) this.#backlog = new Backlog(resumeSize);
    this.#name = this.id;
    const isWritable = () => this.#response !== undefined && this.#response.writableLength === 0;
    this.transport = {
      name: 'event-stream',
      get writable() {
        return isWritable();
      },
    };
    this.#take(response);
    const recovery = position && { pid: position.session, offset: position.offset };
    this.join({ ...readAuth(request), ...recovery });
  }

  /** A secret by which its client can say that it is the one: it begins the ids of messages. */
  get name(): string {
    return this.#name;
  }

  /** Goes on with another response, if all that was missed since a message is still known. */
  resume(response: ServerResponse, number: number): boolean {
    const missed = this.#sid === '' ? undefined : this.#backlog?.after(number);
    if (missed === undefined) return false;
    clearTimeout(this.#cutTimer);
    // The server may not have noticed that the old one is dead.
    this.#response?.end();
    this.#take(response);
    this.#begin(true);
    for (const sent of missed) this.#write(formatMessage(sent.lines, this.#idOf(sent.number)));
    return true;
  }

  /** An event that came with a POST. */
  publish(event: PlainEvent): void {
    this.receive(event);
  }

  beat(): void {
    if (this.#missed === undefined) this.#write(comment);
  }

  #take(response: ServerResponse): void {
    this.#response = response;
    response.on('error', () => {});
    response.on('close', () => {
      if (response === this.#response) this.#onCut();
    });
  }

  #onCut(): void {
    this.#response = undefined;
    const waits = this.readyState === 'open' && this.#backlog !== undefined && this.#sid !== '';
    if (!waits) return this.end('transport close');
    this.#cutTimer = setTimeout(() => this.end('transport close'), this.context.resumeTime);
    this.emit('cut');
  }

  /** Ends it as a cut does, but without waiting for the client. */
  giveUp(): void {
    clearTimeout(this.#cutTimer);
    this.#response?.end();
    this.end('transport close');
  }

  #begin(recovered: boolean): void {
    writeStreamHead(this.#response!);
    this.#write(formatRetry(this.context.retry));
    this.#write(formatNotice('connect', { sid: this.#sid, session: this.#name, recovered }));
  }

  protected override deliver(as: <T>(make: (event: PlainEvent) => T) => T, delivery: Delivery): void {
    const lines = as(dataLines);
    const message = formatMessage(lines, this.#identify(lines, delivery));
    if (this.#missed === undefined) this.#write(message);
    else this.#missed.push(message);
  }

  /** What may be lost has no id: it cannot be sent again. */
  #identify(lines: string, { offset, volatile }: Delivery): string | undefined {
    if (volatile) return undefined;
    if (this.#backlog !== undefined) return this.#idOf(this.#backlog.add(lines));
    // What was missed comes before the private id, which is that of the session that goes on.
    const name = this.#missed === undefined ? this.#name : this.#position?.session;
    return offset === undefined ? undefined : `${name}.${offset}`;
  }

  #idOf(number: number): string {
    return `${this.#name}.${number}`;
  }

  #write(text: string): void {
    const response = this.#response;
    if (response === undefined) return;
    response.write(text);
    const { maxBufferedAmount } = this.context;
    if (maxBufferedAmount === 0 || response.writableLength <= maxBufferedAmount) return;
    this.#response = undefined;
    response.destroy();
    this.end('transport error', new Error('The client reads too slowly'));
  }

  protected override onAccepted({ sid, pid }: { sid: string; pid?: string }): void {
    this.#sid = sid;
    this.#name = pid ?? this.id;
    this.emit('accepted');
    const missed = this.#missed ?? [];
    this.#missed = undefined;
    this.#begin(pid !== undefined && pid === this.#position?.session);
    for (const message of missed) this.#write(message);
  }

  protected override onRefused(message: string): void {
    if (this.#response !== undefined) sendText(this.#response, 403, message);
  }

  protected override onDismissed(): void {
    this.#write(formatNotice('disconnect', { reason: 'io server disconnect' }, farewellId));
    this.#leave();
  }

  protected override onClosed(): void {
    this.#leave();
  }

  #leave(): void {
    const response = this.#response;
    // Not at once: the hub is about to say why.
    if (response === undefined) process.nextTick(() => this.giveUp());
    else if (response.headersSent) response.end();
    else sendText(response, 503, 'The server has closed this connection; try again later.');
  }

  /** The server goes away; the client may come back. */
  shutDown(): void {
    this.#leave();
    this.end('forced close');
  }

  protected override hold(): void {}
  protected override release(): void {}
}
