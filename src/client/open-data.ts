// The payload of the open packet in; what it says, or nothing if it is not what it should be, out (Engine.IO protocol, "Handshake").
import type { OpenData } from '../protocol/engineio/handshake.ts';

/** Servers other than ours may leave out what has a meaning without it: `upgrades`, and `maxPayload`, which is 0 then. */
export function readOpenData(data: unknown): OpenData | undefined {
  try {
    const { sid, upgrades, pingInterval, pingTimeout, maxPayload } = JSON.parse(data as string);
    const known = typeof sid === 'string' && sid !== '' && pingInterval >= 0 && pingTimeout >= 0;
    if (!known) return undefined;
    return {
      sid,
      upgrades: Array.isArray(upgrades) ? upgrades : [],
      pingInterval: +pingInterval,
      pingTimeout: +pingTimeout,
      maxPayload: maxPayload > 0 ? +maxPayload : 0,
    };
  } catch {
    return undefined;
  }
}
