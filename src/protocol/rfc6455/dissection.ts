// A frame's bytes in; its fields, each with its place to the bit, and the payload without its mask out (RFC 6455 §5.2).
import { FIN, headerLength, LENGTH, LENGTH_16, MASK, OPCODE, RSV1, RSV2, RSV3 } from './frame-header.ts';
import { announcedLength } from './frame-slicer.ts';
import { mask, readMaskingKey } from './mask.ts';

export type FieldName =
  | 'FIN'
  | 'RSV1'
  | 'RSV2'
  | 'RSV3'
  | 'opcode'
  | 'MASK'
  | 'payload length'
  | 'extended payload length'
  | 'masking key'
  | 'payload';

/** A field of the figure in §5.2. */
export interface FrameField {
  readonly name: FieldName;
  /** Its first bit, counted from the frame's first. */
  readonly start: number;
  /** How many bits it has. */
  readonly bits: number;
}

export interface Dissection {
  /** In the order of the wire; those that are there. */
  readonly fields: readonly FrameField[];
  readonly fin: boolean;
  readonly rsv1: boolean;
  readonly rsv2: boolean;
  readonly rsv3: boolean;
  readonly opcode: number;
  readonly masked: boolean;
  /** As the header says; 0 as long as it is not whole. */
  readonly payloadLength: number;
  /** Where the payload begins. */
  readonly headerLength: number;
  /** A copy without the mask, or what there is of it. */
  readonly payload: Uint8Array;
}

const firstFields: readonly FrameField[] = [
  { name: 'FIN', start: 0, bits: 1 },
  { name: 'RSV1', start: 1, bits: 1 },
  { name: 'RSV2', start: 2, bits: 1 },
  { name: 'RSV3', start: 3, bits: 1 },
  { name: 'opcode', start: 4, bits: 4 },
];

const secondFields: readonly FrameField[] = [
  { name: 'MASK', start: 8, bits: 1 },
  { name: 'payload length', start: 9, bits: 7 },
];

/** Takes a frame apart, whole or cut short. It judges nothing: see `frame-rules`. */
export function dissect(bytes: Uint8Array): Dissection {
  const [first = 0, second = 0] = bytes;
  const header = headerLength(second);
  const whole = bytes.length >= 2 && bytes.length >= header;
  const masked = (second & MASK) !== 0;
  return {
    fields: fieldsOf(bytes, masked, header),
    fin: (first & FIN) !== 0,
    rsv1: (first & RSV1) !== 0,
    rsv2: (first & RSV2) !== 0,
    rsv3: (first & RSV3) !== 0,
    opcode: first & OPCODE,
    masked,
    payloadLength: whole ? announcedLength(bytes) : 0,
    headerLength: header,
    payload: whole ? unmasked(bytes, header, masked) : new Uint8Array(0),
  };
}

function fieldsOf(bytes: Uint8Array, masked: boolean, header: number): FrameField[] {
  const fields: FrameField[] = [];
  if (bytes.length > 0) fields.push(...firstFields);
  if (bytes.length < 2) return fields;
  fields.push(...secondFields);
  const add = (name: FieldName, start: number, end: number) => {
    const last = Math.min(end, bytes.length);
    if (last > start) fields.push({ name, start: 8 * start, bits: 8 * (last - start) });
  };
  const key = masked ? header - 4 : header;
  if ((bytes[1]! & LENGTH) >= LENGTH_16) add('extended payload length', 2, key);
  if (masked) add('masking key', key, header);
  add('payload', header, bytes.length);
  return fields;
}

function unmasked(bytes: Uint8Array, header: number, masked: boolean): Uint8Array {
  const payload = Uint8Array.prototype.slice.call(bytes, header);
  if (masked) mask(payload, 0, payload.length, readMaskingKey(bytes, header - 4));
  return payload;
}
