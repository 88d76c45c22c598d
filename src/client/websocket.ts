// The transport over a WebSocket: one message for each packet, both ways (Engine.IO protocol, "WebSocket").
import { toMessage, toText } from './bytes.ts';
import { type Link, type TransportFactory, urlOf } from './link.ts';
import { sendSettings, socketSettings } from './node.ts';
import type { EngineOptions } from './options.ts';
import { type PlatformWebSocket, platform } from './platform.ts';
import { type BareTransport, type Outgoing, type Tell, transportError } from './transport.ts';

/** What WebSockets are made with, if there is anything. */
export const classOf = (options: EngineOptions) => options.WebSocket ?? platform.WebSocket;

function open(link: Link, tell: Tell): BareTransport {
  const { options } = link;
  let busy = false;
  let socket: PlatformWebSocket | undefined;
  const fail = (description: unknown) => tell('failed', transportError('websocket error', description));

  const write = async (packets: readonly Outgoing[]) => {
    busy = true;
    for (const packet of packets) {
      const message = options.forceBase64 ? await toText(packet) : toMessage(packet);
      socket!.send(message, sendSettings(packet));
    }
    busy = false;
    tell('drained');
  };

  // Asynchronous, so that an error comes when there are listeners.
  const begin = async () => {
    socket = new (classOf(options)!)(urlOf(link, 'ws'), options.protocols, socketSettings(link));
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => tell('opened');
    socket.onclose = (event: unknown) => tell('closed', 'websocket connection closed', event);
    socket.onerror = fail;
    socket.onmessage = ({ data }: { data: string | ArrayBuffer }) => tell('data', data);
  };
  begin().catch(fail);

  return {
    get writable() {
      // 1: OPEN. In any other state the platform throws away what it is given.
      return !busy && socket?.readyState === 1;
    },
    send: (packets) => write(packets).catch(fail),
    close: () => socket?.close(),
  };
}

/** WebSocket, for `transports`. */
export const websocket: TransportFactory = { name: 'websocket', open };
