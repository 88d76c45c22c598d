// Which transports a session may use, how one is opened for it, and how packets are read from it (Engine.IO protocol, "Transports").
import { revision } from '../protocol/engineio/handshake.ts';
import { decodeText, type EnginePacket } from '../protocol/engineio/packet.ts';
import { fromBase64 } from './bytes.ts';
import type { TransportFactory } from './link.ts';
import { received } from './node.ts';
import type { EngineOptions } from './options.ts';
import { polling } from './polling.ts';
import { type Transport, type TransportHandlers, transportError } from './transport.ts';
import { classOf, websocket } from './websocket.ts';

const base64 = { decode: (text: string) => received(fromBase64(text)) as Uint8Array };

/** Whether the last that was heard of WebSockets in this process was good. */
let webSocketWorks = false;

/** @param name of the transport that works; none, if one does not */
export const remember = (name?: string) => {
  webSocketWorks = name === websocket.name;
};

/** Those that the options name and the platform has, the first to try first. */
export function factoriesFor(options: EngineOptions): TransportFactory[] {
  const known = classOf(options) ? [polling, websocket] : [polling];
  const factories = options
    .transports!.map((one) => known.find(({ name }) => name === one) ?? (one as TransportFactory))
    // Names of none are texts still.
    .filter(({ open }) => open);
  if (options.rememberUpgrade && webSocketWorks && factories.includes(websocket))
    factories.unshift(websocket);
  return factories;
}

/** Opens a transport of a session; `sid` is the session's, once it has one. */
export type OpenTransport = (
  factory: TransportFactory,
  handlers: TransportHandlers,
  sid?: string | undefined,
) => Transport;

export function transportsTo(
  address: URL,
  options: EngineOptions,
  parameters: Record<string, string>,
): OpenTransport {
  const _cookies = new Map<string, string>();
  return (factory, handlers, sid) => {
    const { name } = factory;
    const query = { ...parameters, EIO: `${revision}`, transport: name, ...(sid && { sid }) };
    const link = { address, options: { ...options, ...options.transportOptions?.[name] }, query, _cookies };
    const transport: Transport = Object.assign(
      factory.open(link, (news, ...what: unknown[]) =>
        (transport._handlers[news] as ((...what: unknown[]) => void) | undefined)?.(...what),
      ),
      { name, query, _handlers: handlers },
    );
    return transport;
  };
}

/** Ends a transport, which is not heard any more. */
export function shut(transport: Transport, farewell?: boolean): void {
  transport._handlers = {};
  transport.close(farewell);
}

/** What to do about `data`, where packets are wanted. */
export function reader(
  packet: (packet: EnginePacket) => void,
  failed: NonNullable<TransportHandlers['failed']>,
): NonNullable<TransportHandlers['data']> {
  return (data) => {
    let read: EnginePacket | undefined;
    try {
      read =
        typeof data === 'string'
          ? decodeText(data, base64)
          : { type: 'message', data: received(data) as Uint8Array };
    } catch {
      // Base64 that is none.
    }
    if (read) packet(read);
    else failed(transportError('parse error', data));
  };
}
