// Event streams and POSTs of one path: requests in, sessions of the hub out (HTML standard, §9.2 "Server-sent events").
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendText } from '../http/static-files.ts';
import { Upload } from '../http/upload.ts';
import { readQuery } from './auth.ts';
import {
  type EventContext,
  EventSession,
  farewellId,
  type Position,
  writeStreamHead,
} from './event-session.ts';
import type { Gateway } from './gateway.ts';
import { checkType, readBody } from './post-body.ts';
import { PostSession } from './post-session.ts';
import type { PlainEvent } from './translation.ts';

export interface EventGatewaySettings {
  /** Milliseconds between comments that keep connections alive. */
  readonly keepAlive: number;
  /** Bytes of a POST. */
  readonly maxBody: number;
  /** Whether a client may connect: asked for every request, it calls back with nothing, or with the reason why not. */
  readonly mayConnect: (request: IncomingMessage, done: (refusal?: string) => void) => void;
}

/** Sessions that may wait for clients that were cut off: of more, the oldest are given up. */
const mostCut = 10_000;

const methods = 'GET, HEAD, POST, OPTIONS';

export class EventGateway implements Gateway {
  readonly #context: EventContext;
  readonly #settings: EventGatewaySettings;
  readonly #streams = new Set<EventSession>();
  /** Those that were let in, by the name that their clients know. */
  readonly #named = new Map<string, EventSession>();
  readonly #posts = new Set<PostSession>();
  /** Those of them whose client is away, in the order in which they were cut off. */
  readonly #cut = new Set<EventSession>();
  #heart: NodeJS.Timeout | undefined;

  constructor(context: EventContext, settings: EventGatewaySettings) {
    this.#context = context;
    this.#settings = settings;
  }

  handleRequest(request: IncomingMessage, response: ServerResponse): void {
    const { method = '' } = request;
    if (method === 'OPTIONS') return void response.writeHead(204, { Allow: methods }).end();
    if (!methods.split(', ').includes(method)) {
      return sendText(response, 405, 'GET begins an event stream, POST says an event.', { Allow: methods });
    }
    this.#settings.mayConnect(request, (refusal) => {
      if (refusal !== undefined) refuse(response, 403, refusal);
      else if (method === 'POST') this.#onPost(request, response);
      else if (method === 'GET') this.#onGet(request, response);
      else this.#onHead(response);
    });
  }

  #onHead(response: ServerResponse): void {
    writeStreamHead(response);
    response.end();
  }

  #onGet(request: IncomingMessage, response: ServerResponse): void {
    const last = lastEventId(request);
    // HTML standard: whoever gets 204 does not come back.
    if (last === farewellId) return void response.writeHead(204).end();
    const position = readPosition(last);
    const present = position && this.#named.get(position.session);
    if (present?.resume(response, Number(position?.offset))) return void this.#cut.delete(present);
    // The hub may know what it has missed; if not, the client begins anew.
    present?.giveUp();
    this.#open(new EventSession(this.#context, request, response, position));
  }

  #open(session: EventSession): void {
    this.#streams.add(session);
    session.on('accepted', () => this.#named.set(session.name, session));
    session.on('close', () => {
      this.#streams.delete(session);
      this.#cut.delete(session);
      if (this.#named.get(session.name) === session) this.#named.delete(session.name);
      if (this.#streams.size > 0) return;
      clearInterval(this.#heart);
      this.#heart = undefined;
    });
    session.on('cut', () => this.#keep(session));
    this.#heart ??= setInterval(() => this.#beat(), this.#settings.keepAlive);
  }

  #keep(session: EventSession): void {
    this.#cut.add(session);
    if (this.#cut.size <= mostCut) return;
    for (const oldest of this.#cut) return oldest.giveUp();
  }

  #beat(): void {
    for (const session of this.#streams) session.beat();
  }

  #onPost(request: IncomingMessage, response: ServerResponse): void {
    const type = request.headers['content-type'];
    const wrong = checkType(type);
    if (wrong?.status !== undefined) return refuse(response, wrong.status, wrong.reason);
    const { maxBody } = this.#settings;
    const onTooLarge = () => refuse(response, 413, `A body may have ${maxBody} bytes, not more`);
    new Upload(request, maxBody, {
      onTooLarge,
      onCutOff: () => {},
      onBody: (body) => {
        const posted = readBody(type, body, this.#context.host.maxNesting);
        if (posted.event === undefined) refuse(response, posted.status, posted.reason);
        else this.#say(request, response, posted.event);
      },
    });
  }

  /** As the client of the stream that is named, or as one that comes for this event only. */
  #say(request: IncomingMessage, response: ServerResponse, event: PlainEvent): void {
    const query = readQuery(request);
    const id = query.get('session');
    if (id === null) {
      const session = new PostSession(this.#context, request, response, event, query.has('ack'));
      this.#posts.add(session);
      session.on('close', () => this.#posts.delete(session));
      return;
    }
    const stream = this.#named.get(id);
    if (stream === undefined) {
      return refuse(
        response,
        404,
        'There is no such session here: its stream tells it, in the event "connect"',
      );
    }
    stream.publish(event);
    response.writeHead(204).end();
  }

  close(): void {
    for (const session of [...this.#streams, ...this.#posts]) session.shutDown();
  }
}

/** The rest of the body, if there is any, is not waited for. */
function refuse(response: ServerResponse, status: number, reason: string): void {
  if (!response.headersSent) sendText(response, status, reason, { Connection: 'close' });
}

/** EventSource sends a header; those who cannot may use the query. */
function lastEventId(request: IncomingMessage): string {
  const header = request.headers['last-event-id'];
  return header?.toString() ?? readQuery(request).get('lastEventId') ?? '';
}

function readPosition(id: string): Position | undefined {
  const dot = id.indexOf('.');
  return dot === -1 ? undefined : { session: id.slice(0, dot), offset: id.slice(dot + 1) };
}
