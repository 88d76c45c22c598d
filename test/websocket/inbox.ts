// Waits for events, with a limit: messages in the order they came, close events, anything that should happen soon.
import type { WebSocket as WsClient } from 'ws';

const patience = 5000;

/** The same promise, but it fails instead of never settling. */
export async function within<T>(promise: Promise<T>, what: string, ms = patience): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no ${what} within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

export interface Message {
  data: Buffer;
  isBinary: boolean;
}

/** Everything an emitter of `message` and `close` has received. */
export class Inbox {
  readonly messages: Message[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  #arrived = () => {};

  constructor(client: Pick<WsClient, 'on' | 'once'>) {
    client.on('message', (data: Buffer, isBinary: boolean) => {
      this.messages.push({ data, isBinary });
      this.#arrived();
    });
    this.closed = new Promise((resolve) => {
      client.once('close', (code: number, reason: Buffer) => resolve({ code, reason: reason.toString() }));
    });
  }

  /** The next message, in the order of arrival. */
  async next(): Promise<Message> {
    const [first] = await this.take(1);
    return first!;
  }

  /** The next message as text, whatever it was sent as. */
  async text(): Promise<string> {
    return (await this.next()).data.toString();
  }

  async take(count: number): Promise<Message[]> {
    while (this.messages.length < count) {
      const arrival = new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
      await within(arrival, `message ${this.messages.length + 1} of ${count}`);
    }
    return this.messages.splice(0, count);
  }

  async texts(count: number): Promise<string[]> {
    return (await this.take(count)).map(({ data }) => data.toString());
  }

  end(): Promise<{ code: number; reason: string }> {
    return within(this.closed, 'close event');
  }
}

/** The arguments of the next event of that name. */
export async function event(emitter: object, name: string): Promise<unknown[]> {
  // Not `events.once`: that fails on an `error` event, which here is something to look at like any other.
  const next = new Promise<unknown[]>((resolve) => {
    (emitter as NodeJS.EventEmitter).once(name, (...args) => resolve(args));
  });
  return within(next, `"${name}" event`);
}

/** The close code and reason that a connection ends with. */
export async function closing(emitter: object): Promise<{ code: number; reason: string }> {
  const [code, reason] = (await event(emitter, 'close')) as [number, Buffer];
  return { code, reason: reason.toString() };
}

/** The argument of a callback: `(error?) => void`. */
export function called(
  start: (callback: (error?: Error | null) => void) => void,
): Promise<Error | undefined> {
  const call = new Promise<Error | undefined>((resolve) => start((error) => resolve(error ?? undefined)));
  return within(call, 'callback');
}
