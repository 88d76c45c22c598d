// Pictures: files come in, made small enough to be sent; those of others go out as elements that fill when their bytes are there.
import { element } from './elements.js';

const LONGEST_SIDE = 1280;
const MOST_BYTES = 250 * 1024;
const KEPT = 40;

/**
 * Draws a picture anew, smaller if need be: so nothing is sent but what can be seen, and not where it was taken.
 *
 * @throws Error in words, if it is no picture or cannot be made small enough
 */
export async function shrink(file) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    throw new Error('This browser cannot read that as a picture.');
  }
  const canvas = document.createElement('canvas');
  for (const side of [LONGEST_SIDE, LONGEST_SIDE / 2]) {
    const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    for (const quality of [0.85, 0.6, 0.35]) {
      const blob = await encoded(canvas, quality);
      if (blob.size <= MOST_BYTES) return blob;
    }
  }
  throw new Error('That picture cannot be made small enough.');
}

/** WebP, or JPEG where a browser cannot write that. */
async function encoded(canvas, quality) {
  const write = (type) => new Promise((done) => canvas.toBlob(done, type, quality));
  const blob = await write('image/webp');
  return blob?.type === 'image/webp' ? blob : write('image/jpeg');
}

export class Pictures {
  #look;
  /** Addresses of their bytes, the oldest first. */
  #kept = new Map();

  /** @param look finds the bytes of a picture by its id */
  constructor(look) {
    this.#look = look;
  }

  /** An element of the picture's size, which is empty until its bytes have come. */
  show({ id, type, width, height }, name) {
    const image = element('img', {
      className: 'still',
      width,
      height,
      alt: `${name}, ${width} × ${height}`,
    });
    this.#address(id, type).then((address) => {
      if (address) image.src = address;
      else image.replaceWith(element('i', {}, 'This picture is not remembered any more.'));
    });
    return image;
  }

  async #address(id, type) {
    if (this.#kept.has(id)) return this.#kept.get(id);
    const bytes = await this.#look(id);
    if (!bytes) return undefined;
    const address = URL.createObjectURL(new Blob([bytes], { type }));
    this.#kept.set(id, address);
    for (const [oldest, its] of this.#kept) {
      if (this.#kept.size <= KEPT) break;
      URL.revokeObjectURL(its);
      this.#kept.delete(oldest);
    }
    return address;
  }
}
