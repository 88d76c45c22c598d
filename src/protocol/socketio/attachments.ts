// Takes the binaries out of a packet's data and puts placeholders there, and puts them back on arrival (Socket.IO protocol v5, "Packet encoding").
import { isBinary } from './binary.ts';
import { type Binary, PacketError } from './packet.ts';

/** Levels of arrays and objects that are searched; deeper ones, and circular ones, cannot be sent. */
const deepest = 1000;

export interface Extracted {
  /** The same data if it holds no binary, else a copy with placeholders, made of what had to change. */
  readonly data: unknown;
  /** In the order of their placeholders. */
  readonly binaries: readonly Binary[];
}

const none: readonly Binary[] = [];

/**
 * Replaces each binary, depth-first, by `{"_placeholder":true,"num":k}`. The sender's objects stay as they are.
 *
 * @throws RangeError for data that is circular, or nested more than 1000 levels deep
 */
export function takeBinaries(data: unknown): Extracted {
  const search = new Search();
  const copy = search.replace(data, 0, true);
  return { data: copy, binaries: search.binaries ?? none };
}

class Search {
  binaries: Binary[] | undefined;

  /** The value that goes into the JSON text in place of `value`: often itself. */
  replace(value: unknown, depth: number, mayConvert: boolean): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (isBinary(value)) return this.#placeholder(value);
    if (depth > deepest) {
      throw new RangeError(`a packet cannot be circular or nested deeper than ${deepest} levels`);
    }
    if (Array.isArray(value)) return this.#items(value, depth);
    if (value instanceof Date) return value;
    if (mayConvert && 'toJSON' in value && typeof value.toJSON === 'function') {
      // What `toJSON` returns is the value, but asked for once only; without binaries JSON.stringify asks by itself.
      const known = this.binaries?.length;
      const converted = this.replace(value.toJSON(), depth + 1, false);
      return this.binaries?.length === known ? value : converted;
    }
    return this.#properties(value as Record<string, unknown>, depth);
  }

  #placeholder(binary: Binary): unknown {
    this.binaries ??= [];
    return { _placeholder: true, num: this.binaries.push(binary) - 1 };
  }

  #items(items: unknown[], depth: number): unknown[] {
    let copy: unknown[] | undefined;
    for (let index = 0; index < items.length; index++) {
      const item = items[index];
      const replaced = this.replace(item, depth + 1, true);
      if (replaced === item) continue;
      copy ??= items.slice();
      copy[index] = replaced;
    }
    return copy ?? items;
  }

  #properties(source: Record<string, unknown>, depth: number): object {
    let copy: { toJSON?: unknown } | undefined;
    for (const key of Object.keys(source)) {
      const value = source[key];
      const replaced = this.replace(value, depth + 1, true);
      if (replaced === value) continue;
      copy ??= { ...source };
      // Not an assignment: the key may be `__proto__`.
      Object.defineProperty(copy, key, {
        value: replaced,
        enumerable: true,
        writable: true,
        configurable: true,
      });
    }
    // It has been asked, and JSON.stringify must not ask again.
    if (copy !== undefined && 'toJSON' in copy && typeof copy.toJSON === 'function') delete copy.toJSON;
    return copy ?? source;
  }
}

/**
 * Replaces each placeholder in data that was just parsed by its binary. Changes `data`, which nobody else has seen.
 *
 * @throws PacketError for a placeholder whose number is not that of a binary
 */
export function putBinaries(data: unknown, binaries: readonly Binary[]): unknown {
  if (typeof data !== 'object' || data === null) return data;
  if (!Array.isArray(data) && '_placeholder' in data && data._placeholder === true) {
    const binary = 'num' in data && typeof data.num === 'number' ? binaries[data.num] : undefined;
    if (binary === undefined) throw new PacketError('illegal attachments');
    return binary;
  }
  const parent = data as Record<string, unknown>;
  for (const key of Object.keys(parent)) {
    const value = parent[key];
    const replaced = putBinaries(value, binaries);
    if (replaced !== value) parent[key] = replaced;
  }
  return data;
}
