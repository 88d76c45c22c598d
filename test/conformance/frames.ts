// Builds the frames a client sends (RFC 6455 §5.2), right ones and wrong ones alike.
export const CONTINUATION = 0x0;
export const TEXT = 0x1;
export const BINARY = 0x2;
export const CLOSE = 0x8;
export const PING = 0x9;
export const PONG = 0xa;

/** The values of the three reserved bits, as they lie in `FrameOptions.rsv`. */
export const RSV1 = 4;
export const RSV2 = 2;
export const RSV3 = 1;

export interface FrameOptions {
  fin?: boolean;
  rsv?: number;
  /** `null` leaves the frame unmasked, which §5.1 forbids to a client. */
  maskingKey?: Buffer | null;
  /** How many bits the length field has, where it is not to be the shortest form. */
  lengthBits?: 7 | 16 | 64;
  /** The length to write in the header where it is not that of the payload given. */
  announce?: number | bigint;
}

const defaultKey = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

export function frame(opcode: number, payload: Buffer | string = '', options: FrameOptions = {}): Buffer {
  const data = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const { fin = true, rsv = 0, maskingKey = defaultKey } = options;
  const length = lengthField(BigInt(options.announce ?? data.length), options.lengthBits);
  length[0]! |= maskingKey === null ? 0 : 0x80;
  const first = Buffer.from([(fin ? 0x80 : 0) | (rsv << 4) | opcode]);
  if (maskingKey === null) return Buffer.concat([first, length, data]);
  return Buffer.concat([first, length, maskingKey, masked(data, maskingKey)]);
}

function lengthField(length: bigint, bits = length < 126n ? 7 : length < 65536n ? 16 : 64): Buffer {
  if (bits === 7) return Buffer.from([Number(length)]);
  if (bits === 16) return Buffer.from([126, Number(length >> 8n), Number(length & 0xffn)]);
  const field = Buffer.alloc(9, 127);
  field.writeBigUInt64BE(length, 1);
  return field;
}

function masked(data: Buffer, key: Buffer): Buffer {
  const out = Buffer.allocUnsafe(data.length);
  for (let i = 0; i < data.length; i++) out[i] = data[i]! ^ key[i & 3]!;
  return out;
}

export const text = (payload: Buffer | string = '', options?: FrameOptions) => frame(TEXT, payload, options);
export const binary = (payload: Buffer | string = '', options?: FrameOptions) =>
  frame(BINARY, payload, options);
export const continuation = (payload: Buffer | string = '', options?: FrameOptions) =>
  frame(CONTINUATION, payload, options);
export const ping = (payload: Buffer | string = '', options?: FrameOptions) => frame(PING, payload, options);
export const pong = (payload: Buffer | string = '', options?: FrameOptions) => frame(PONG, payload, options);

/** A close frame with a code and a reason; without a code its payload is empty (§5.5.1). */
export function close(code?: number, reason: Buffer | string = '', options?: FrameOptions): Buffer {
  return frame(CLOSE, closePayload(code, reason), options);
}

export function closePayload(code?: number, reason: Buffer | string = ''): Buffer {
  if (code === undefined) return Buffer.alloc(0);
  return Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason as string)]);
}

/** One message as frames of at most `size` bytes of payload each (§5.4). */
export function fragments(opcode: number, payload: Buffer, size: number, rsv = 0): Buffer[] {
  const frames: Buffer[] = [];
  let at = 0;
  do {
    const last = at + size >= payload.length;
    const part = payload.subarray(at, at + size);
    frames.push(frame(at === 0 ? opcode : CONTINUATION, part, { fin: last, rsv: at === 0 ? rsv : 0 }));
    at += size;
  } while (at < payload.length);
  return frames;
}
