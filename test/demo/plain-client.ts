// A client of the chat that is not ours: a port comes in, a connected `ws` with a queue of what it hears goes out.
import { once } from 'node:events';
import WebSocket, { type ClientOptions } from 'ws';

export class PlainClient {
  readonly socket: WebSocket;
  /** Resolves with the code and reason of the closing handshake. */
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #heard: string[] = [];
  #waiting: (() => void) | undefined;

  private constructor(port: number, options: ClientOptions) {
    this.socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, options);
    this.socket.on('error', () => {});
    this.socket.on('message', (data, isBinary) => {
      this.#heard.push(isBinary ? `binary ${data}` : String(data));
      this.#waiting?.();
    });
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  /** Is in the lobby, and has heard who else is. */
  static async join(port: number, options: ClientOptions = {}): Promise<PlainClient> {
    const client = new PlainClient(port, options);
    await once(client.socket, 'open');
    await client.hear(/^\* You are in #lobby with /);
    return client;
  }

  say(text: string): void {
    this.socket.send(text);
  }

  /** The next line that is so; what came before it is passed over. */
  async hear(wanted: string | RegExp): Promise<string> {
    for (;;) {
      const at = this.#heard.findIndex((line) =>
        typeof wanted === 'string' ? line === wanted : wanted.test(line),
      );
      if (at !== -1) return this.#heard.splice(0, at + 1)[at]!;
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
  }
}
