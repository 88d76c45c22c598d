// The transport over HTTP: one request that waits for packets, one at a time that carries them away (Engine.IO protocol, "HTTP long-polling").
import { separator } from '../protocol/engineio/payload.ts';
import { toText } from './bytes.ts';
import type { Link, TransportFactory } from './link.ts';
import { request } from './request.ts';
import type { BareTransport, Outgoing, Tell, TransportError } from './transport.ts';

function open(link: Link, tell: Tell): BareTransport {
  const { wayDown: down = request } = link.options;
  const abort = new AbortController();
  let reading = false;
  let writing = false;
  let paused: (() => void) | undefined;

  const rest = () => !reading && !writing && paused?.();
  const fail = (error: TransportError) => tell('failed', error);

  const read = async () => {
    reading = true;
    while (!paused) {
      for await (const packet of down(link, abort)) tell('data', packet);
    }
    reading = false;
    rest();
  };

  const write = async (packets: readonly Outgoing[]) => {
    writing = true;
    const body = (await Promise.all(packets.map(toText))).join(separator);
    for await (const _ of request(link, abort, body));
    writing = false;
    rest();
    tell('drained');
  };

  const begin = () => read().catch(fail);
  queueMicrotask(begin);
  return {
    get writable() {
      return !writing && !paused;
    },
    send: (packets) => write(packets).catch(fail),
    pause(done) {
      paused = done;
      rest();
    },
    resume() {
      paused = undefined;
      if (!reading) begin();
    },
    close(farewell) {
      paused = () => {};
      const end = () => abort.abort();
      // Told first, cut off then: the server takes a request that is cut off for an accident.
      if (farewell && !writing) write([{ type: 'close' }]).then(end, end);
      else end();
    },
  };
}

/** Long-polling with `fetch`, for `transports`. */
export const polling: TransportFactory = { name: 'polling', open };
