// The packets of the Socket.IO protocol, whole and broken, as data for the tests.
import {
  type Chunk,
  Decoder,
  type DecoderOptions,
  type SocketPacket,
} from '../../../src/protocol/socketio/index.ts';

export interface WireExample {
  readonly meaning: string;
  readonly packet: SocketPacket;
  readonly chunks: readonly Chunk[];
}

const bytes = Uint8Array.of(1, 2, 3, 4);
const more = Uint8Array.of(5);

export const examples: readonly WireExample[] = [
  { meaning: 'client joins /', packet: { type: 0, nsp: '/' }, chunks: ['0'] },
  {
    meaning: 'client joins / with auth',
    packet: { type: 0, nsp: '/', data: { token: '123' } },
    chunks: ['0{"token":"123"}'],
  },
  { meaning: 'client joins /admin', packet: { type: 0, nsp: '/admin' }, chunks: ['0/admin,'] },
  {
    meaning: 'client joins /admin with auth',
    packet: { type: 0, nsp: '/admin', data: { token: '123' } },
    chunks: ['0/admin,{"token":"123"}'],
  },
  {
    meaning: 'server accepts',
    packet: { type: 0, nsp: '/', data: { sid: 'wZX3oN0bSVIhsaknAAAI' } },
    chunks: ['0{"sid":"wZX3oN0bSVIhsaknAAAI"}'],
  },
  {
    meaning: 'server refuses',
    packet: { type: 4, nsp: '/admin', data: { message: 'no', data: { code: 1 } } },
    chunks: ['4/admin,{"message":"no","data":{"code":1}}'],
  },
  {
    meaning: 'event',
    packet: { type: 2, nsp: '/', data: ['foo', 1, { a: [true] }] },
    chunks: ['2["foo",1,{"a":[true]}]'],
  },
  {
    meaning: 'event in a namespace',
    packet: { type: 2, nsp: '/admin', data: ['bar'] },
    chunks: ['2/admin,["bar"]'],
  },
  {
    meaning: 'event wanting ack 12',
    packet: { type: 2, nsp: '/', id: 12, data: ['foo'] },
    chunks: ['212["foo"]'],
  },
  {
    meaning: 'event in a namespace wanting ack 12',
    packet: { type: 2, nsp: '/admin', id: 12, data: ['foo'] },
    chunks: ['2/admin,12["foo"]'],
  },
  { meaning: 'ack 12', packet: { type: 3, nsp: '/', id: 12, data: ['ok'] }, chunks: ['312["ok"]'] },
  {
    meaning: 'empty ack 12 in a namespace',
    packet: { type: 3, nsp: '/admin', id: 12, data: [] },
    chunks: ['3/admin,12[]'],
  },
  {
    meaning: 'binary event',
    packet: { type: 2, nsp: '/', data: ['baz', bytes] },
    chunks: ['51-["baz",{"_placeholder":true,"num":0}]', bytes],
  },
  {
    meaning: 'binary event in a namespace wanting an ack',
    packet: { type: 2, nsp: '/admin', id: 7, data: ['baz', bytes, more] },
    chunks: ['52-/admin,7["baz",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]', bytes, more],
  },
  {
    meaning: 'binary ack',
    packet: { type: 3, nsp: '/admin', id: 13, data: [bytes] },
    chunks: ['61-/admin,13[{"_placeholder":true,"num":0}]', bytes],
  },
  { meaning: 'leave', packet: { type: 1, nsp: '/' }, chunks: ['1'] },
  { meaning: 'leave a namespace', packet: { type: 1, nsp: '/admin' }, chunks: ['1/admin,'] },
];

/** Messages that end in an error, with that error's beginning. */
export const refused: readonly { readonly chunks: readonly Chunk[]; readonly error: string }[] = [
  ...['abc', '7', '', '-1', '/'].map((text) => ({ chunks: [text], error: 'unknown packet type' })),
  ...[
    '2{}',
    '2[]',
    '2[null]',
    '2["connect"]',
    '2["disconnecting"]',
    '2["newListener"]',
    '2abc["a"]',
    '2',
    '2"a"',
  ].map((text) => ({ chunks: [text], error: 'invalid payload' })),
  ...['0[]', '0null', '0"a"', '1{}', '1[]', '3{}', '31{}', '4[]', '4null'].map((text) => ({
    chunks: [text],
    error: 'invalid payload',
  })),
  ...[
    '50-["a"]',
    '5["a"]',
    '5x-["a"]',
    '5-["a"]',
    '51',
    '51["a"]',
    '5-1-["a"]',
    '51.5-["a"]',
    '61e1-["a"]',
  ].map((text) => ({
    chunks: [text],
    error: 'Illegal attachments',
  })),
  { chunks: ['511-["a"]'], error: 'too many attachments' },
  { chunks: ['5999999999999-["a"]'], error: 'too many attachments' },
  {
    chunks: ['51-["a",{"_placeholder":true,"num":0}]', '2["b"]'],
    error: 'got plaintext data when reconstructing a packet',
  },
  { chunks: [bytes], error: 'got binary data when not reconstructing a packet' },
  ...['1', '-1', '0.5', '"0"', 'null', '"__proto__"', '"length"'].map((num) => ({
    chunks: [`51-["a",{"_placeholder":true,"num":${num}}]`, bytes],
    error: 'illegal attachments',
  })),
  { chunks: ['51-["a",{"_placeholder":true}]', bytes], error: 'illegal attachments' },
  { chunks: [`2["a",${'['.repeat(300)}${']'.repeat(300)}]`], error: 'payload nested deeper than 256 levels' },
  { chunks: [`2["a",${'{"a":'.repeat(100_000)}`], error: 'payload nested deeper than 256 levels' },
  { chunks: ['299999999999999999999["a"]'], error: 'invalid packet id' },
];

/** The packets that a decoder finds, as plain objects of what is known of them. */
export function decode(chunks: readonly Chunk[], options?: DecoderOptions): Record<string, unknown>[] {
  const packets: Record<string, unknown>[] = [];
  const decoder = new Decoder(options);
  decoder.on('decoded', (packet) => packets.push(known(packet)));
  for (const chunk of chunks) decoder.add(chunk);
  return packets;
}

export function known(packet: SocketPacket): Record<string, unknown> {
  return Object.fromEntries(Object.entries(packet).filter(([, value]) => value !== undefined));
}
