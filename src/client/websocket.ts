// The transport over a WebSocket: one message for each packet, both ways (Engine.IO protocol, "WebSocket").
import { decodeText, encodeAsMessage, encodeAsText } from '../protocol/engineio/packet.ts';
import { base64 } from './base64.ts';
import { asBytes, received } from './bytes.ts';
import type { EngineOptions } from './options.ts';
import { type PlatformWebSocket, platform } from './platform.ts';
import { cookieHeader } from './request.ts';
import {
  type Incoming,
  type Link,
  type Outgoing,
  type Transport,
  type TransportEvents,
  type TransportFactory,
  urlOf,
} from './transport.ts';

const name = 'websocket';
const OPEN = 1;

const classOf = (options: EngineOptions) => options.WebSocket ?? platform.WebSocket;

function open(link: Link, events: TransportEvents): Transport {
  const { options } = link;
  let over = false;
  let busy = false;
  let socket: PlatformWebSocket | undefined;

  const fail = (message: string, description?: unknown) => {
    if (over) return;
    close();
    events.failed(message, description);
  };

  const close = () => {
    over = true;
    socket?.close();
  };

  async function send(packets: readonly Outgoing[]): Promise<void> {
    busy = true;
    try {
      for (const { type, data, options: how } of packets) {
        const message =
          options.forceBase64 && typeof data === 'object'
            ? encodeAsText({ type, data: await asBytes(data) }, base64)
            : // Binaries of any kind go to the platform as they are.
              encodeAsMessage({ type, data: data as string });
        socket?.send(message, { compress: how?.compress });
      }
    } catch (error) {
      return fail('websocket error', error);
    }
    busy = false;
    if (!over) events.drained();
  }

  try {
    const Class = classOf(options)!;
    socket = new Class(urlOf(link, 'ws', false), options.protocols, settingsOf(link));
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => over || events.opened();
    socket.onclose = (event: unknown) => {
      if (over) return;
      over = true;
      events.closed('websocket connection closed', event);
    };
    socket.onerror = (event: unknown) => fail('websocket error', event);
    socket.onmessage = ({ data }: { data: string | ArrayBuffer }) => {
      if (over) return;
      const packet = packetOf(data);
      if (packet) events.packet(packet);
      else fail('parse error', data);
    };
  } catch (error) {
    queueMicrotask(() => fail('websocket error', error));
  }

  return {
    name,
    query: link.query,
    get writable() {
      return !over && !busy && socket?.readyState === OPEN;
    },
    send,
    close,
  };
}

export const websocket: TransportFactory = Object.assign(open, {
  transportName: name,
  available: (options: EngineOptions) => !!classOf(options),
});

function packetOf(message: string | ArrayBuffer): Incoming | undefined {
  try {
    const packet =
      typeof message === 'string' ? decodeText(message, base64) : { type: 'message' as const, data: message };
    return typeof packet?.data === 'object' ? { ...packet, data: received(packet.data) } : packet;
  } catch {
    return undefined;
  }
}

/** What classes other than the browsers' can be told. */
function settingsOf(link: Link): object {
  const { agent, pfx, key, passphrase, cert, ca, ciphers, localAddress } = link.options;
  const { rejectUnauthorized = true, perMessageDeflate = { threshold: 1024 }, extraHeaders } = link.options;
  const Cookie = cookieHeader(link);
  const headers = { ...extraHeaders, ...(Cookie && { Cookie }) };
  const tls = { agent, pfx, key, passphrase, cert, ca, ciphers, localAddress, rejectUnauthorized };
  return { ...tls, perMessageDeflate, headers };
}
