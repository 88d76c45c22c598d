// A packet's text form, both ways: `<type>[<count>-][<nsp>,][<id>][<json>]` (Socket.IO protocol v5, "Packet encoding").
import { isValidPayload, PacketError, PacketType, type SocketPacket } from './packet.ts';
import { plainJson } from './plain-json.ts';

export type Replacer = (this: unknown, key: string, value: unknown) => unknown;
export type Reviver = (this: unknown, key: string, value: unknown) => unknown;

/** What a text may make the decoder do. */
export interface TextRules {
  readonly reviver: Reviver | undefined;
  readonly maxAttachments: number;
  /** Refuses JSON text before it is parsed, by throwing. */
  readonly check?: ((json: string) => void) | undefined;
}

/** Writes a packet as text. Throws what JSON.stringify throws: for a BigInt, or for data nested too deep. */
export function formatText(packet: SocketPacket, replacer?: Replacer): string {
  const { data } = packet;
  return data === undefined || data === null
    ? formatHead(packet)
    : formatHead(packet) + JSON.stringify(data, replacer);
}

/** The same, if the data is a list of texts, numbers and truths, which is quicker to write; else undefined. */
export function formatPlain(packet: SocketPacket): string | undefined {
  const json = plainJson(packet.data);
  return json === undefined ? undefined : formatHead(packet) + json;
}

function formatHead(packet: SocketPacket): string {
  const { type, nsp, id } = packet;
  let text = String(type);
  if (isBinaryType(type)) text += `${packet.attachments ?? 0}-`;
  if (nsp && nsp !== '/') text += `${nsp},`;
  if (id !== undefined && id !== null) text += id;
  return text;
}

/**
 * Reads a packet from its text.
 *
 * @throws PacketError
 */
export function parseText(text: string, rules: TextRules): SocketPacket {
  const type = text.charCodeAt(0) - zero;
  if (!isType(type)) throw new PacketError(`unknown packet type ${JSON.stringify(text.slice(0, 1))}`);
  let at = 1;
  let attachments: number | undefined;
  if (isBinaryType(type)) {
    const end = text.indexOf('-', at);
    attachments = parseCount(text, at, end, rules);
    at = end + 1;
  }
  let nsp = '/';
  if (text[at] === '/') {
    const comma = text.indexOf(',', at);
    const end = comma === -1 ? text.length : comma;
    nsp = text.slice(at, end);
    at = end + 1;
  }
  let id: number | undefined;
  for (let code = text.charCodeAt(at); isDigit(code); code = text.charCodeAt(++at)) {
    id = 10 * (id ?? 0) + (code - zero);
  }
  // An id goes back as it came, which holds for safe integers only.
  if (id !== undefined && !Number.isSafeInteger(id)) throw new PacketError('invalid packet id');
  const data = at < text.length ? parseData(text.slice(at), rules) : undefined;
  checkPayload(type, data);
  return { type, nsp, id, data, attachments };
}

const zero = '0'.charCodeAt(0);

function isDigit(code: number): boolean {
  return code >= zero && code <= zero + 9;
}

function isType(type: number): type is PacketType {
  return type >= PacketType.CONNECT && type <= PacketType.BINARY_ACK;
}

export function isBinaryType(type: number): boolean {
  return type === PacketType.BINARY_EVENT || type === PacketType.BINARY_ACK;
}

/** Digits and a hyphen; at least 1. */
function parseCount(text: string, start: number, end: number, rules: TextRules): number {
  // An announced count has no business being long: what is not short is not read.
  const digits = end > start && end - start <= 16 ? text.slice(start, end) : '';
  if (!/^\d+$/.test(digits)) throw new PacketError('Illegal attachments');
  const count = Number(digits);
  if (count < 1) throw new PacketError('Illegal attachments');
  if (count > rules.maxAttachments) throw new PacketError('too many attachments');
  return count;
}

function parseData(json: string, rules: TextRules): unknown {
  rules.check?.(json);
  try {
    return JSON.parse(json, rules.reviver);
  } catch {
    throw invalidPayload();
  }
}

/** Events need a payload; connecting, leaving, refusing and acknowledging may go without. */
function checkPayload(type: PacketType, data: unknown): void {
  const optional =
    type <= PacketType.DISCONNECT || type === PacketType.ACK || type === PacketType.CONNECT_ERROR;
  if (data === undefined && optional) return;
  if (!isValidPayload(type, data)) throw invalidPayload();
}

function invalidPayload(): PacketError {
  return new PacketError('invalid payload');
}
