// The change of a session to a better transport: a probe, its answer, the switch (Engine.IO protocol, "Upgrade").
import { reader, remember, shut } from './carrier.ts';
import type { Engine } from './engine-api.ts';
import type { EngineOptions } from './options.ts';
import { later } from './timer.ts';
import { type Transport, type TransportHandlers, transportError } from './transport.ts';

export const probeTimeoutDefault = 10_000;

/**
 * Tries a candidate beside the transport in use, which it takes the place of once it has answered.
 *
 * @param handlers those of the transport in use
 * @returns what ends the candidate
 */
export function tryUpgrade(
  engine: Engine,
  options: EngineOptions,
  handlers: TransportHandlers,
  open: (handlers: TransportHandlers) => Transport,
): () => void {
  const old = engine.transport;
  const stop = () => {
    clearTimeout(deadline);
    shut(candidate);
    engine.upgrading = false;
  };
  const refuse = (reason: string) => {
    stop();
    old.resume!();
    engine._raise('upgradeError', transportError(`probe error: ${reason}`));
    engine._flush();
  };
  const failed = (error: Error) => refuse(error.message);
  const candidate = open({
    opened: () => candidate.send([{ type: 'ping', data: 'probe' }]),
    closed: refuse,
    failed,
    data: reader(({ type, data }) => {
      if (engine.upgrading || type !== 'pong' || data !== 'probe') return refuse(type);
      engine.upgrading = true;
      engine._raise('upgrading', candidate);
      old.pause!(() => {
        // It may have ended while the last request was under way.
        if (!engine.upgrading) return;
        clearTimeout(deadline);
        engine.upgrading = false;
        candidate._handlers = handlers;
        candidate.send([{ type: 'upgrade' }]);
        engine.transport = candidate;
        shut(old);
        remember(candidate.name);
        engine._raise('upgrade', candidate);
        engine._flush();
      });
    }, failed),
  });
  // Something between both ends may let it open and then swallow what it carries.
  const deadline = later(options, () => refuse('timeout'), options.probeTimeout ?? probeTimeoutDefault);
  return stop;
}
