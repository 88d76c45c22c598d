// The transport over a WebSocket: one message for each packet, both ways (Engine.IO protocol, "WebSocket").
import { toMessage, toText } from './bytes.ts';
import { socketSettings } from './node.ts';
import type { EngineOptions } from './options.ts';
import { type PlatformWebSocket, platform } from './platform.ts';
import {
  type Link,
  type Outgoing,
  type Tell,
  type Transport,
  type TransportFactory,
  transportError,
  urlOf,
} from './transport.ts';

const name = 'websocket';
const classOf = (options: EngineOptions) => options.WebSocket ?? platform.WebSocket;

function open(link: Link, tell: Tell): Transport {
  const { options, query } = link;
  let busy = false;
  let socket: PlatformWebSocket | undefined;
  const fail = (description: unknown) => tell('failed', transportError('websocket error', description));

  const write = async (packets: readonly Outgoing[]) => {
    busy = true;
    for (const packet of packets) {
      const message = options.forceBase64 ? await toText(packet) : toMessage(packet);
      socket!.send(message, { compress: packet.options?.compress });
    }
    busy = false;
    tell('drained');
  };

  try {
    socket = new (classOf(options)!)(urlOf(link, 'ws', false), options.protocols, socketSettings(link));
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => tell('opened');
    socket.onclose = (event: unknown) => tell('closed', 'websocket connection closed', event);
    socket.onerror = fail;
    socket.onmessage = ({ data }: { data: string | ArrayBuffer }) => tell('data', data);
  } catch (error) {
    queueMicrotask(() => fail(error));
  }

  return {
    name,
    query,
    get writable() {
      // 1: OPEN. In any other state the platform throws away what it is given.
      return !busy && socket?.readyState === 1;
    },
    send: (packets) => write(packets).catch(fail),
    close: () => socket?.close(),
  };
}

export const websocket: TransportFactory = Object.assign(open, {
  transportName: name,
  available: (options: EngineOptions) => !!classOf(options),
});
