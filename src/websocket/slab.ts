// Memory for frames that are about to be written: used again and again, as long as sockets take the bytes at once.

const slabSize = 32 * 1024;

/** Slabs that are kept for the next time when one is full: as many as a turn of the loop mostly needs. */
const mostSpare = 8;

/** Views of regions up to this length are kept. */
const longestKept = 256;

export class Slab {
  /** The slab that is being filled. */
  static current = new Slab();
  static readonly #spare: Slab[] = [];

  readonly bytes = Buffer.allocUnsafeSlow(slabSize);
  /** By their ends. */
  readonly #regions: (Buffer | undefined)[] = new Array(longestKept + 1);
  #filled = 0;
  /** Regions that are begun and not ended. */
  #open = 0;
  /** Whether some socket still holds on to bytes in here, which must not change any more. */
  #kept = false;

  /** The current slab if it has room, otherwise a new one. Not for more than `Slab.largest`. */
  static withRoom(size: number): Slab {
    if (Slab.current.#filled + size > slabSize) Slab.current = Slab.#spare.pop() ?? new Slab();
    return Slab.current;
  }

  /** Frames above this size are not worth copying. */
  static readonly largest = 16 * 1024;

  /** The bytes of a region. As most are short and begin at 0, their views are made once. */
  region(start: number, end: number): Buffer {
    if (start > 0 || end > longestKept) return this.bytes.subarray(start, end);
    this.#regions[end] ??= this.bytes.subarray(0, end);
    return this.#regions[end]!;
  }

  begin(): number {
    this.#open++;
    return this.#filled;
  }

  /** Whether a region that ends at `end` can take `size` more bytes. */
  canExtend(end: number, size: number): boolean {
    return end === this.#filled && end + size <= slabSize;
  }

  /** @param size negative to give back what was too much */
  extend(size: number): void {
    this.#filled += size;
  }

  /** @param reusable whether the bytes of the region are needed no more */
  end(start: number, end: number, reusable: boolean): void {
    this.#open--;
    if (!reusable) this.#kept = true;
    else if (end === this.#filled) this.#filled = start;
    if (this.#open > 0 || this.#kept) return;
    this.#filled = 0;
    if (this !== Slab.current && Slab.#spare.length < mostSpare) Slab.#spare.push(this);
  }
}
