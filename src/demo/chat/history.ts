// The last messages of one room: messages come in, in any order; those that are wanted go out, in the order of their ids.
import type { Message } from './events.ts';
import { limits } from './limits.ts';

/** How much later than a newer one a message of another server may come in. */
const toleranceMs = 5000;

export class History {
  #messages: Message[] = [];
  #text = 0;

  add(message: Message): void {
    if (this.get(message.id) !== undefined) return;
    const before = this.#messages.findLastIndex(({ id }) => id < message.id);
    this.#messages.splice(before + 1, 0, message);
    this.#text += message.text.length;
    this.#trim();
  }

  get(id: string): Message | undefined {
    return this.#messages.find((message) => message.id === id);
  }

  /** What this person has sent with this nonce. */
  sent(person: string, nonce: string): Message | undefined {
    return this.#messages.find(({ from, nonce: its }) => its === nonce && from.id === person);
  }

  /** Puts a changed message in the place of what it was. */
  replace(message: Message): void {
    const at = this.#messages.findIndex(({ id }) => id === message.id);
    if (at === -1) return;
    this.#text += message.text.length - this.#messages[at]!.text.length;
    this.#messages[at] = message;
    this.#trim();
  }

  /** All that is remembered, or what may have come after the message with this id. */
  since(id?: string): { messages: readonly Message[]; complete: boolean } {
    if (id === undefined) return { messages: [...this.#messages], complete: true };
    const from = timeOf(id) - toleranceMs;
    const oldest = this.#messages[0];
    return {
      messages: this.#messages.filter(({ at }) => at >= from),
      complete: oldest !== undefined && oldest.id <= id,
    };
  }

  #trim(): void {
    while (this.#messages.length > limits.history || this.#text > limits.historyText) {
      this.#text -= this.#messages.shift()!.text.length;
    }
  }
}

const node = Math.floor(Math.random() * 36 ** 4);
let last = 0;
let count = 0;

/** The time, then a counter, then a mark of this server: ids of all servers sort by time, and are never the same. */
export function newMessageId(now = Date.now()): string {
  count = now > last ? 0 : count + 1;
  last = Math.max(now, last);
  return digits(last, 9) + digits(count, 4) + digits(node, 4);
}

function timeOf(id: string): number {
  return Number.parseInt(id.slice(0, 9), 36) || 0;
}

function digits(value: number, length: number): string {
  return value.toString(36).padStart(length, '0');
}
