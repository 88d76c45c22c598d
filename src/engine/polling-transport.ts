// Long-polling: packets go out in the response to a GET that is held open, and come in with POSTs (Engine.IO, "HTTP long-polling").
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Upload } from '../http/upload.ts';
import { decodePayload, encodePayload } from '../protocol/engineio/payload.ts';
import { base64 } from './base64.ts';
import { answer, type Compression, type ResponseHeaders, respondWithText } from './respond.ts';
import {
  type OutgoingPacket,
  type Transport,
  TransportError,
  type TransportHost,
  type TransportState,
} from './transport.ts';

/** What long-polling needs to know of the server's options. */
export interface PollingSettings {
  /** Bytes that a POST may hold. */
  readonly maxHttpBufferSize: number;
  readonly compression: Compression;
  /** Adds to the headers of a response what programs want in it; `newId` is that of a session that begins with it. */
  decorate(req: IncomingMessage, headers: ResponseHeaders, newId?: string): void;
}

/** How long a closing session waits for the poll that can tell its client, in milliseconds. */
const lastPollTimeout = 30_000;

export class PollingTransport implements Transport {
  readonly name = 'polling';
  readonly buffers = false;
  readonly sid: string;
  readyState: TransportState = 'open';
  declare host: TransportHost;
  readonly #settings: PollingSettings;
  #poll: { req: IncomingMessage; res: ServerResponse } | undefined;
  #upload: Upload | undefined;
  /** What to do at the next poll, instead of waiting for packets: the session is closing. */
  #farewell: (() => void) | undefined;
  #farewellTimer: NodeJS.Timeout | undefined;

  constructor(sid: string, settings: PollingSettings) {
    this.sid = sid;
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
    const { req, res } = poll;
    const headers: ResponseHeaders = {
      'Content-Type': 'text/plain; charset=UTF-8',
      'cache-control': 'no-store',
    };
    // Old versions of Internet Explorer take a plain text for a script in a frame.
    if (/;MSIE|Trident\//.test(req.headers['user-agent'] ?? '')) headers['X-XSS-Protection'] = '0';
    this.#settings.decorate(req, headers, packets[0]?.type === 'open' ? this.sid : undefined);
    if (done !== undefined) res.once('finish', done);
    const compress = packets.some((packet) => packet.options?.compress !== false);
    const text = encodePayload(packets, base64);
    respondWithText(req, res, text, headers, compress && this.#settings.compression);
  }

  sendOne(packet: OutgoingPacket, done?: () => void): void {
    this.send([packet], done);
  }

  #onPost(req: IncomingMessage, res: ServerResponse): void {
    if (this.#upload !== undefined) {
      this.#answer(req, res, 400);
      this.#fail('data request overlap from client');
      return;
    }
    if (req.headers['content-type'] === 'application/octet-stream') {
      this.#answer(req, res, 400);
      this.#fail('invalid content');
      return;
    }
    this.#upload = new Upload(req, this.#settings.maxHttpBufferSize, {
      onBody: (body) => {
        this.#upload = undefined;
        this.#onBody(req, res, body.toString());
      },
      onTooLarge: () => {
        this.#upload = undefined;
        this.#answer(req, res, 413);
      },
      onCutOff: () => {
        this.#upload = undefined;
        this.#fail('data request connection closed prematurely');
      },
    });
  }

  #onBody(req: IncomingMessage, res: ServerResponse, body: string): void {
    // The session ended while the body came: nobody has read it.
    if (this.readyState === 'closed') return this.#answer(req, res, 400);
    for (const packet of decodePayload(body, base64)) {
      if (packet === undefined) this.host.onInvalidPacket();
      else if (packet.type === 'close') this.#onClosePacket();
      else if (packet.type === 'message') this.host.onMessage(packet.data ?? '');
      else this.host.onPacket(packet);
      if (this.#isClosed()) break;
    }
    const headers: ResponseHeaders = { 'Content-Type': 'text/html', 'cache-control': 'no-store' };
    this.#settings.decorate(req, headers);
    respondWithText(req, res, 'ok', headers, false);
  }

  /** Asked anew after each packet, as any may end the session. */
  #isClosed(): boolean {
    return this.readyState === 'closed';
  }

  /** The client leaves: a poll of its that is waiting is let go. */
  #onClosePacket(): void {
    if (this.writable) this.sendOne({ type: 'noop' });
    this.host.onPacket({ type: 'close' });
    if (!this.#isClosed()) this.host.onTransportClose(this);
  }

  #fail(message: string): void {
    if (this.readyState === 'closed') return;
    // An upload under way belongs to a session that is no more.
    this.#cancelUpload();
    this.host.onTransportError(this, new TransportError(message));
  }

  #cancelUpload(): void {
    this.#upload?.cancel();
    this.#upload = undefined;
  }

  #answer(req: IncomingMessage, res: ServerResponse, status: number): void {
    const headers: ResponseHeaders = {};
    this.#settings.decorate(req, headers);
    answer(res, status, headers);
  }

  /** Ends it now; a poll that is waiting is told. */
  close(): void {
    if (this.readyState === 'closed') return;
    this.readyState = 'closed';
    clearTimeout(this.#farewellTimer);
    if (this.writable) this.sendOne({ type: 'close' });
  }

  /** Ends it with the poll that is waiting or, if there is none, with the next: a client must be told in a response. */
  closeWithPoll(closed: () => void): void {
    if (this.writable) {
      this.close();
      closed();
      return;
    }
    this.readyState = 'closing';
    this.#cancelUpload();
    this.#farewell = () => {
      clearTimeout(this.#farewellTimer);
      this.readyState = 'closed';
      if (this.writable) this.send([{ type: 'noop' }, { type: 'close' }]);
      closed();
    };
    this.#farewellTimer = setTimeout(this.#farewell, lastPollTimeout);
  }
}
