// The defaults of options, as a program that sets none gets them, by the names that the documentation's tables have.

import { pathDefault, timestampParamDefault } from '../../src/client/link.ts';
import { settings } from '../../src/client/manager-api.ts';
import { maxResponseDefault } from '../../src/client/request.ts';
import { probeTimeoutDefault } from '../../src/client/upgrade.ts';
import { engineDefaults } from '../../src/engine/options.ts';
import { resolveEventOptions } from '../../src/gateways/options.ts';
import { limitDefaults } from '../../src/hub/limits.ts';
import { decoderDefaults } from '../../src/protocol/socketio/decoder.ts';
import { connectTimeoutDefault, resolveServerOptions } from '../../src/server-options.ts';
import { resolveOptions } from '../../src/websocket/options.ts';

const server = {
  ...engineDefaults,
  ...limitDefaults,
  ...decoderDefaults,
  connectTimeout: connectTimeoutDefault,
  destroyUpgradeTimeout: 1000,
};

/** By the word behind the colon of `<!-- defaults: websocket -->`. */
export const defaults: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  websocket: { ...resolveOptions({ noServer: true }) },
  server,
  recovery: { ...resolveServerOptions({ connectionStateRecovery: {} }).connectionStateRecovery },
  client: {
    path: pathDefault,
    timestampParam: timestampParamDefault,
    ...settings,
    maxResponse: maxResponseDefault,
    probeTimeout: probeTimeoutDefault,
  },
  gateways: { ...server, ...resolveEventOptions({ path: '/events' }) },
};

const units: Record<string, number> = { '': 1, ms: 1, s: 1000, KiB: 2 ** 10, MiB: 2 ** 20 };
const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** What a cell says: `30 s` are milliseconds, `64 MiB` bytes; also `1,000`, `2²⁰`, `true` and words. */
export function valueIn(cell: string): unknown {
  const [, number, unit = ''] = /^([\d,.]+|Infinity)(?: (\w+))?$/.exec(cell) ?? [];
  if (number !== undefined && unit in units) return Number(number.replaceAll(',', '')) * units[unit]!;
  const [, exponent] = /^2([⁰¹²³⁴⁵⁶⁷⁸⁹]+)$/.exec(cell) ?? [];
  if (exponent !== undefined)
    return 2 ** Number([...exponent].map((one) => superscripts.indexOf(one)).join(''));
  return cell === 'true' ? true : cell === 'false' ? false : cell;
}
