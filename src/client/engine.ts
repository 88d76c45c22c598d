// A session's end at the client: messages in and out, over one transport after another (Engine.IO protocol, revision 4).
import type { OpenData } from '../protocol/engineio/handshake.ts';
import type { EnginePacket } from '../protocol/engineio/packet.ts';
import { sizeOf } from './bytes.ts';
import { factoriesFor, reader, remember, shut, transportsTo } from './carrier.ts';
import { Emitter } from './emitter.ts';
import type { DisconnectDescription, Engine } from './engine-api.ts';
import { binaryType, noTransports } from './node.ts';
import type { EngineOptions } from './options.ts';
import { platform } from './platform.ts';
import { later, type Timer } from './timer.ts';
import { type Outgoing, type TransportError, type TransportHandlers, transportError } from './transport.ts';
import { tryUpgrade } from './upgrade.ts';

/** Begins a session. Events do not come before it has returned. */
export function openEngine(address: URL, options: EngineOptions, parameters: Record<string, string>): Engine {
  const open = transportsTo(address, options, parameters);
  const factories = factoriesFor(options);
  const listening = new AbortController();
  let cancelUpgrade = () => {};
  let maxPayload = Infinity;
  let patience = 0;
  let expiry = maxPayload;
  let timer: Timer | undefined;
  let scheduled = false;

  function send(data: Outgoing['data'], how?: Outgoing['options'], done?: () => void): Engine {
    if (is('opening') || is('open')) {
      const packet: Outgoing = { type: 'message', data, options: how };
      raise('packetCreate', packet);
      if (done) engine.once('flush', done);
      engine.writeBuffer.push(packet);
      engine._flush();
    }
    return engine;
  }

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
        engine._flush();
      }
      return engine;
    },
    /** What is sent in one go leaves in one go; what is to be closed ends once nothing is under way. */
    _flush() {
      if (scheduled) return;
      scheduled = true;
      queueMicrotask(() => {
        scheduled = false;
        const { writeBuffer, transport } = engine;
        if (!ready()) return;
        if (!writeBuffer.length) return is('closing') && end('forced close');
        // As many as fit into one body, but one at least. Each has a separator behind it, but the last.
        let size = -1;
        const rest = writeBuffer.findIndex(({ data }, index) => {
          size += transport.pause ? sizeOf(data, true) + 1 : 0;
          return size > maxPayload && index > 0;
        });
        transport.send(writeBuffer.splice(0, rest < 0 ? writeBuffer.length : rest));
        raise('flush');
      });
    },
    _writable: () => ready() && !engine.writeBuffer.length,
    _overdue() {
      const overdue = Date.now() > expiry;
      if (overdue) queueMicrotask(() => end('ping timeout'));
      return overdue;
    },
    _check(messages: readonly string[]) {
      for (const message of messages) {
        const size = sizeOf(message, engine.transport.pause ?? options.forceBase64, maxPayload);
        if (size > maxPayload) throw new RangeError(`maxPayload (${maxPayload}) exceeded: ${size}`);
      }
    },
  }) as unknown as Engine;
  const raise = engine._raise.bind(engine);
  const is = (state: Engine['readyState']) => engine.readyState === state;
  const ready = () => engine.id && !engine.upgrading && engine.transport.writable;

  const begin = () => {
    const [factory] = factories;
    if (factory) engine.transport = open(factory, handlers);
    else queueMicrotask(() => fail(transportError(noTransports(options))));
  };

  const fail = (error: TransportError) => {
    remember();
    if (options.tryAllTransports && is('opening') && factories[1]) {
      shut(engine.transport);
      factories.shift();
      return begin();
    }
    raise('error', error);
    end(error.message === 'parse error' ? error.message : 'transport error', error);
  };

  const closed = (description: string, context?: unknown) => {
    if (is('opening')) fail(transportError(`${engine.transport.name} error`, description, context));
    else end('transport close', { description, context });
  };

  const packet = (packet: EnginePacket) => {
    const { type, data = '' } = packet;
    raise('packet', packet);
    raise('heartbeat');
    if (type === 'close') closed('transport closed by the server');
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
      engine._flush();
      raise('pong');
    } else if (type === 'message') {
      raise('data', data);
      raise('message', data);
    }
  };

  const opened = (data: OpenData) => {
    const { transport } = engine;
    const { sid, upgrades } = data;
    const better = factories.find(({ name }) => upgrades?.includes(name));
    patience = data.pingInterval + data.pingTimeout;
    if (!(sid.length && patience >= 0)) throw data;
    engine.id = transport.query.sid = sid;
    maxPayload = data.maxPayload || maxPayload;
    rearm();
    engine.readyState = 'open';
    remember(transport.name);
    raise('handshake', data);
    raise('open');
    engine._flush();
    if (better && transport.pause && options.upgrade !== false && is('open')) {
      cancelUpgrade = tryUpgrade(engine, options, handlers, (probing) => open(better, probing, sid));
    }
  };

  const rearm = () => {
    clearTimeout(timer);
    expiry = Date.now() + patience;
    timer = later(options, () => end('ping timeout'), patience);
  };

  const end = (reason: string, details?: DisconnectDescription) => {
    if (is('closed')) return;
    engine.readyState = 'closed';
    clearTimeout(timer);
    listening.abort();
    // Where the server has ended it, or can't be reached, there is nobody to tell.
    if (engine.transport) shut(engine.transport, !!engine.id && reason === 'forced close');
    cancelUpgrade();
    raise('close', reason, details);
    engine.writeBuffer = [];
  };

  const handlers: TransportHandlers = {
    drained() {
      if (!engine.writeBuffer.length) raise('drain');
      engine._flush();
    },
    closed,
    failed: fail,
    data: reader(packet, fail),
  };

  if (address.hostname !== 'localhost') {
    const lose = () => end('transport close', { description: 'network connection lost' });
    platform.addEventListener?.('offline', lose, listening);
  }
  if (options.closeOnBeforeunload) {
    platform.addEventListener?.('beforeunload', () => shut(engine.transport, true), listening);
  }
  begin();
  return engine;
}
