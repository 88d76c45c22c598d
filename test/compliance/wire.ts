// Requests and WebSockets as a client makes them by hand, without knowing anything of the server but its address.
import type { TestContext } from 'node:test';
import { WebSocket } from 'ws';
import { Inbox, within } from '../websocket/inbox.ts';

export interface Answer {
  status: number;
  headers: Headers;
  body: string;
}

/** One request with a query; `options` are those of `fetch`. */
export async function request(address: string, query: string, options: RequestInit = {}): Promise<Answer> {
  const response = await within(fetch(`http://${address}?${query}`, options), 'response');
  return { status: response.status, headers: response.headers, body: await response.text() };
}

export const polling = 'EIO=4&transport=polling';

/** A session that begins with long-polling. */
export class Polling {
  readonly address: string;
  readonly sid: string;
  readonly #query: string;

  private constructor(address: string, sid: string) {
    this.address = address;
    this.sid = sid;
    this.#query = `${polling}&sid=${sid}`;
  }

  static async open(address: string): Promise<Polling> {
    const { body } = await request(address, polling);
    return new Polling(address, JSON.parse(body.slice(1)).sid);
  }

  get(): Promise<Answer> {
    return request(this.address, this.#query);
  }

  post(body: string): Promise<Answer> {
    return request(this.address, this.#query, { method: 'POST', body });
  }
}

export interface Dialed {
  client: WebSocket;
  inbox: Inbox;
}

/** A WebSocket that begins its handshake; it ends with the test. */
export function dial(t: TestContext, address: string, query: string): Dialed {
  const client = new WebSocket(`ws://${address}?${query}`);
  const inbox = new Inbox(client);
  // A refusal is an error for `ws`; here it shows as the end.
  client.on('error', () => {});
  t.after(() => client.terminate());
  return { client, inbox };
}

/** A session that begins as a WebSocket. */
export async function openWebSocket(t: TestContext, address: string): Promise<Dialed & { sid: string }> {
  const dialed = dial(t, address, 'EIO=4&transport=websocket');
  const open = await dialed.inbox.text();
  return { ...dialed, sid: JSON.parse(open.slice(1)).sid };
}

/** A WebSocket for a session that there is. */
export function dialFor(t: TestContext, { address, sid }: { address: string; sid: string }): Dialed {
  return dial(t, address, `EIO=4&transport=websocket&sid=${sid}`);
}

/** Sends when the handshake is done. */
export function whenOpen({ client }: Dialed, ...messages: (string | Buffer)[]): void {
  const send = () => {
    for (const message of messages) client.send(message);
  };
  if (client.readyState === WebSocket.OPEN) send();
  else client.once('open', send);
}
