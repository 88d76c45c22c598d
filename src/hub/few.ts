// A map that mostly has one entry: that one costs nothing but its two fields.

export class Few<Key, Value> {
  #key: Key | undefined;
  #value: Value | undefined;
  #more: Map<Key, Value> | undefined;

  get size(): number {
    return (this.#key === undefined ? 0 : 1) + (this.#more?.size ?? 0);
  }

  has(key: Key): boolean {
    return this.#key === key || this.#more?.has(key) === true;
  }

  get(key: Key): Value | undefined {
    return this.#key === key ? this.#value : this.#more?.get(key);
  }

  set(key: Key, value: Value): void {
    if (this.#key === key || (this.#key === undefined && this.#more?.has(key) !== true)) {
      this.#key = key;
      this.#value = value;
    } else {
      this.#more ??= new Map();
      this.#more.set(key, value);
    }
  }

  delete(key: Key): void {
    if (this.#key !== key) {
      this.#more?.delete(key);
      return;
    }
    this.#key = undefined;
    this.#value = undefined;
  }

  clear(): void {
    this.#key = undefined;
    this.#value = undefined;
    this.#more = undefined;
  }

  /** A copy. */
  values(): Value[] {
    const first = this.#key === undefined ? [] : [this.#value as Value];
    return this.#more === undefined ? first : [...first, ...this.#more.values()];
  }
}
