// The transport over HTTP: one request that waits for packets, one at a time that carries them away (Engine.IO protocol, "HTTP long-polling").
import type { EnginePacket } from '../protocol/engineio/packet.ts';
import { decodePayload, encodePayload } from '../protocol/engineio/payload.ts';
import { base64 } from './base64.ts';
import { asBytes, received } from './bytes.ts';
import { type RequestFailure, request } from './request.ts';
import type { Link, Outgoing, Transport, TransportEvents, TransportFactory } from './transport.ts';

const name = 'polling';

/** Two requests at a time: one that reads, one that writes. */
function open(link: Link, events: TransportEvents): Transport {
  const abort = new AbortController();
  let begun = false;
  let over = false;
  let reading = false;
  let writing = false;
  let paused: (() => void) | undefined;

  const fail = (message: string, description: unknown, context?: unknown) => {
    if (over) return;
    close(false);
    events.failed(message, description, context);
  };

  async function read(): Promise<void> {
    reading = true;
    while (!over && !paused) {
      let text: string;
      try {
        text = await request(link, abort.signal);
      } catch (failure) {
        const { description, context } = failure as RequestFailure;
        return fail('xhr poll error', description, context);
      }
      try {
        for (const packet of decodePayload(text, base64)) {
          if (over) return;
          if (!packet) return fail('parse error', text.slice(0, 200));
          begun = true;
          events.packet(
            packet.data instanceof Uint8Array ? { ...packet, data: received(packet.data) } : packet,
          );
          // Programs that wait for a packet get to act on it before the next.
          await undefined;
        }
      } catch (error) {
        return fail('parse error', error);
      }
    }
    reading = false;
    rest();
  }

  async function write(packets: readonly Outgoing[]): Promise<void> {
    writing = true;
    try {
      await request(link, abort.signal, await payloadOf(packets));
    } catch (failure) {
      const { description = failure, context } = failure as RequestFailure;
      return fail('xhr post error', description, context);
    }
    writing = false;
    rest();
    if (!over && !paused) events.drained();
  }

  const rest = () => {
    if (!reading && !writing) paused?.();
  };

  const close = (farewell: boolean) => {
    if (over) return;
    over = true;
    const end = () => abort.abort();
    // Told first, cut off then: the server takes a request that is cut off for an accident.
    if (farewell && begun && !writing) request(link, abort.signal, '1').then(end, end);
    else end();
  };

  queueMicrotask(read);
  return {
    name,
    query: link.query,
    get writable() {
      return begun && !over && !writing && !paused;
    },
    send: write,
    pause(done) {
      paused = done;
      rest();
    },
    resume() {
      paused = undefined;
      if (!reading) read();
    },
    close,
  };
}

export const polling: TransportFactory = Object.assign(open, { transportName: name });

async function payloadOf(packets: readonly Outgoing[]): Promise<string> {
  const texts = packets.map(
    async ({ type, data }): Promise<EnginePacket> => ({
      type,
      data: typeof data === 'object' ? await asBytes(data) : data,
    }),
  );
  return encodePayload(await Promise.all(texts), base64);
}
