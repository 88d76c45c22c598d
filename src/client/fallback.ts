// How WebSockets have fared in, which transports to try next out: the way round what blocks them half-way (an addition to the client API).
import type { Engine } from './engine-api.ts';
import type { EngineOptions } from './options.ts';

type Transports = NonNullable<EngineOptions['transports']>;

/** Sessions in a row that went silent with their WebSocket until it is left alone, and for how many milliseconds. */
const patience = 2;
const leaveAlone = 300_000;

export interface Fallback {
  /** The transports for the next attempt. */
  _choose(transports: Transports): Transports;
  /** Learns how an attempt goes. */
  _watch(engine: Engine): void;
}

const isWebSocket = (transport: Transports[number]) =>
  ((transport as { name?: string }).name ?? transport) === 'websocket';

export function watchWebSockets(): Fallback {
  /** The transport that an attempt has failed with just now. */
  let failed: string | undefined;
  let silences = 0;
  let until = 0;
  return {
    _choose(transports) {
      const others = transports.filter((one) => !isWebSocket(one));
      if (others.length && Date.now() < until) return others;
      return failed === 'websocket' ? [...others, ...transports.filter(isWebSocket)] : transports;
    },
    _watch(engine) {
      let heard = true;
      engine
        .on('upgrade', () => {
          heard = false;
        })
        .on('packet', () => {
          heard = true;
        })
        .on('close', (reason) => {
          failed = engine.id ? undefined : engine.transport?.name;
          // Ended by the program, or by the other end, or the network.
          if (!failed && reason !== 'forced close') silences = heard ? 0 : silences + 1;
          if (silences >= patience) until = Date.now() + leaveAlone;
        });
    },
  };
}
