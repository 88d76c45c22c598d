// What only Node needs: Buffers, cookies, settings of TLS, a word on its lack of WebSockets; the bundles for pages have `page.ts` instead.
import type { Link } from './link.ts';
import type { EngineOptions } from './options.ts';
import type { Outgoing } from './transport.ts';

interface NodeBuffer {
  from(bytes: ArrayBuffer): Uint8Array;
}

const { Buffer } = globalThis as { Buffer?: NodeBuffer };

/** What programs get messages of bytes as. */
export const binaryType = Buffer ? 'nodebuffer' : 'arraybuffer';

/** Lets the process end although a timer runs. */
export const unref = ({ autoUnref }: { autoUnref?: boolean | undefined }, timer: { unref?(): unknown }) =>
  autoUnref && timer.unref?.();

export function received(bytes: ArrayBuffer): ArrayBuffer | Uint8Array {
  return Buffer?.from(bytes) ?? bytes;
}

/** Keeps the cookies of a response; browsers do so themselves, and show none. */
export function keepCookies({ options, _cookies }: Link, { headers }: Response): void {
  if (!options.withCredentials) return;
  for (const cookie of headers.getSetCookie?.() ?? []) {
    _cookies.set(cookie.split('=')[0]!, cookie.split(';')[0]!);
  }
}

/** The program's headers, and the cookies. */
export function headersOf({ options, _cookies }: Link): Record<string, string> {
  const Cookie = [..._cookies.values()].join('; ');
  return { ...options.extraHeaders, ...(Cookie && { Cookie }) };
}

/** The third argument of those classes that take one. */
export function socketSettings(link: Link): object {
  return {
    perMessageDeflate: { threshold: 1024 },
    ...link.options,
    // This one means a namespace's, not the proxy's.
    auth: undefined,
    headers: headersOf(link),
  };
}

/** Why there is no transport, of those that the options name. */
export const noTransports = ({ transports }: EngineOptions) =>
  transports!.includes('websocket')
    ? 'No transports available: there is no WebSocket here, and Node has one since version 22; give the client one, such as that of the package ws, as io(url, { WebSocket })'
    : 'No transports available';

/** The second argument of `send` of those classes that take one. */
export const sendSettings = ({ options }: Outgoing) => ({ compress: options?.compress });
