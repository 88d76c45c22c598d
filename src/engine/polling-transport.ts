// Long-polling: packets go out in the response to a GET that is held open, and come in with POSTs (Engine.IO, "HTTP long-polling").
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OpenData } from '../protocol/engineio/handshake.ts';
import { decodePayload, encodePayload } from '../protocol/engineio/payload.ts';
import { base64 } from './base64.ts';
import { type Compression, respondWithText } from './respond.ts';
import { type OutgoingPacket, type Transport, TransportError, type TransportHost } from './transport.ts';

/** What long-polling needs to know of the server's options. */
export interface PollingSettings {
  /** Bytes that a POST may hold. */
  readonly maxHttpBufferSize: number;
  readonly compression: Compression;
  /** Adds to the headers of a response what programs want in it; `newId` is that of a session that begins with it. */
  decorate(req: IncomingMessage, headers: Record<string, string | string[]>, newId?: string): void;
}

/** How long a closing session waits for the poll that can tell its client, in milliseconds. */
const lastPollTimeout = 30_000;

export class PollingTransport implements Transport {
  readonly name = 'polling';
  declare host: TransportHost;
  readonly #settings: PollingSettings;
  #poll: { req: IncomingMessage; res: ServerResponse } | undefined;
  #receiving: IncomingMessage | undefined;
  /** What to do at the next poll, instead of waiting for packets: the session is closing. */
  #farewell: (() => void) | undefined;
  #farewellTimer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(settings: PollingSettings) {
    this.#settings = settings;
  }

  /** Whether a GET is waiting for an answer. */
  get writable(): boolean {
    return this.#poll !== undefined;
  }

  /** Takes a request of the session's client. */
  onRequest(req: IncomingMessage, res: ServerResponse): void {
    if (req.method === 'GET') this.#onPoll(req, res);
    else if (req.method === 'POST') this.#onPost(req, res);
    else this.#answer(req, res, 500);
  }

  #onPoll(req: IncomingMessage, res: ServerResponse): void {
    if (this.#poll !== undefined) {
      this.#answer(req, res, 400);
      this.#fail('overlap from client');
      return;
    }
    this.#poll = { req, res };
    res.on('close', () => {
      if (this.#poll?.res !== res) return;
      this.#poll = undefined;
      this.#fail('poll connection closed prematurely');
    });
    if (this.#farewell !== undefined) this.#farewell();
    else this.host.onReady();
  }

  send(packets: readonly OutgoingPacket[], done?: () => void): void {
    const poll = this.#poll;
    if (poll === undefined) return;
    this.#poll = undefined;
    const headers = { 'Content-Type': 'text/plain; charset=UTF-8', 'cache-control': 'no-store' };
    const compress = packets.some((packet) => packet.options?.compress !== false);
    this.#settings.decorate(poll.req, forInternetExplorer(poll.req, headers), openedBy(packets));
    respondWithText(
      poll.req,
      poll.res,
      encodePayload(packets, base64),
      headers,
      compress && this.#settings.compression,
    );
    if (done !== undefined) done();
  }

  #onPost(req: IncomingMessage, res: ServerResponse): void {
    if (this.#receiving !== undefined) {
      this.#answer(req, res, 400);
      this.#fail('data request overlap from client');
      return;
    }
    if (req.headers['content-type'] === 'application/octet-stream') {
      this.#answer(req, res, 400);
      this.#fail('invalid content');
      return;
    }
    this.#receiving = req;
    this.#receive(req, res);
  }

  #receive(req: IncomingMessage, res: ServerResponse): void {
    const { maxHttpBufferSize } = this.#settings;
    const chunks: Buffer[] = [];
    let size = 0;
    const stop = () => {
      req.off('data', onData).off('end', onEnd).off('close', onClose);
      if (this.#receiving === req) this.#receiving = undefined;
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxHttpBufferSize) {
        chunks.push(chunk);
        return;
      }
      stop();
      // The rest of the body is not read, so the connection can't be used again.
      this.#answer(req, res, 413, { Connection: 'close' });
    };
    const onEnd = () => {
      stop();
      this.#onBody(Buffer.concat(chunks, size).toString());
      const headers = { 'Content-Type': 'text/html', 'cache-control': 'no-store' };
      this.#settings.decorate(req, headers);
      respondWithText(req, res, 'ok', headers, false);
    };
    const onClose = () => {
      stop();
      this.#fail('data request connection closed prematurely');
    };
    req.on('data', onData).on('end', onEnd).on('close', onClose);
  }

  #onBody(body: string): void {
    for (const packet of decodePayload(body, base64)) {
      if (this.#closed) return;
      if (packet === undefined) this.host.onInvalidPacket();
      else if (packet.type === 'close') this.#onClosePacket();
      else if (packet.type === 'message') this.host.onMessage(packet.data ?? '');
      else this.host.onPacket(packet);
    }
  }

  /** The client leaves: a poll of its that is waiting is let go. */
  #onClosePacket(): void {
    if (this.writable) this.send([{ type: 'noop' }]);
    this.host.onPacket({ type: 'close' });
    this.#closed = true;
    this.host.onTransportClose(this);
  }

  #fail(message: string): void {
    if (this.#closed) return;
    // An upload under way belongs to a session that is no more.
    this.#receiving?.destroy();
    this.host.onTransportError(this, new TransportError(message));
  }

  #answer(
    req: IncomingMessage,
    res: ServerResponse,
    status: number,
    headers: Record<string, string> = {},
  ): void {
    this.#settings.decorate(req, headers);
    res.writeHead(status, headers).end();
  }

  /** Ends it now; a poll that is waiting is told. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#farewellTimer);
    if (this.writable) this.send([{ type: 'close' }]);
  }

  /** Ends it with the poll that is waiting or, if there is none, with the next: a client must be told in a response. */
  closeWithPoll(closed: () => void): void {
    this.#receiving?.destroy();
    if (this.writable) {
      this.close();
      closed();
      return;
    }
    this.#farewell = () => {
      clearTimeout(this.#farewellTimer);
      this.#closed = true;
      if (this.writable) this.send([{ type: 'noop' }, { type: 'close' }]);
      closed();
    };
    this.#farewellTimer = setTimeout(this.#farewell, lastPollTimeout);
  }
}

/** Old versions of it take a plain text for a script in a frame. */
function forInternetExplorer(req: IncomingMessage, headers: Record<string, string>): Record<string, string> {
  if (/;MSIE|Trident\//.test(req.headers['user-agent'] ?? '')) headers['X-XSS-Protection'] = '0';
  return headers;
}

/** The id in the open packet, if this is the response that has it. */
function openedBy([first]: readonly OutgoingPacket[]): string | undefined {
  return first?.type === 'open' ? (JSON.parse(first.data as string) as OpenData).sid : undefined;
}
