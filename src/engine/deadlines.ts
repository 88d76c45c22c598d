// Many waits of the same length on one timer: they end in the order in which they began, so only the first is timed.

/** Timers can't be set for longer. */
const longestTimer = 2 ** 31 - 1;

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
    if (this.#timer === undefined) this.#wait();
  }

  delete(item: T): void {
    this.#items.delete(item);
    if (this.#items.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Whether the item's deadline has passed, though the timer may not have said so yet. */
  isOverdue(item: T): boolean {
    const deadline = this.#items.get(item);
    return deadline !== undefined && deadline <= performance.now();
  }

  /** Times the first item. */
  #wait(): void {
    const first = this.#items.values().next();
    if (first.done) return;
    const left = Math.ceil(first.value - performance.now());
    this.#timer = setTimeout(() => this.#expire(), Math.min(Math.max(left, 0), longestTimer));
  }

  #expire(): void {
    try {
      for (const [item, deadline] of this.#items) {
        if (deadline > performance.now()) break;
        this.#items.delete(item);
        this.#onDue(item, deadline);
      }
    } finally {
      // Whatever a callback has thrown, the rest is still waiting.
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#wait();
    }
  }
}
