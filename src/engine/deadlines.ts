// Many waits of the same length on one timer: they end in the order in which they began, so only the first is timed.

/** Calls back for each item when `duration` has passed since it was added. */
export class Deadlines<T> {
  readonly #duration: number;
  readonly #onDue: (item: T, deadline: number) => void;
  /** In the order of their deadlines. */
  readonly #items = new Map<T, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(duration: number, onDue: (item: T, deadline: number) => void) {
    this.#duration = duration;
    this.#onDue = onDue;
  }

  /** @param from the moment the wait began; never earlier than that of an item added before */
  add(item: T, from: number = performance.now()): void {
    this.#items.delete(item);
    this.#items.set(item, from + this.#duration);
    this.#timer ??= this.#wait(this.#duration);
  }

  delete(item: T): void {
    this.#items.delete(item);
    if (this.#items.size > 0 || this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Whether the item's deadline has passed, though the timer may not have said so yet. */
  isOverdue(item: T): boolean {
    const deadline = this.#items.get(item);
    return deadline !== undefined && deadline <= performance.now();
  }

  #wait(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#expire(), Math.max(0, ms));
  }

  #expire(): void {
    this.#timer = undefined;
    for (const [item, deadline] of this.#items) {
      const left = deadline - performance.now();
      if (left > 0) {
        this.#timer = this.#wait(Math.ceil(left));
        return;
      }
      this.#items.delete(item);
      this.#onDue(item, deadline);
    }
  }
}
