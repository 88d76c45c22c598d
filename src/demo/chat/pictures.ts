// Pictures in the chat: bytes come in; those of a still picture of bearable size are remembered for a while.
import { randomBytes } from 'node:crypto';
import type { Picture } from './events.ts';
import { limits } from './limits.ts';

export class Pictures {
  readonly #kept = new Map<string, Buffer>();

  /** Remembers a picture, or says why not. */
  add(given: unknown): Picture | string {
    if (!(given instanceof Uint8Array)) return 'That is no picture.';
    if (given.length > limits.pictureBytes) {
      return `A picture may have ${limits.pictureBytes / 1024} kB here, and this one has ${Math.ceil(given.length / 1024)}.`;
    }
    // A copy of its own: a view would keep all of the message that it came in.
    const bytes = Buffer.from(given);
    const found = readPicture(bytes);
    if (found === undefined)
      return 'That is no picture of a kind that is shown here: still PNG, JPEG or WebP.';
    const { width, height } = found;
    if (Math.max(width, height) > limits.pictureSide || width * height === 0) {
      return `A picture may be ${limits.pictureSide} pixels wide and high, and this one is ${width} × ${height}.`;
    }
    const picture = { ...found, id: randomBytes(12).toString('base64url'), bytes: bytes.length };
    this.#kept.set(picture.id, bytes);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= limits.pictures) break;
      this.#kept.delete(oldest);
    }
    return picture;
  }

  get(id: string): Buffer | undefined {
    return this.#kept.get(id);
  }
}

type Kind = Pick<Picture, 'type' | 'width' | 'height'>;

/** Reads the header: what it is must not be believed of anybody, and a browser would make room for any size. */
export function readPicture(bytes: Buffer): Kind | undefined {
  try {
    return readPng(bytes) ?? readJpeg(bytes) ?? readWebp(bytes);
  } catch {
    // It ends before its header does.
    return undefined;
  }
}

const text = (bytes: Buffer, from: number, to: number) => bytes.toString('latin1', from, to);

/** Portable Network Graphics, §5.2 and §11.2.1; a chunk `acTL` makes it move. */
function readPng(bytes: Buffer): Kind | undefined {
  if (text(bytes, 0, 8) !== '\x89PNG\r\n\x1a\n' || text(bytes, 12, 16) !== 'IHDR') return undefined;
  if (bytes.includes('acTL')) return undefined;
  return { type: 'image/png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** ITU-T T.81, annex B: segments, until the one that begins a frame. */
function readJpeg(bytes: Buffer): Kind | undefined {
  if (bytes.readUInt16BE(0) !== 0xffd8) return undefined;
  let at = 2;
  for (;;) {
    const marker = bytes.readUInt16BE(at);
    // SOF0 to SOF15, without the three of these numbers that are something else.
    const begins = marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker);
    if (begins) {
      return { type: 'image/jpeg', height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    }
    if (marker < 0xffc0 || marker === 0xffda) return undefined;
    at += 2 + bytes.readUInt16BE(at + 2);
  }
}

/** RFC 9649: a canvas with flags, or a picture alone, in one of two codings. */
function readWebp(bytes: Buffer): Kind | undefined {
  if (text(bytes, 0, 4) !== 'RIFF' || text(bytes, 8, 12) !== 'WEBP') return undefined;
  const type = 'image/webp';
  switch (text(bytes, 12, 16)) {
    case 'VP8X': {
      const moves = (bytes.readUInt8(20) & 0x02) !== 0;
      return moves
        ? undefined
        : { type, width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
    }
    case 'VP8L': {
      const bits = bytes.readUInt32LE(21);
      return { type, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8 ':
      return { type, width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
    default:
      return undefined;
  }
}
