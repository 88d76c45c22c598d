// A candidate for an upgrade in; whether it has answered out (Engine.IO protocol, "Upgrade").
import { later } from './platform.ts';
import {
  type Link,
  type Transport,
  type TransportError,
  type TransportEvents,
  type TransportFactory,
  transportError,
} from './transport.ts';

const probeTimeout = 10_000;

/** A candidate that is being tried. */
export interface Probe {
  /** Gives its events to others: it has been chosen. */
  adopt(events: TransportEvents): void;
  /** Ends it without a word. */
  cancel(): void;
}

/**
 * Asks a transport of a running session for a sign of life.
 *
 * @param answered once; the candidate can still fail after that, until it is adopted
 * @param failed once at most, and nothing after it
 */
export function probe(
  factory: TransportFactory,
  link: Link,
  answered: (candidate: Transport) => void,
  failed: (error: TransportError & { transport: string }) => void,
): Probe {
  let over = false;
  let alive = false;

  const cancel = () => {
    over = true;
    clearTimeout(timer);
    candidate.close(false);
  };
  const fail = (reason: string, context?: unknown) => {
    if (over) return;
    cancel();
    const message = reason && `probe error: ${reason}`;
    failed(Object.assign(transportError(message || 'probe error', context), { transport: candidate.name }));
  };

  const events: TransportEvents = {
    opened: () => candidate.send([{ type: 'ping', data: 'probe' }]),
    packet({ type, data }) {
      if (alive || type !== 'pong' || data !== 'probe') return fail('');
      alive = true;
      answered(candidate);
    },
    drained() {},
    closed: fail,
    failed: fail,
  };
  const candidate = factory(link, events);
  // Something between both ends may let it open and then swallow what it carries.
  const timer = later(link.options, () => fail('timeout'), link.options.probeTimeout ?? probeTimeout);

  return {
    adopt(adopted) {
      clearTimeout(timer);
      Object.assign(events, adopted);
    },
    cancel,
  };
}
