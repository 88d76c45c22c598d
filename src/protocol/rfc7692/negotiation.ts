// A client's offers of permessage-deflate and a server's wishes in; the agreed parameters out (RFC 7692 §5, §7.1).
import type { Extension } from '../rfc6455/header-list.ts';

export const extensionName = 'permessage-deflate';

/** What a server wants of the extension; all optional. */
export interface DeflateWishes {
  /** True: the server forgets its window after each message. False: offers that ask for that are declined. */
  readonly serverNoContextTakeover?: boolean | undefined;
  /** True: the client must forget its window after each message. */
  readonly clientNoContextTakeover?: boolean | undefined;
  /** The server's window, 2^n bytes, n from 8 to 15. False: offers that limit it are declined. */
  readonly serverMaxWindowBits?: number | boolean | undefined;
  /** The client's window, likewise: offers that don't let it be limited are declined. False: never limited. */
  readonly clientMaxWindowBits?: number | boolean | undefined;
}

/** What both sides keep to. */
export interface DeflateParameters {
  readonly serverNoContextTakeover: boolean;
  readonly clientNoContextTakeover: boolean;
  readonly serverMaxWindowBits: number;
  readonly clientMaxWindowBits: number;
}

/** An accepted offer, and the answer that says so. */
export interface DeflateAgreement {
  readonly parameters: DeflateParameters;
  readonly answer: Extension;
}

/** §7.1.2: a decimal integer from 8 to 15 without leading zeros. */
function windowBits(value: string | true): number | undefined {
  return value !== true && /^([89]|1[0-5])$/.test(value) ? Number(value) : undefined;
}

/** An offer's parameters, or undefined if it has one that is unknown, given twice, or has an invalid value (§7.1). */
interface Offer {
  serverNoContextTakeover: boolean;
  clientNoContextTakeover: boolean;
  serverMaxWindowBits: number | undefined;
  /** True for the parameter without a value: any limit is welcome. */
  clientMaxWindowBits: number | true | undefined;
}

function readOffer({ parameters }: Extension): Offer | undefined {
  const offer: Offer = {
    serverNoContextTakeover: false,
    clientNoContextTakeover: false,
    serverMaxWindowBits: undefined,
    clientMaxWindowBits: undefined,
  };
  for (const [name, values] of parameters) {
    const value = values[0]!;
    if (values.length > 1) return undefined;
    if (name === 'server_no_context_takeover' && value === true) offer.serverNoContextTakeover = true;
    else if (name === 'client_no_context_takeover' && value === true) offer.clientNoContextTakeover = true;
    else if (name === 'client_max_window_bits' && value === true) offer.clientMaxWindowBits = true;
    else if (name === 'server_max_window_bits' || name === 'client_max_window_bits') {
      const bits = windowBits(value);
      if (bits === undefined) return undefined;
      if (name === 'server_max_window_bits') offer.serverMaxWindowBits = bits;
      else offer.clientMaxWindowBits = bits;
    } else return undefined;
  }
  return offer;
}

function fits(offer: Offer, wishes: DeflateWishes): boolean {
  const { serverMaxWindowBits: serverBits, clientMaxWindowBits: clientBits } = wishes;
  if (wishes.serverNoContextTakeover === false && offer.serverNoContextTakeover) return false;
  if (offer.serverMaxWindowBits !== undefined) {
    if (serverBits === false) return false;
    if (typeof serverBits === 'number' && serverBits > offer.serverMaxWindowBits) return false;
  }
  // §7.1.2.2: without the parameter in the offer, the answer must not have it.
  return typeof clientBits !== 'number' || offer.clientMaxWindowBits !== undefined;
}

/** Accepts the first offer that fits the wishes; undefined declines them all, and the connection goes without. */
export function acceptOffer(
  offers: readonly Extension[],
  wishes: DeflateWishes,
): DeflateAgreement | undefined {
  for (const extension of offers) {
    if (extension.name !== extensionName) continue;
    const offer = readOffer(extension);
    if (offer !== undefined && fits(offer, wishes)) return agree(offer, wishes);
  }
  return undefined;
}

function agree(offer: Offer, wishes: DeflateWishes): DeflateAgreement {
  const answer = new Map<string, (string | true)[]>();
  const serverNoContextTakeover = offer.serverNoContextTakeover || wishes.serverNoContextTakeover === true;
  const clientNoContextTakeover = offer.clientNoContextTakeover || wishes.clientNoContextTakeover === true;
  const serverBits =
    typeof wishes.serverMaxWindowBits === 'number' ? wishes.serverMaxWindowBits : offer.serverMaxWindowBits;
  const clientBits = agreedClientBits(offer.clientMaxWindowBits, wishes.clientMaxWindowBits);
  if (serverNoContextTakeover) answer.set('server_no_context_takeover', [true]);
  if (clientNoContextTakeover) answer.set('client_no_context_takeover', [true]);
  if (serverBits !== undefined) answer.set('server_max_window_bits', [String(serverBits)]);
  if (clientBits !== undefined) answer.set('client_max_window_bits', [String(clientBits)]);
  return {
    parameters: {
      serverNoContextTakeover,
      clientNoContextTakeover,
      serverMaxWindowBits: serverBits ?? 15,
      clientMaxWindowBits: clientBits ?? 15,
    },
    answer: { name: extensionName, parameters: answer },
  };
}

function agreedClientBits(
  offered: number | true | undefined,
  wished: number | boolean | undefined,
): number | undefined {
  if (typeof wished === 'number') return typeof offered === 'number' ? Math.min(offered, wished) : wished;
  return wished === false || offered === true ? undefined : offered;
}
