// A session's end at the client: messages in and out, over one transport after another (Engine.IO protocol, revision 4).
import { type OpenData, revision } from '../protocol/engineio/handshake.ts';
import { decodeText, type EnginePacket } from '../protocol/engineio/packet.ts';
import { fromBase64, sizeOf } from './bytes.ts';
import { Emitter } from './emitter.ts';
import type { DisconnectDescription, Engine } from './engine-api.ts';
import type { TransportFactory } from './link.ts';
import { binaryType, received } from './node.ts';
import type { EngineOptions } from './options.ts';
import { later, platform, type Timer } from './platform.ts';
import { polling } from './polling.ts';
import {
  type Outgoing,
  type Transport,
  type TransportError,
  type TransportHandlers,
  type TransportNews,
  transportError,
} from './transport.ts';
import { websocket } from './websocket.ts';

const known = [polling, websocket];
export const defaultTransports = ['polling', 'websocket'];
const base64 = { decode: (text: string) => received(fromBase64(text)) as Uint8Array, encode: String };

/** Whether the last that was heard of WebSockets in this process was good. */
let webSocketWorks = false;

const shut = (transport: Transport, farewell?: boolean) => {
  transport._handlers = {};
  transport.close(farewell);
};

/** Begins a session. Events do not come before it has returned. */
export function openEngine(address: URL, options: EngineOptions, parameters: Record<string, string>): Engine {
  const cookies = new Map<string, string>();
  const listening = new AbortController();
  let cancelUpgrade = () => {};
  let maxPayload = Infinity;
  let expiry = maxPayload;
  let patience = 0;
  let timer: Timer | undefined;
  let scheduled = false;

  const engine = Object.assign(new Emitter(), {
    readyState: 'opening',
    writeBuffer: [],
    upgrading: false,
    binaryType,
    send,
    write: send,
    close() {
      if (is('opening')) end('forced close');
      else if (is('open')) {
        engine.readyState = 'closing';
        schedule();
      }
      return engine;
    },
    _writable: () => ready() && !engine.writeBuffer.length,
    _overdue() {
      const overdue = Date.now() > expiry;
      if (overdue) queueMicrotask(() => end('ping timeout'));
      return overdue;
    },
    _check(messages: readonly string[]) {
      for (const message of messages) {
        const size = sizeOf(message, !!engine.transport.pause || options.forceBase64, maxPayload);
        if (size > maxPayload) throw new RangeError(`${size} bytes exceed maxPayload (${maxPayload})`);
      }
    },
  }) as unknown as Engine;
  const raise = engine._raise.bind(engine);
  const is = (state: Engine['readyState']) => engine.readyState === state;

  const factories = (options.transports ?? defaultTransports)
    .map((one) => (typeof one === 'string' ? known.find(({ name }) => name === one) : one))
    .filter((one) => one?.available(options)) as TransportFactory[];
  if (options.rememberUpgrade && webSocketWorks && factories.includes(websocket))
    factories.unshift(websocket);

  if (address.hostname !== 'localhost') {
    const lose = () => end('transport close', { description: 'network connection lost' });
    platform.addEventListener?.('offline', lose, listening);
  }
  if (options.closeOnBeforeunload) {
    platform.addEventListener?.('beforeunload', () => shut(engine.transport, true), listening);
  }

  function send(data: Outgoing['data'], how?: Outgoing['options'], done?: () => void): Engine {
    if (is('opening') || is('open')) {
      const packet: Outgoing = { type: 'message', data, options: how };
      raise('packetCreate', packet);
      if (done) engine.once('flush', done);
      engine.writeBuffer.push(packet);
      schedule();
    }
    return engine;
  }

  const open = (factory: TransportFactory, handlers: TransportHandlers): Transport => {
    const { name } = factory;
    const query = {
      ...parameters,
      EIO: `${revision}`,
      transport: name,
      ...(engine.id && { sid: engine.id }),
    };
    const link = { address, options: { ...options, ...options.transportOptions?.[name] }, query, cookies };
    const tell = (news: keyof TransportNews, ...what: unknown[]) => {
      const handlers = transport._handlers as Record<string, (...what: unknown[]) => void>;
      const [data] = what;
      if (news !== 'data') return handlers[news]?.(...what);
      let packet: EnginePacket | undefined;
      try {
        packet =
          typeof data === 'string'
            ? decodeText(data, base64)
            : { type: 'message', data: received(data as ArrayBuffer) as Uint8Array };
      } catch {
        // Base64 that is none.
      }
      if (packet) handlers.packet?.(packet);
      else handlers.failed?.(transportError('parse error', data));
    };
    const transport: Transport = Object.assign(factory.open(link, tell), {
      name,
      query,
      _handlers: handlers,
    });
    return transport;
  };

  const begin = (): void => {
    const [factory] = factories;
    if (factory) engine.transport = open(factory, handlers);
    else fail(transportError('No transports available'));
  };

  const fail = (error: TransportError): void => {
    webSocketWorks = false;
    if (options.tryAllTransports && is('opening') && factories[1]) {
      shut(engine.transport);
      factories.shift();
      return begin();
    }
    raise('error', error);
    end(error.message === 'parse error' ? error.message : 'transport error', error);
  };

  const handlers: TransportHandlers = {
    drained() {
      if (!engine.writeBuffer.length) raise('drain');
      schedule();
    },
    closed(description, context) {
      if (is('opening')) fail(transportError(`${engine.transport.name} error`, description, context));
      else end('transport close', { description, context });
    },
    failed: fail,
    packet(packet) {
      const { type, data = '' } = packet;
      raise('packet', packet);
      raise('heartbeat');
      if (type === 'close') handlers.closed!('transport closed by the server');
      else if (is('opening')) {
        try {
          opened(JSON.parse((type === 'open' && data) as string));
        } catch {
          fail(transportError('parse error', data));
        }
      } else if (type === 'ping') {
        rearm();
        raise('ping');
        engine.writeBuffer.push({ type: 'pong' });
        schedule();
        raise('pong');
      } else if (type === 'message') {
        raise('data', data);
        raise('message', data);
      }
    },
  };

  const opened = (data: OpenData) => {
    const { transport } = engine;
    const { sid, upgrades, pingInterval, pingTimeout } = data;
    patience = pingInterval + pingTimeout;
    if (!sid || typeof sid !== 'string' || !(patience >= 0)) throw data;
    engine.id = transport.query.sid = sid;
    if (data.maxPayload > 0) maxPayload = data.maxPayload;
    rearm();
    engine.readyState = 'open';
    webSocketWorks = transport.name === 'websocket';
    raise('handshake', data);
    raise('open');
    schedule();
    const better = factories.find(({ name }) => name !== transport.name && upgrades?.includes?.(name));
    if (better && transport.pause && options.upgrade !== false && is('open')) tryUpgrade(better);
  };

  const rearm = () => {
    clearTimeout(timer);
    expiry = Date.now() + patience;
    timer = later(options, () => end('ping timeout'), patience);
  };

  const tryUpgrade = (factory: TransportFactory) => {
    const old = engine.transport;
    cancelUpgrade = () => {
      clearTimeout(deadline);
      shut(candidate);
    };
    const refuse = (reason: string) => {
      cancelUpgrade();
      if (engine.upgrading) old.resume!();
      engine.upgrading = false;
      raise('upgradeError', transportError(`probe error${reason && ': '}${reason}`));
      schedule();
    };
    const candidate = open(factory, {
      opened: () => candidate.send([{ type: 'ping', data: 'probe' }]),
      closed: refuse,
      failed: (error) => refuse(error.message),
      packet({ type, data }) {
        if (engine.upgrading || type !== 'pong' || data !== 'probe') return refuse('');
        engine.upgrading = true;
        raise('upgrading', candidate);
        old.pause!(() => {
          if (!engine.upgrading || is('closed')) return;
          clearTimeout(deadline);
          cancelUpgrade = () => {};
          candidate._handlers = handlers;
          candidate.send([{ type: 'upgrade' }]);
          engine.transport = candidate;
          shut(old);
          webSocketWorks = candidate.name === 'websocket';
          engine.upgrading = false;
          raise('upgrade', candidate);
          schedule();
        });
      },
    });
    // Something between both ends may let it open and then swallow what it carries.
    const deadline = later(options, () => refuse('timeout'), options.probeTimeout ?? 10_000);
  };

  const ready = () => engine.id && !engine.upgrading && engine.transport.writable && !is('closed');

  /** What is sent in one go leaves in one go; what is to be closed ends once nothing is under way. */
  const schedule = () => {
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(() => {
      scheduled = false;
      if (!ready()) return;
      const { writeBuffer, transport } = engine;
      if (!writeBuffer.length && is('closing')) end('forced close');
      if (!writeBuffer.length) return;
      // As many as fit into one body, but one at least. Each has a separator behind it, but the last.
      let size = -1;
      const rest = writeBuffer.findIndex(({ data }, index) => {
        size += transport.pause ? sizeOf(data, true) + 1 : 0;
        return size > maxPayload && index > 0;
      });
      transport.send(writeBuffer.splice(0, rest < 0 ? writeBuffer.length : rest));
      raise('flush');
    });
  };

  const end = (reason: string, details?: DisconnectDescription) => {
    if (is('closed')) return;
    engine.readyState = 'closed';
    clearTimeout(timer);
    listening.abort();
    cancelUpgrade();
    // Where the server has ended it, or can't be reached, there is nobody to tell.
    if (engine.transport) shut(engine.transport, !!engine.id && reason === 'forced close');
    raise('close', reason, details);
    engine.writeBuffer = [];
  };

  // Without any the error must not come before there are listeners.
  if (factories[0]) begin();
  else queueMicrotask(begin);
  return engine;
}
