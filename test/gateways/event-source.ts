// A client of an event stream as the HTML standard has it (§9.2.6), for one test: what it dispatches, in order.
import type { TestContext } from 'node:test';
import { within } from '../websocket/inbox.ts';

export interface Dispatched {
  readonly type: string;
  readonly data: string;
  readonly id: string;
}

export class EventStream {
  readonly response: Response;
  readonly seen: Dispatched[] = [];
  /** The id that it would come back with. */
  lastId = '';
  retry: number | undefined;
  /** Lines that begin with a colon. */
  comments = 0;
  readonly ended: Promise<void>;
  readonly #abort: AbortController;
  #arrived = () => {};

  constructor(response: Response, abort: AbortController) {
    this.response = response;
    this.#abort = abort;
    this.ended = this.#read().catch(() => {});
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of this.response.body!) {
      rest += decoder.decode(chunk as Uint8Array, { stream: true });
      const blocks = rest.split('\n\n');
      rest = blocks.pop()!;
      for (const block of blocks) this.#block(block.split('\n'));
      this.#arrived();
    }
  }

  #block(lines: string[]): void {
    let type = 'message';
    const data: string[] = [];
    for (const line of lines) {
      const [, field, value = ''] = /^([^:]*):? ?(.*)$/s.exec(line)!;
      if (field === '') this.comments++;
      else if (field === 'event') type = value;
      else if (field === 'data') data.push(value);
      else if (field === 'id') this.lastId = value;
      else if (field === 'retry') this.retry = Number(value);
    }
    if (data.length > 0) this.seen.push({ type, data: data.join('\n'), id: this.lastId });
  }

  /** Waits until something is so, asking after every chunk. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      const arrival = new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
      await within(arrival, 'chunk of the stream');
    }
  }

  async next(): Promise<Dispatched> {
    await this.until(() => this.seen.length > 0);
    return this.seen.shift()!;
  }

  /** The data of the next messages; notices of the gateway must not be among them. */
  async texts(count: number): Promise<string[]> {
    const texts: string[] = [];
    while (texts.length < count) {
      const { type, data } = await this.next();
      if (type !== 'message') throw new Error(`got ${type}: ${data}`);
      texts.push(data);
    }
    return texts;
  }

  /** What the next event, `connect`, says. */
  async connected(): Promise<{ sid: string; session: string; recovered: boolean }> {
    const { type, data } = await this.next();
    if (type !== 'connect') throw new Error(`got ${type}: ${data}`);
    return JSON.parse(data);
  }

  /** Ends it without a word. */
  cut(): void {
    this.#abort.abort();
  }
}

export async function openStream(
  t: TestContext,
  url: string,
  headers: Record<string, string> = {},
): Promise<EventStream> {
  const abort = new AbortController();
  t.after(() => abort.abort());
  const response = await within(fetch(url, { headers, signal: abort.signal }), 'response');
  return new EventStream(response, abort);
}

export function post(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  type = 'text/plain',
): Promise<Response> {
  return within(fetch(url, { method: 'POST', body, headers: { 'Content-Type': type } }), 'response');
}
