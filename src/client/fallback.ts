// How WebSockets have fared in, which transports to try next out: the way round what blocks them half-way (an addition to the client API).
import type { EngineOptions } from './options.ts';

type Transports = NonNullable<EngineOptions['transports']>;

/** Sessions in a row that went silent with their WebSocket until it is left alone, and for how many milliseconds. */
const patience = 2;
const leaveAlone = 300_000;

export interface Fallback {
  /** The transports for the next attempt. */
  choose(transports: Transports): Transports;
  /** An attempt has failed that began with this transport. */
  failed(transport: string | undefined): void;
  /** A session has ended. @param silent its WebSocket had been opened, but had carried nothing this way */
  ended(silent: boolean): void;
}

const isWebSocket = (transport: Transports[number]) =>
  (typeof transport === 'string' ? transport : transport.name) === 'websocket';

export function watchWebSockets(): Fallback {
  let last: string | undefined;
  let silences = 0;
  let until = 0;
  return {
    choose(transports) {
      const others = transports.filter((one) => !isWebSocket(one));
      const alone = Date.now() < until;
      if (!others.length || (!alone && last !== 'websocket')) return transports;
      return alone ? others : [...others, ...transports.filter(isWebSocket)];
    },
    failed(transport) {
      last = transport;
    },
    ended(silent) {
      last = undefined;
      silences = silent ? silences + 1 : 0;
      if (silences >= patience) until = Date.now() + leaveAlone;
    },
  };
}
